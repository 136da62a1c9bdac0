using NativeNN.Backends;

namespace NativeNN;

//  y = ln x        dy/dx = 1/x
internal sealed class LogOp(Tensor x) : ElementwiseOp(Activation.Log, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Log", [(5, 7)], t => t[0].Log()) { Low = 0.5f, High = 3 },
        new("Log, 33×17", [(33, 17)], t => t[0].Log()) { Low = 0.5f, High = 3 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>ln x, elementwise; −∞ at 0 and NaN below.</summary>
    public Tensor Log() => Op.Apply(new LogOp(this));
}
