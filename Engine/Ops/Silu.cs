namespace NativeNN;

public sealed partial class Tensor
{
    //  y = x·σ(x), also called swish        dy/dx = σ(x) + x·σ(x)·(1 − σ(x)): what Mul and Sigmoid give. Elfwing et al. 2018.

    internal static OpCase[] SiluCases =>
    [
        new("Silu", [(5, 7)], t => t[0].Silu()),
        new("Silu, 33×17", [(33, 17)], t => t[0].Silu()) { Low = -4, High = 4 },
    ];

    /// <summary>x/(1 + e⁻ˣ), elementwise.</summary>
    public Tensor Silu() => this * Sigmoid();
}
