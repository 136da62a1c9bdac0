using NativeNN.Backends;

namespace NativeNN;

//  y = |x|        dy/dx = sign x, 0 at 0 and, as in PyTorch, at NaN
internal sealed class AbsOp(Tensor x) : ElementwiseOp(Activation.Abs, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Abs", [(5, 7)], t => t[0].Abs()) { Kink = 0 },
        new("Abs, 33×17", [(33, 17)], t => t[0].Abs()) { Kink = 0 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>|x|, elementwise.</summary>
    public Tensor Abs() => Op.Apply(new AbsOp(this));
}
