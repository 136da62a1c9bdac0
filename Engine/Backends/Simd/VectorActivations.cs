using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// y = f(x) of one Activation and dX = dY·f'(x), a register at a time; y is at hand for f'. Each equals its lines in Scalar/Activation.cs,
/// bit for bit where the CPU has FMA.
/// </summary>
internal interface IVectorActivation
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
internal readonly struct VectorRelu : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.Max(T.Zero, x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.IfLess(y, T.All(float.Epsilon), T.Zero, dY);
}

/// <summary>x for x &gt; 0, else alpha·x.</summary>
internal readonly struct VectorLeakyRelu(float alpha) : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.IfLess(T.Zero, x, x, T.All(alpha) * x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.IfLess(T.Zero, x, dY, T.All(alpha) * dY);
}

/// <summary>1/(1 + e⁻ˣ); f' = y(1 − y).</summary>
internal readonly struct VectorSigmoid : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.All(1) / (T.All(1) + VectorMath<T>.Exp(-x));

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (y * (T.All(1) - y));
}

/// <summary>tanh x by a polynomial below 1, 1 − 2/(e²ˣ + 1) from there on; f' = 1 − y².</summary>
internal readonly struct VectorTanh : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T>
    {
        T size = T.Abs(x);
        T y = T.All(1) - T.All(2) / (VectorMath<T>.Exp(size + size) + T.All(1));
        return T.IfLess(size, T.All(1), VectorMath<T>.TanhBelowOne(x), T.IfLess(x, T.Zero, -y, y));
    }

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * T.MultiplyAdd(-y, y, T.All(1));
}

/// <summary>
/// x for x &gt; 0, else alpha(eˣ − 1); f' = 1 or alpha·eˣ, and 1 for NaN: x ≤ 0 is x &lt; Epsilon, which is false for a NaN.
/// </summary>
internal readonly struct VectorElu(float alpha) : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.IfLess(T.Zero, x, x, T.All(alpha) * VectorMath<T>.ExpMinusOne(x));

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.IfLess(x, T.All(float.Epsilon), dY * T.All(alpha) * VectorMath<T>.Exp(x), dY);
}

/// <summary>x·Φ(x), Φ(x) = ½ erfc(−x/√2) taken from the side where erfc is small; f' = Φ(x) + x·φ(x).</summary>
internal readonly struct VectorGelu : IVectorActivation
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

/// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|); f' = eˣ/(eˣ + 1). x itself above 20, as in PyTorch.</summary>
internal readonly struct VectorSoftplus : IVectorActivation
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
        where T : struct, ILanes<T>
    {
        T power = VectorMath<T>.Exp(x);
        return T.IfLess(T.All(Threshold), x, dY, dY * power / (power + T.All(1)));
    }
}

/// <summary>eˣ; f' = y.</summary>
internal readonly struct VectorExp : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => VectorMath<T>.Exp(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * y;
}

/// <summary>|x|; f' = the sign of x: 0 at 0 and for NaN.</summary>
internal readonly struct VectorAbs : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.Abs(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * T.IfLess(x, T.Zero, T.All(-1), T.IfLess(T.Zero, x, T.All(1), T.Zero));
}

/// <summary>x²; f' = 2x.</summary>
internal readonly struct VectorSquare : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => x * x;

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (x + x);
}

/// <summary>√x; f' = 1/(2y).</summary>
internal readonly struct VectorSqrt : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.Sqrt(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (T.All(0.5f) / y);
}

/// <summary>ln x; f' = 1/x.</summary>
internal readonly struct VectorLog : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => VectorMath<T>.LogOfAny(x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY / x;
}

/// <summary>x to the power alpha, e^(alpha·ln x); f' = alpha·x^(alpha − 1).</summary>
internal readonly struct VectorPow(float alpha) : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => VectorMath<T>.Exp(T.All(alpha) * VectorMath<T>.LogOfAny(x));

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => dY * (T.All(alpha) * VectorMath<T>.Exp(T.All(alpha - 1) * VectorMath<T>.LogOfAny(x)));
}

/// <summary>x, at least alpha; f' = 1 from alpha on, else 0, also for a NaN.</summary>
internal readonly struct VectorClampMin(float alpha) : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.IfLess(x, T.All(alpha), T.All(alpha), x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.Select(T.IsNaN(x), T.Zero, T.IfLess(x, T.All(alpha), T.Zero, dY));
}

