using NativeNN.Backends;

namespace NativeNN;

//  y = max(x, c)        dy/dx = 1 for x ≥ c, else 0
internal sealed class ClampMinOp(Tensor x, float low) : ElementwiseOp(Activation.ClampMin, x, low)
{
    internal static readonly OpCase[] Cases =
    [
        new("ClampMin", [(5, 7)], t => t[0].ClampMin(0.2f)) { Kink = 0.2f },
        new("ClampMin, 33×17", [(33, 17)], t => t[0].ClampMin(-0.5f)) { Kink = -0.5f },
    ];
}

public sealed partial class Tensor
{
    /// <summary>x, but low where x is less, elementwise. NaN stays NaN.</summary>
    public Tensor ClampMin(float low) => Op.Apply(new ClampMinOp(this, low));
}
