using NativeNN.Backends;

namespace NativeNN;

//  y = σ(x) = 1/(1 + e⁻ˣ)        dy/dx = y·(1 − y): at most 1/4, at x = 0, and almost nothing far from it
internal sealed class SigmoidOp(Tensor x) : ElementwiseOp(Activation.Sigmoid, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Sigmoid", [(5, 7)], t => t[0].Sigmoid()),
        new("Sigmoid, 33×17", [(33, 17)], t => t[0].Sigmoid()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>1/(1 + e⁻ˣ), elementwise.</summary>
    public Tensor Sigmoid() => Op.Apply(new SigmoidOp(this));
}
