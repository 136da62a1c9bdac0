using NativeNN.Backends;

namespace NativeNN;

//  y = max(x, 0)        dX = 0 where y ≤ 0, else dY; so dy/dx = 0 at 0, and 1 where y is NaN, as in PyTorch. Nair & Hinton 2010.
internal sealed class ReluOp(Tensor x) : ElementwiseOp(Activation.Relu, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Relu", [(5, 7)], t => t[0].Relu()) { Kink = 0 },
        new("Relu, 33×17", [(33, 17)], t => t[0].Relu()) { Kink = 0 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>max(x, 0), elementwise.</summary>
    public Tensor Relu() => Op.Apply(new ReluOp(this));
}
