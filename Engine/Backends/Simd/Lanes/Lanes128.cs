using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>Four floats: SSE or NEON.</summary>
internal unsafe struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    private Vector128<float> value = value;

    public static int Count => 4;

    public static bool ManyRegisters => AdvSimd.Arm64.IsSupported;

    public static Lanes128 Zero => default;

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 All(float value) => new(Vector128.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 LoadFirst(float* p, int count) => new(Vector128.BitwiseAnd(Vector128.Load(p), Mask(count)));

    [MethodImpl(AggressiveInlining)]
    public readonly void Store(float* p) => value.Store(p);

    [MethodImpl(AggressiveInlining)]
    public readonly void StoreFirst(float* p, int count)
    {
        if (count == Count)
            value.Store(p);
        else
            for (int i = 0; i < count; i++)
                p[i] = value.GetElement(i);
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a.value + b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a.value - b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a.value * b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a.value / b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a) => new(-a.value);

    // Rounded twice on x86 without FMA: there one rounding would take a call of the C library for each lane.
    [MethodImpl(AggressiveInlining)]
    public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Fma.IsSupported || AdvSimd.IsSupported
        ? Vector128.FusedMultiplyAdd(a.value, b.value, c.value)
        : (a.value * b.value) + c.value);

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(Lanes128 a, Lanes128 b) => value = MultiplyAdd(a, b, this).value;

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Factor(float value) =>
        new(AdvSimd.Arm64.IsSupported ? Vector128.CreateScalarUnsafe(value) : Vector128.Create(value));

    [MethodImpl(AggressiveInlining)]
    public void AddMultiple(Lanes128 factor, Lanes128 b) => value = AdvSimd.Arm64.IsSupported
        ? AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar(value, b.value, factor.value, 0)
        : MultiplyAdd(factor, b, this).value;

    // ARM's own give NaN where either is, and 0 for a 0 and a −0.
    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) => Sse.IsSupported ? new(Sse.Min(a.value, b.value)) : IfLess(a, b, a, b);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) => Sse.IsSupported ? new(Sse.Max(a.value, b.value)) : IfLess(b, a, a, b);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 a) => new(Vector128.Abs(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 a) => new(Vector128.Sqrt(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Round(Lanes128 a) => new(Vector128.Round(a.value));

    // 2ⁿ as bits, in two factors: n = −150 or 128 is out of a single factor's range.
    [MethodImpl(AggressiveInlining)]
    public static Lanes128 ScaleByPowerOfTwo(Lanes128 a, Lanes128 n)
    {
        Vector128<int> whole = Vector128.ConvertToInt32(n.value), half = whole >> 1, bias = Vector128.Create(127);
        return new(a.value * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle());
    }

    // The exponent of a/¾ as an integer: the fraction then lies around 1, where log needs no cancelling.
    [MethodImpl(AggressiveInlining)]
    public static Lanes128 SplitExponent(Lanes128 a, out Lanes128 exponent)
    {
        Vector128<int> shifted = ((a.value * Vector128.Create(1 / 0.75f)).AsInt32() >> 23) - Vector128.Create(127);
        exponent = new(Vector128.ConvertToSingle(shifted));
        return new((a.value.AsInt32() - (shifted << 23)).AsSingle());
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 LessThan(Lanes128 a, Lanes128 b) => new(Vector128.LessThan(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 IfLess(Lanes128 a, Lanes128 b, Lanes128 then, Lanes128 otherwise) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 IsNaN(Lanes128 a) => new(Vector128.IsNaN(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 a, Lanes128 b) => new(Vector128.ConditionalSelect(mask.value, a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static uint Bits(Lanes128 mask) => (uint)Vector128.ExtractMostSignificantBits(mask.value);

    [MethodImpl(AggressiveInlining)]
    public static float MaxAcross(Lanes128 a)
    {
        var pairs = Max(a, new(Vector128.Shuffle(a.value, Vector128.Create(2, 3, 0, 1))));
        return Max(pairs, new(Vector128.Shuffle(pairs.value, Vector128.Create(1, 0, 3, 2)))).value.ToScalar();
    }

    [MethodImpl(AggressiveInlining)]
    public static void StoreSums(Lanes128 a, Lanes128 b, Lanes128 c, Lanes128 d, float* p) =>
        AddNeighbours(AddNeighbours(a.value, b.value), AddNeighbours(c.value, d.value)).Store(p);

    // a0 + a1, a2 + a3, b0 + b1, b2 + b3.
    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> AddNeighbours(Vector128<float> a, Vector128<float> b) =>
        AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.AddPairwise(a, b)
        : Sse3.IsSupported ? Sse3.HorizontalAdd(a, b)
        : Vector128.Create(a[0] + a[1], a[2] + a[3], b[0] + b[1], b[2] + b[3]);

    [MethodImpl(AggressiveInlining)]
    public static Lanes128 FirstLanes(int count) => new(Mask(count));

    [MethodImpl(AggressiveInlining)]
    private static Vector128<float> Mask(int count) =>
        Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(count)).AsSingle();
}
