namespace NativeNN.Random;

/// <summary>
/// Box–Muller on blocks of sixteen float32 uniforms, with the logarithm, sine and cosine of the Cephes library
/// in exactly the roundings of PyTorch's AVX2 build: every fused multiply-add below is one rounding there too.
/// </summary>
internal static partial class NormalBlocks
{
    internal const int Size = 16;
    private const int Half = Size / 2;

    /// <summary>Turns uniforms in [0, 1) into normals, in place; the length is a multiple of sixteen.</summary>
    public static void Transform(Span<float> values, float mean, float std)
    {
        if (FusesInHardware)
            TransformVector(values, mean, std);
        else
            TransformScalar(values, mean, std);
    }

    //  d[j], d[j+8]  (j = 0…7):   r = √(-2 ln(1 - d[j]))    θ = 2π d[j+8]
    //  d[j] = r cos θ · std + mean    d[j+8] = r sin θ · std + mean
    internal static void TransformScalar(Span<float> values, float mean, float std)
    {
        for (; values.Length >= Size; values = values[Size..])
        {
            for (int j = 0; j < Half; j++)
            {
                float r = MathF.Sqrt(-2f * Log(1f - values[j]));
                var (sin, cos) = SinCos(MathF.Tau * values[j + Half]);
                values[j] = MathF.FusedMultiplyAdd(r * cos, std, mean);
                values[j + Half] = MathF.FusedMultiplyAdd(r * sin, std, mean);
            }
        }
    }

    //  ln x = e ln 2 + ln m   with x = m·2ᵉ, m in [√½, √2) and a polynomial of degree 8 in m - 1. Here x is in [2⁻²⁴, 1].
    private static readonly float[] LogCoefficients =
    [
        7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
        -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f,
    ];
    private const float SqrtHalf = 0.70710678f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    private static float Log(float x)
    {
        int bits = BitConverter.SingleToInt32Bits(x);
        float e = (bits >> 23) - 126;
        x = BitConverter.Int32BitsToSingle((bits & 0x007fffff) | 0x3f000000); // mantissa in [½, 1)
        if (x < SqrtHalf)
        {
            e -= 1f;
            x = x - 1f + x;
        }
        else
        {
            x -= 1f;
        }
        float z = x * x;
        float y = LogCoefficients[0];
        foreach (float c in LogCoefficients.AsSpan(1))
            y = MathF.FusedMultiplyAdd(y, x, c);
        y *= x;
        y = MathF.FusedMultiplyAdd(y, z, e * Ln2Low);
        y = MathF.FusedMultiplyAdd(-z, 0.5f, y);
        return MathF.FusedMultiplyAdd(e, Ln2High, x + y);
    }

    //  x = j·π/4 + t with j even (π/4 subtracted in three parts), then cos t = P(t²) and sin t = t + t³·Q(t²);
    //  the octant j swaps the two and sets their signs. x ≥ 0.
    private const float FourOverPi = 1.27323954473516f;
    private const float PiPart1 = -0.78515625f;
    private const float PiPart2 = -2.4187564849853515625e-4f;
    private const float PiPart3 = -3.77489497744594108e-8f;
    private const float Cos0 = 2.443315711809948e-5f, Cos1 = -1.388731625493765e-3f, Cos2 = 4.166664568298827e-2f;
    private const float Sin0 = -1.9515295891e-4f, Sin1 = 8.3321608736e-3f, Sin2 = -1.6666654611e-1f;

    private static (float Sin, float Cos) SinCos(float x)
    {
        int j = ((int)(x * FourOverPi) + 1) & ~1;
        float y = j;
        x = MathF.FusedMultiplyAdd(y, PiPart1, x);
        x = MathF.FusedMultiplyAdd(y, PiPart2, x);
        x = MathF.FusedMultiplyAdd(y, PiPart3, x);
        float z = x * x;
        float p = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(Cos0, z, Cos1), z, Cos2) * z;
        p = MathF.FusedMultiplyAdd(p, z, -(z * 0.5f)) + 1f;
        float q = MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(Sin0, z, Sin1), z, Sin2) * z;
        q = MathF.FusedMultiplyAdd(q, x, x);
        bool straight = (j & 2) == 0;
        float sin = straight ? q : p;
        float cos = straight ? p : q;
        return ((j & 4) != 0 ? -sin : sin, (~(j - 2) & 4) != 0 ? -cos : cos);
    }
}
