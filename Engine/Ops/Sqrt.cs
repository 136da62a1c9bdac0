using NativeNN.Backends;

namespace NativeNN;

//  y = √x        dy/dx = 1/(2y)
internal sealed class SqrtOp(Tensor x) : ElementwiseOp(Activation.Sqrt, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Sqrt", [(5, 7)], t => t[0].Sqrt()) { Low = 0.5f, High = 3 },
        new("Sqrt, 33×17", [(33, 17)], t => t[0].Sqrt()) { Low = 0.5f, High = 3 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>√x; NaN below 0, elementwise.</summary>
    public Tensor Sqrt() => Op.Apply(new SqrtOp(this));
}
