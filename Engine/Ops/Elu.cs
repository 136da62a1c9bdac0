using NativeNN.Backends;

namespace NativeNN;

//  y = x for x > 0, else α(eˣ − 1)        dy/dx = 1 for x > 0, else αeˣ. Clevert et al. 2016.
//  αeˣ is y + α, but where y is near −α that sum has lost eˣ's digits.
internal sealed class EluOp(Tensor x, float alpha) : ElementwiseOp(Activation.Elu, x, alpha)
{
    internal static readonly OpCase[] Cases =
    [
        new("Elu", [(5, 7)], t => t[0].Elu()) { Kink = 0 },
        new("Elu 0.3", [(33, 17)], t => t[0].Elu(0.3f)) { Kink = 0 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>x for x &gt; 0, else α(eˣ − 1), elementwise.</summary>
    public Tensor Elu(float alpha = 1) => Op.Apply(new EluOp(this, alpha));
}
