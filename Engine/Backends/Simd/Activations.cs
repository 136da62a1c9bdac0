using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>y = f(x) of one Activation and dX = dY·f'(x), a register at a time; y is at hand for f'.</summary>
internal interface IActivation
{
    T Value<T>(T x)
        where T : struct, ILanes<T>;

    T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T>;
}

/// <summary>
/// max(x, 0). Max gives its second operand for a NaN, so a NaN stays one. dX = 0 where y ≤ 0, whatever dY, else dY, also where y is NaN:
/// y is never negative, so y ≤ 0 is y &lt; Epsilon, which is false for a NaN.
/// </summary>
internal readonly struct Relu : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.Max(T.Zero, x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.IfLess(y, T.All(float.Epsilon), T.Zero, dY);
}

/// <summary>x for x &gt; 0, else alpha·x.</summary>
internal readonly struct LeakyRelu(float alpha) : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.IfLess(T.Zero, x, x, T.All(alpha) * x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.IfLess(T.Zero, x, dY, T.All(alpha) * dY);
}

/// <summary>1/(1 + e⁻ˣ); f' = y(1 − y).</summary>
internal readonly struct Sigmoid : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.All(1) / (T.All(1) + VectorMath<T>.Exp(-x));

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (y * (T.All(1) - y));
}

/// <summary>tanh x = E/(E + 2) with E = e²ˣ − 1; ±1 to the last bit beyond ±20. f' = 1 − y².</summary>
internal readonly struct Tanh : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Max(T.All(-20), T.Min(T.All(20), x));
        T e = VectorMath<T>.ExpMinusOne(x + x);
        return e / (e + T.All(2));
    }

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * T.MultiplyAdd(-y, y, T.All(1));
}

/// <summary>x for x &gt; 0, else alpha(eˣ − 1); f' = 1 or y + alpha.</summary>
internal readonly struct Elu(float alpha) : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.IfLess(T.Zero, x, x, T.All(alpha) * VectorMath<T>.ExpMinusOne(x));

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * T.IfLess(T.Zero, x, T.All(1), y + T.All(alpha));
}

/// <summary>x·Φ(x), Φ(x) = ½ erfc(−x/√2) taken from the side where erfc is small; f' = Φ(x) + x·φ(x).</summary>
internal readonly struct Gelu : IActivation
{
    private const float RootHalf = 0.707106781f, RootHalfOverPi = 0.398942280f;

    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => x * Phi(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> =>
        dY * T.MultiplyAdd(x * T.All(RootHalfOverPi), VectorMath<T>.Exp(T.All(-0.5f) * x * x), Phi(x));

    [MethodImpl(AggressiveInlining)]
    private static T Phi<T>(T x)
        where T : struct, ILanes<T>
    {
        T tail = T.All(0.5f) * VectorMath<T>.Erfc(T.All(RootHalf) * T.Abs(x));
        return T.IfLess(x, T.Zero, tail, T.All(1) - tail);
    }
}

/// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|); f' = sigmoid(x). x itself above 20, as in PyTorch.</summary>
internal readonly struct Softplus : IActivation
{
    private const float Threshold = 20;

    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T>
    {
        T soft = T.Max(T.Zero, x) + VectorMath<T>.LogOnePlus(VectorMath<T>.Exp(-T.Abs(x)));
        return T.IfLess(T.All(Threshold), x, x, soft);
    }

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * T.IfLess(T.All(Threshold), x, T.All(1), default(Sigmoid).Value(x));
}

/// <summary>eˣ; f' = y.</summary>
internal readonly struct Exponential : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => VectorMath<T>.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * y;
}

/// <summary>|x|; f' = the sign of x: 0 at 0, NaN for NaN.</summary>
internal readonly struct Absolute : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.Abs(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T>
    {
        T positive = T.IfLess(T.Zero, x, T.All(1), T.Zero);
        return dY * T.Select(T.IsNaN(x), x, T.IfLess(x, T.Zero, T.All(-1), positive));
    }
}

/// <summary>x²; f' = 2x.</summary>
internal readonly struct Square : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => x * x;

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (x + x);
}

/// <summary>√x; f' = 1/(2y).</summary>
internal readonly struct SquareRoot : IActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.Sqrt(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (T.All(0.5f) / y);
}
