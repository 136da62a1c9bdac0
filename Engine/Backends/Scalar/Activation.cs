using static NativeNN.Backends.ScalarMath;

namespace NativeNN.Backends;

/// <summary>
/// The elementwise functions a backend knows. A new one takes three files: its op in Ops, its name and its two lines here, and its vector
/// form in Simd/VectorActivations.cs. ScalarTests fails while one of them is missing.
/// </summary>
public enum Activation
{
    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>x for x &gt; 0, else αx.</summary>
    LeakyRelu,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>x for x &gt; 0, else α(eˣ − 1).</summary>
    Elu,

    /// <summary>x·Φ(x), Φ by erf.</summary>
    Gelu,

    /// <summary>log(1 + eˣ), x itself above 20.</summary>
    Softplus,

    /// <summary>eˣ.</summary>
    Exp,

    /// <summary>|x|, derivative 0 at 0 and NaN.</summary>
    Abs,

    /// <summary>x².</summary>
    Square,

    /// <summary>√x.</summary>
    Sqrt,

    /// <summary>ln x.</summary>
    Log,

    /// <summary>x to the power α, for an α that is no integer.</summary>
    Pow,

    /// <summary>x, at least α.</summary>
    ClampMin,

    /// <summary>x, at most α.</summary>
    ClampMax,
}

/// <summary>y = f(x) and dX = dY·f'(x) of every Activation, one number at a time: the definition that the vector forms equal.</summary>
internal static class ScalarActivation
{
    // From here on softplus is x itself, as in PyTorch.
    private const float SoftplusThreshold = 20;

    private const float RootHalf = 0.707106781f, RootHalfOverPi = 0.398942280f;

    /// <summary>f(x); NaN for a kind that has no line here.</summary>
    public static float Value(Activation kind, float x, float alpha) => kind switch
    {
        Activation.Relu => x < 0 ? 0 : x,
        Activation.LeakyRelu => x > 0 ? x : alpha * x,
        Activation.Sigmoid => Sigmoid(x),
        Activation.Tanh => Tanh(x),
        Activation.Elu => x > 0 ? x : alpha * ExpMinusOne(x),
        Activation.Gelu => x * NormalCdf(x),
        Activation.Softplus => x > SoftplusThreshold ? x : (x < 0 ? 0 : x) + LogOnePlus(Exp(-MathF.Abs(x))),
        Activation.Exp => Exp(x),
        Activation.Abs => MathF.Abs(x),
        Activation.Square => x * x,
        Activation.Sqrt => MathF.Sqrt(x),
        Activation.Log => LogOfAny(x),
        Activation.Pow => Exp(alpha * LogOfAny(x)),
        Activation.ClampMin => x < alpha ? alpha : x,
        Activation.ClampMax => x > alpha ? alpha : x,
        _ => float.NaN,
    };

    /// <summary>dY·f'(x), given y = f(x); NaN for a kind that has no line here.</summary>
    public static float Gradient(Activation kind, float x, float y, float dY, float alpha) => kind switch
    {
        Activation.Relu => y <= 0 ? 0 : dY, // as PyTorch: 0 whatever dY, and dY where y is NaN
        Activation.LeakyRelu => x > 0 ? dY : alpha * dY,
        Activation.Sigmoid => dY * (y * (1 - y)),
        Activation.Tanh => dY * MultiplyAdd(-y, y, 1),
        Activation.Elu => x <= 0 ? dY * alpha * Exp(x) : dY, // as PyTorch: dY where x is NaN
        Activation.Gelu => dY * MultiplyAdd(x * RootHalfOverPi, Exp(-0.5f * x * x), NormalCdf(x)), // Φ(x) + x·φ(x)
        Activation.Softplus => x > SoftplusThreshold ? dY : SoftplusGradient(dY, Exp(x)),
        Activation.Exp => dY * y,
        Activation.Abs => dY * (x > 0 ? 1 : x < 0 ? -1 : 0), // 0 for NaN, too
        Activation.Square => dY * (x + x),
        Activation.Sqrt => dY * (0.5f / y),
        Activation.Log => dY / x,
        Activation.Pow => dY * (alpha * Exp((alpha - 1) * LogOfAny(x))),
        Activation.ClampMin => x >= alpha ? dY : 0,
        Activation.ClampMax => x <= alpha ? dY : 0,
        _ => float.NaN,
    };

    /// <summary>What Gradient looks at: y for these, x for all others, never both.</summary>
    public static bool GradientReadsY(Activation kind) =>
        kind is Activation.Relu or Activation.Sigmoid or Activation.Tanh or Activation.Exp or Activation.Sqrt;

    private static float Sigmoid(float x) => 1 / (1 + Exp(-x));

    // σ(x) as eˣ/(eˣ + 1): next to 0 it is eˣ to the last bit, where e⁻ˣ has overflowed.
    private static float SoftplusGradient(float dY, float power) => dY * power / (power + 1);

    // Below 1 a polynomial, from there on 1 − 2/(e²ˣ + 1), which loses no digits where tanh is above ¾. Within 1 ulp.
    private static float Tanh(float x)
    {
        float size = MathF.Abs(x);
        if (size < 1)
            return TanhBelowOne(x);
        float y = 1 - 2 / (Exp(size + size) + 1);
        return x < 0 ? -y : y;
    }

    // Φ(x) = ½ erfc(−x/√2), taken from the side where erfc is small.
    private static float NormalCdf(float x)
    {
        float tail = 0.5f * Erfc(RootHalf * MathF.Abs(x));
        return x < 0 ? tail : 1 - tail;
    }
}
