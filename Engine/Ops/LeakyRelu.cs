using NativeNN.Backends;

namespace NativeNN;

//  y = x for x > 0, else αx        dy/dx = 1 for x > 0, else α. Maas et al. 2013.
internal sealed class LeakyReluOp(Tensor x, float alpha) : ElementwiseOp(Activation.LeakyRelu, x, alpha)
{
    internal static readonly OpCase[] Cases =
    [
        new("LeakyRelu", [(5, 7)], t => t[0].LeakyRelu()) { Kink = 0 },
        new("LeakyRelu 0.3", [(33, 17)], t => t[0].LeakyRelu(0.3f)) { Kink = 0 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>x for x &gt; 0, else negativeSlope·x, elementwise.</summary>
    public Tensor LeakyRelu(float negativeSlope = 0.01f) => Op.Apply(new LeakyReluOp(this, negativeSlope));
}
