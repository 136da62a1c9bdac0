using NativeNN.Backends;

namespace NativeNN;

//  y = min(x, c)        dy/dx = 1 for x ≤ c, else 0
internal sealed class ClampMaxOp(Tensor x, float high) : ElementwiseOp(Activation.ClampMax, x, high)
{
    internal static readonly OpCase[] Cases =
    [
        new("ClampMax", [(5, 7)], t => t[0].ClampMax(0.2f)) { Kink = 0.2f },
        new("ClampMax, 33×17", [(33, 17)], t => t[0].ClampMax(-0.5f)) { Kink = -0.5f },
    ];
}

public sealed partial class Tensor
{
    /// <summary>x, but high where x is more, elementwise. NaN stays NaN.</summary>
    public Tensor ClampMax(float high) => Op.Apply(new ClampMaxOp(this, high));
}