/// <summary>x, at most alpha; f' = 1 up to alpha, else 0, also for a NaN.</summary>
internal readonly struct VectorClampMax(float alpha) : IVectorActivation
{
    [MethodImpl(AggressiveInlining)]
    public T Value<T>(T x)
        where T : struct, ILanes<T> => T.IfLess(T.All(alpha), x, T.All(alpha), x);

    [MethodImpl(AggressiveInlining)]
    public T Gradient<T>(T x, T y, T dY)
        where T : struct, ILanes<T> => T.Select(T.IsNaN(x), T.Zero, T.IfLess(T.All(alpha), x, T.Zero, dY));
}

// Lanes: neighbouring elements. Tail: the last count % Count elements by StoreFirst; what Load reads past the end is not stored.
internal sealed unsafe partial class SimdBackend<T>
{
    internal override void Activate(Activation kind, Storage x, Storage y, int count, float alpha = 0)
    {
        Run(kind, alpha, new ActivationCall { X = Cells(x), Y = Cells(y), Count = count });
        KeepAlive(x, y);
    }

    internal override void ActivateBackward(Activation kind, Storage x, Storage y, Storage dY, Storage dX, int count, float alpha = 0,
        bool accumulate = false)
    {
        var call = new ActivationCall
        {
            X = Cells(x),
            Y = Cells(y),
            DY = Cells(dY),
            DX = Cells(dX),
            Count = count,
            Accumulate = accumulate,
        };
        Run(kind, alpha, call);
        KeepAlive(x, y, dY, dX);
    }

    private static void Run(Activation kind, float alpha, in ActivationCall call)
    {
        switch (kind)
        {
            case Activation.Relu: Run(default(VectorRelu), call); break;
            case Activation.LeakyRelu: Run(new VectorLeakyRelu(alpha), call); break;
            case Activation.Sigmoid: Run(default(VectorSigmoid), call); break;
            case Activation.Tanh: Run(default(VectorTanh), call); break;
            case Activation.Elu: Run(new VectorElu(alpha), call); break;
            case Activation.Gelu: Run(default(VectorGelu), call); break;
            case Activation.Softplus: Run(default(VectorSoftplus), call); break;
            case Activation.Exp: Run(default(VectorExp), call); break;
            case Activation.Abs: Run(default(VectorAbs), call); break;
            case Activation.Square: Run(default(VectorSquare), call); break;
            case Activation.Sqrt: Run(default(VectorSqrt), call); break;
            case Activation.Log: Run(default(VectorLog), call); break;
            case Activation.Pow: Run(new VectorPow(alpha), call); break;
            case Activation.ClampMin: Run(new VectorClampMin(alpha), call); break;
            case Activation.ClampMax: Run(new VectorClampMax(alpha), call); break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind,
                    $"Activate: kind is {kind}; needs one that has a vector form here");
        }
    }

    private struct ActivationCall
    {
        public float* X, Y;

        /// <summary>Null in a forward call.</summary>
        public float* DY, DX;
        public int Count;
        public bool Accumulate;
    }

    // One loop for each function: compiled for its struct, so that nothing is looked up per register.
    [MethodImpl(AggressiveInlining)]
    private static void Run<TActivation>(TActivation f, in ActivationCall call)
        where TActivation : struct, IVectorActivation
    {
        if (call.DY is null)
            Map(f, call.X, call.Y, call.Count);
        else
            MapBackward(f, call.X, call.Y, call.DY, call.DX, call.Count, call.Accumulate);
    }

    // y[i] = f(x[i])
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Map<TActivation>(TActivation f, float* x, float* y, int count)
        where TActivation : struct, IVectorActivation
    {
        for (int i = 0; i < count; i += T.Count)
            f.Value(T.Load(x + i)).StoreFirst(y + i, Math.Min(T.Count, count - i));
    }

    // dX[i] (+)= dY[i]·f'(x[i])
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void MapBackward<TActivation>(TActivation f, float* x, float* y, float* dY, float* dX, int count, bool accumulate)
        where TActivation : struct, IVectorActivation
    {
        for (int i = 0; i < count; i += T.Count)
        {
            int lanes = Math.Min(T.Count, count - i);
            T gradient = f.Gradient(T.Load(x + i), T.Load(y + i), T.Load(dY + i));
            if (accumulate)
                gradient += T.Load(dX + i);
            gradient.StoreFirst(dX + i, lanes);
        }
    }
}
