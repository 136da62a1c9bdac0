using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends;

/// <summary>
/// Elementary functions of one float: the steps of Simd/VectorMath, whose comments say why, with the same bits where the CPU has FMA.
/// Everything in this folder is made of float arithmetic, comparisons, |x|, √x, a float's bits and MultiplyAdd, without exceptions, arrays
/// or doubles, so that a compiler for GPUs can take it as it is.
/// </summary>
internal static class ScalarMath
{
    private const float Log2E = 1.44269504f, Ln2High = 0.693145752f, Ln2Low = 1.42860677e-6f;

    // Below the first one floats are denormal: fewer bits, and their exponent is not where Log looks for it.
    internal const float SmallestNormal = 1.1754944e-38f, TwoTo64 = 18446744073709551616f, LogOfTwoTo64 = 44.3614196f;

    /// <summary>a·b + c, rounded once. The one place to replace where a device has an instruction for it.</summary>
    [MethodImpl(AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>eˣ = 2ⁿ·(1 + q). ∞ above 88.72, 0 below −103.97. Within 1 ulp.</summary>
    public static float Exp(float x)
    {
        float q = Reduced(x, out int n);
        return ScaleByPowerOfTwo(1 + q, n);
    }

    /// <summary>eˣ − 1 = 2ⁿ·q + (2ⁿ − 1): no digits are lost next to 0.</summary>
    public static float ExpMinusOne(float x)
    {
        float q = Reduced(x, out int n);
        float power = ScaleByPowerOfTwo(1, n);
        return MultiplyAdd(power, q, power - 1);
    }

    /// <summary>ln x = e·ln 2 + ln f for x = 2ᵉ·f, f in [¾, 3/2), rounded once. For normal x &gt; 0; NaN stays NaN.</summary>
    public static float Log(float x)
    {
        int e = (BitConverter.SingleToInt32Bits(x * (1 / 0.75f)) >> 23) - 127;
        float f = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x) - (e << 23)) + (x - x);
        float high = e * 0.693147182f, low = MultiplyAdd(-1.90465432e-9f, e, MultiplyAdd(0.693147182f, e, -high));

        float n = AddExactly(-1, f, out float nLow), d = AddExactly(1, f, out float dLow);
        float inverse = 1 / d, q = n * inverse;
        float error = MultiplyAdd(-dLow, inverse, MultiplyAdd(-d, inverse, 1));
        float qLow = MultiplyAdd(q, error, MultiplyAdd(nLow, inverse, MultiplyAdd(inverse, n, -q)));

        float square = q * q;
        float p = MultiplyAdd(MultiplyAdd(0.302729487f, square, 0.399610817f), square, 0.666669488f);

        float twoQ = q + q, sum = high + twoQ;
        low = high - sum + twoQ + low + (qLow + qLow);
        float cubic = square * q * p, total = sum + cubic;
        return total + (sum - total + cubic + low);
    }

    /// <summary>ln x of any x: −∞ for 0, NaN below, ∞ for ∞. A denormal number is scaled by 2⁶⁴ into the normal ones first.</summary>
    public static float LogOfAny(float x)
    {
        if (!(x > 0))
            return x == 0 ? float.NegativeInfinity : float.NaN;
        if (x > float.MaxValue)
            return x;
        return x < SmallestNormal ? Log(x * TwoTo64) - LogOfTwoTo64 : Log(x);
    }

    /// <summary>ln(1 + t) for t in [0, 1]: the rounding error of 1 + t is given back, so tiny t stay exact.</summary>
    public static float LogOnePlus(float t)
    {
        float u = 1 + t;
        return Log(u) + ((t - (u - 1)) / u);
    }

    /// <summary>tanh x = x + x·x²·P(x²) for |x| &lt; 1; the sign of a zero stays.</summary>
    public static float TanhBelowOne(float x)
    {
        float square = x * x;
        float p = -0.000358452293f;
        p = MultiplyAdd(p, square, 0.0023013656f);
        p = MultiplyAdd(p, square, -0.00794610754f);
        p = MultiplyAdd(p, square, 0.0214866586f);
        p = MultiplyAdd(p, square, -0.0538798012f);
        p = MultiplyAdd(p, square, 0.133323446f);
        p = MultiplyAdd(p, square, -0.333332956f);
        return MultiplyAdd(x, MultiplyAdd(p, square, 0), x); // + 0: x·(−0) would turn a −0 into 0
    }

    /// <summary>erfc(z) for z ≥ 0: e^(−z²) times a polynomial in 1/(1 + 0.35z). Relative error about 1e-7·(1 + z²).</summary>
    public static float Erfc(float z)
    {
        float t = 1 / MultiplyAdd(0.35f, z, 1);
        float p = 0.0418440546f;
        p = MultiplyAdd(p, t, -0.177899182f);
        p = MultiplyAdd(p, t, 0.226767299f);
        p = MultiplyAdd(p, t, -0.0891338565f);
        p = MultiplyAdd(p, t, 0.139018832f);
        p = MultiplyAdd(p, t, 0.117602547f);
        p = MultiplyAdd(p, t, 0.161214067f);
        p = MultiplyAdd(p, t, 0.185708522f);
        p = MultiplyAdd(p, t, 0.197408141f);
        p = MultiplyAdd(p, t, 0.197469587f);
        return p * t * Exp(-(z * z));
    }

    // q = e^r − 1 = r + r²·P(r) for r = x − n·ln 2 in ±½ ln 2.
    private static float Reduced(float x, out int n)
    {
        x = x > 89 ? 89 : x < -104 ? -104 : x;
        n = Round(x * Log2E);
        float r = MultiplyAdd(n, -Ln2Low, MultiplyAdd(n, -Ln2High, x));
        float p = 0.000198527618f;
        p = MultiplyAdd(p, r, 0.00139304355f);
        p = MultiplyAdd(p, r, 0.00833336078f);
        p = MultiplyAdd(p, r, 0.0416664854f);
        p = MultiplyAdd(p, r, 0.166666672f);
        p = MultiplyAdd(p, r, 0.5f);
        return MultiplyAdd(r * r, p, r);
    }

    // To the nearest integer, ties to even; 0 for a NaN, which goes on in r.
    private static int Round(float x)
    {
        if (float.IsNaN(x))
            return 0;
        int whole = (int)x;
        float rest = MathF.Abs(x - whole);
        bool away = rest > 0.5f || (rest == 0.5f && (whole & 1) != 0);
        return !away ? whole : x < 0 ? whole - 1 : whole + 1;
    }

    // a·2ⁿ for n in [−150, 150], in two factors: one alone could leave the range of the exponent.
    private static float ScaleByPowerOfTwo(float a, int n)
    {
        int half = n >> 1;
        return a * BitConverter.Int32BitsToSingle((half + 127) << 23) * BitConverter.Int32BitsToSingle((n - half + 127) << 23);
    }

    // a + b = sum + low, exactly (Knuth).
    private static float AddExactly(float a, float b, out float low)
    {
        float sum = a + b, part = sum - a;
        low = a - (sum - part) + (b - part);
        return sum;
    }
}
