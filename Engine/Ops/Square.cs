using NativeNN.Backends;

namespace NativeNN;

//  y = x²        dy/dx = 2x
internal sealed class SquareOp(Tensor x) : ElementwiseOp(Activation.Square, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Square", [(5, 7)], t => t[0].Square()),
        new("Square, 33×17", [(33, 17)], t => t[0].Square()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>x², elementwise.</summary>
    public Tensor Square() => Op.Apply(new SquareOp(this));
}
