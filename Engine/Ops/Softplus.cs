using NativeNN.Backends;

namespace NativeNN;

//  y = log(1 + eˣ), x itself above 20        dy/dx = σ(x)
internal sealed class SoftplusOp(Tensor x) : ElementwiseOp(Activation.Softplus, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Softplus", [(5, 7)], t => t[0].Softplus()),
        new("Softplus, 33×17", [(33, 17)], t => t[0].Softplus()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>log(1 + eˣ); x itself above 20, where float32 shows no difference, elementwise.</summary>
    public Tensor Softplus() => Op.Apply(new SoftplusOp(this));
}
