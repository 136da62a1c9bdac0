namespace NativeNN;

public sealed partial class Tensor
{
    //  y = min(max(x, low), high)        dx = dy for low ≤ x ≤ high, else 0: one bound after the other

    internal static OpCase[] ClampCases =>
    [
        new("Clamp", [(5, 7)], t => t[0].Clamp(-3, 0.5f)) { Kink = 0.5f },
        new("Clamp from below", [(4, 19)], t => t[0].Clamp(-0.25f, 3)) { Kink = -0.25f },
    ];

    /// <summary>x within [low, high], elementwise. If low is above high, high everywhere, as in PyTorch. NaN stays NaN.</summary>
    public Tensor Clamp(float low, float high) => ClampMin(low).ClampMax(high);
}
