using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// Elementary functions, a whole register at a time. Each reduces its argument to a short interval and takes a minimax polynomial there.
/// exp and log go the way of SLEEF 3.5 (expf and logf with an error below 1 ulp; Boost licence), whose functions PyTorch calls: same
/// constants, same order, same bits where the CPU has FMA. NaN in, NaN out.
/// </summary>
internal static class VectorMath<T>
    where T : struct, ILanes<T>
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: n·High is exact for the n that occur, so x − n·ln 2 keeps its low bits.
    private const float Ln2High = 0.693145752f, Ln2Low = 1.42860677e-6f;

    /// <summary>eˣ = 2ⁿ·(1 + q) with n = round(x·log₂e) and q = e^(x − n·ln2) − 1. ∞ above 88.72, 0 below −103.97. Within 1 ulp.</summary>
    [MethodImpl(AggressiveInlining)]
    public static T Exp(T x)
    {
        T q = Reduced(x, out T n);
        return T.ScaleByPowerOfTwo(T.All(1) + q, n);
    }

    /// <summary>eˣ − 1 = 2ⁿ·q + (2ⁿ − 1): no digits are lost next to 0.</summary>
    [MethodImpl(AggressiveInlining)]
    public static T ExpMinusOne(T x)
    {
        T q = Reduced(x, out T n);
        T power = T.ScaleByPowerOfTwo(T.All(1), n);
        return T.MultiplyAdd(power, q, power - T.All(1));
    }

    /// <summary>
    /// ln x = e·ln 2 + ln f for x = 2ᵉ·f, f in [¾, 3/2), and ln f = 2·artanh(q) = 2q + q³·P(q²) for q = (f − 1)/(f + 1). e·ln 2 and q carry
    /// their rounding errors along (high + low), so that the sum is rounded once. For normal x &gt; 0; NaN stays NaN.
    /// </summary>
    [MethodImpl(AggressiveInlining)]
    public static T Log(T x)
    {
        T f = T.SplitExponent(x, out T e) + (x - x); // + 0, or NaN for a NaN: its bits would split into a number
        T high = e * T.All(0.693147182f);
        T low = T.MultiplyAdd(T.All(-1.90465432e-9f), e, T.MultiplyAdd(T.All(0.693147182f), e, -high));

        T n = AddExactly(T.All(-1), f, out T nLow), d = AddExactly(T.All(1), f, out T dLow);
        T inverse = T.All(1) / d, q = n * inverse;
        T error = T.MultiplyAdd(-dLow, inverse, T.MultiplyAdd(-d, inverse, T.All(1))); // of the inverse
        T qLow = T.MultiplyAdd(q, error, T.MultiplyAdd(nLow, inverse, T.MultiplyAdd(inverse, n, -q)));

        T square = q * q;
        T p = T.MultiplyAdd(T.All(0.302729487f), square, T.All(0.399610817f));
        p = T.MultiplyAdd(p, square, T.All(0.666669488f));

        T twoQ = q + q, sum = high + twoQ;
        low = high - sum + twoQ + low + (qLow + qLow);
        T cubic = square * q * p, total = sum + cubic;
        return total + (sum - total + cubic + low);
    }

    /// <summary>ln x of any x: −∞ for 0, NaN below, ∞ for ∞, as ScalarMath.LogOfAny.</summary>
    [MethodImpl(AggressiveInlining)]
    public static T LogOfAny(T x)
    {
        T smallest = T.All(ScalarMath.SmallestNormal);
        T log = Log(T.IfLess(x, smallest, x * T.All(ScalarMath.TwoTo64), x));
        log = T.IfLess(x, smallest, log - T.All(ScalarMath.LogOfTwoTo64), log);
        log = T.IfLess(x, T.All(float.PositiveInfinity), log, x); // ∞, and a NaN
        T below = T.IfLess(x, T.Zero, T.All(float.NaN), T.All(float.NegativeInfinity));
        return T.Select(T.IsNaN(x), x, T.IfLess(T.Zero, x, log, below));
    }

    // a + b = sum + low, exactly (Knuth).
    [MethodImpl(AggressiveInlining)]
    private static T AddExactly(T a, T b, out T low)
    {
        T sum = a + b, part = sum - a;
        low = (a - (sum - part)) + (b - part);
        return sum;
    }

    /// <summary>ln(1 + t) for t in [0, 1]: the rounding error of 1 + t is given back, so tiny t stay exact.</summary>
    [MethodImpl(AggressiveInlining)]
    public static T LogOnePlus(T t)
    {
        T u = T.All(1) + t;
        return Log(u) + ((t - (u - T.All(1))) / u);
    }

    /// <summary>tanh x = x + x·x²·P(x²) for |x| &lt; 1; the sign of a zero stays.</summary>
    [MethodImpl(AggressiveInlining)]
    public static T TanhBelowOne(T x)
    {
        T square = x * x;
        T p = T.All(-0.000358452293f);
        p = T.MultiplyAdd(p, square, T.All(0.0023013656f));
        p = T.MultiplyAdd(p, square, T.All(-0.00794610754f));
        p = T.MultiplyAdd(p, square, T.All(0.0214866586f));
        p = T.MultiplyAdd(p, square, T.All(-0.0538798012f));
        p = T.MultiplyAdd(p, square, T.All(0.133323446f));
        p = T.MultiplyAdd(p, square, T.All(-0.333332956f));
        return T.MultiplyAdd(x, T.MultiplyAdd(p, square, T.Zero), x); // + 0: x·(−0) would turn a −0 into 0
    }

    /// <summary>erfc(z) for z ≥ 0: e^(−z²) times a polynomial in 1/(1 + 0.35z). Relative error about 1e-7·(1 + z²).</summary>
    [MethodImpl(AggressiveInlining)]
    public static T Erfc(T z)
    {
        T t = T.All(1) / T.MultiplyAdd(T.All(0.35f), z, T.All(1));
        T p = T.All(0.0418440546f);
        p = T.MultiplyAdd(p, t, T.All(-0.177899182f));
        p = T.MultiplyAdd(p, t, T.All(0.226767299f));
        p = T.MultiplyAdd(p, t, T.All(-0.0891338565f));
        p = T.MultiplyAdd(p, t, T.All(0.139018832f));
        p = T.MultiplyAdd(p, t, T.All(0.117602547f));
        p = T.MultiplyAdd(p, t, T.All(0.161214067f));
        p = T.MultiplyAdd(p, t, T.All(0.185708522f));
        p = T.MultiplyAdd(p, t, T.All(0.197408141f));
        p = T.MultiplyAdd(p, t, T.All(0.197469587f));
        return p * t * Exp(-(z * z));
    }

    // q = e^r − 1 = r + r²·P(r) for r = x − n·ln2 in ±½ ln 2.
    [MethodImpl(AggressiveInlining)]
    private static T Reduced(T x, out T n)
    {
        x = T.Max(T.All(-104), T.Min(T.All(89), x));
        n = T.Round(x * T.All(Log2E));
        T r = T.MultiplyAdd(n, T.All(-Ln2Low), T.MultiplyAdd(n, T.All(-Ln2High), x));
        T p = T.All(0.000198527618f);
        p = T.MultiplyAdd(p, r, T.All(0.00139304355f));
        p = T.MultiplyAdd(p, r, T.All(0.00833336078f));
        p = T.MultiplyAdd(p, r, T.All(0.0416664854f));
        p = T.MultiplyAdd(p, r, T.All(0.166666672f));
        p = T.MultiplyAdd(p, r, T.All(0.5f));
        return T.MultiplyAdd(r * r, p, r);
    }
}
