using NativeNN.Backends;

namespace NativeNN;

//  y = xᵖ = e^(p·ln x) for x ≥ 0        dy/dx = p·xᵖ⁻¹
//  A whole p needs no logarithm, and takes any x: products of squares, x¹³ = x⁸·x⁴·x. Then √x for p = ½.
internal sealed class PowOp(Tensor x, float exponent) : ElementwiseOp(Activation.Pow, x, exponent)
{
    internal static readonly OpCase[] Cases =
    [
        new("Pow", [(5, 7)], t => t[0].Pow(1.7f)) { Low = 0.5f, High = 2 },
        new("Pow, negative", [(33, 17)], t => t[0].Pow(-0.4f)) { Low = 0.5f, High = 2 },
        new("Pow, half", [(3, 5)], t => t[0].Pow(0.5f)) { Low = 0.5f, High = 2 },
        new("Pow, whole", [(5, 7)], t => t[0].Pow(3)),
        new("Pow, whole and negative", [(4, 19)], t => t[0].Pow(-3)) { Low = -2, High = -1 },
        new("Pow, 0", [(3, 5)], t => t[0].Pow(0)),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// xᵖ, elementwise; as in PyTorch x⁰ is 1 for every x, and a p that is not whole gives NaN for x &lt; 0. The relative error is about
    /// |p·ln x|·6e-8.
    /// </summary>
    public Tensor Pow(float exponent) => exponent switch
    {
        0 => Where(Scalar(0, Backend), this, Ones(Shape, Backend)),
        0.5f => Sqrt(),
        < 0 when float.IsInteger(exponent) => 1 / Pow(-exponent),
        _ when float.IsInteger(exponent) => PowOfWhole(exponent),
        _ => Op.Apply(new PowOp(this, exponent)),
    };

    // The binary digits of n ≥ 1, lowest first: each is a square of the one before.
    private Tensor PowOfWhole(float n)
    {
        Tensor? product = null;
        for (var power = this; ; power = power.Square())
        {
            if (n % 2 == 1)
                product = product is null ? power : product * power;
            n = MathF.Floor(n / 2);
            if (n == 0)
                return product!;
        }
    }
}
