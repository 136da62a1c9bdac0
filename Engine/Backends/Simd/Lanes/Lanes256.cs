using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>Eight floats: AVX2, 16 registers.</summary>
internal unsafe struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    private Vector256<float> value = value;

    public static int Count => 8;

    public static bool ManyRegisters => false;

    public static Lanes256 Zero => default;

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 All(float value) => new(Vector256.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 LoadFirst(float* p, int count) =>
        count == Count ? Load(p) : new(Avx.MaskLoad(p, Mask(count)));

    [MethodImpl(AggressiveInlining)]
    public readonly void Store(float* p) => value.Store(p);

    // In parts of 4, 2 and 1: a masked store takes tens of steps on some CPUs.
    [MethodImpl(AggressiveInlining)]
    public readonly void StoreFirst(float* p, int count)
    {
        if (count == Count)
        {
            value.Store(p);
            return;
        }
        var rest = value.GetLower();
        if (count >= 4)
        {
            rest.Store(p);
            p += 4;
            rest = value.GetUpper();
        }
        if ((count & 2) != 0)
        {
            Sse.StoreLow(p, rest);
            p += 2;
            rest = Sse.MoveHighToLow(rest, rest);
        }
        if ((count & 1) != 0)
            *p = rest.ToScalar();
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a.value + b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a.value - b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a.value * b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a.value / b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a) => new(-a.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(Lanes256 a, Lanes256 b) => value = Vector256.FusedMultiplyAdd(a.value, b.value, value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Factor(float value) => new(Vector256.Create(value));

    [MethodImpl(AggressiveInlining)]
    public void AddMultiple(Lanes256 factor, Lanes256 b) => value = Vector256.FusedMultiplyAdd(factor.value, b.value, value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) => new(Vector256.MinNative(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) => new(Vector256.MaxNative(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Vector256.Round(a.value));

    // 2ⁿ as bits, in two factors: n = −150 or 128 is out of a single factor's range.
    [MethodImpl(AggressiveInlining)]
    public static Lanes256 ScaleByPowerOfTwo(Lanes256 a, Lanes256 n)
    {
        Vector256<int> whole = Vector256.ConvertToInt32(n.value), half = whole >> 1, bias = Vector256.Create(127);
        return new(a.value * ((half + bias) << 23).AsSingle() * ((whole - half + bias) << 23).AsSingle());
    }

    // The exponent of a/¾ as an integer: the fraction then lies around 1, where log needs no cancelling.
    [MethodImpl(AggressiveInlining)]
    public static Lanes256 SplitExponent(Lanes256 a, out Lanes256 exponent)
    {
        Vector256<int> shifted = ((a.value * Vector256.Create(1 / 0.75f)).AsInt32() >> 23) - Vector256.Create(127);
        exponent = new(Vector256.ConvertToSingle(shifted));
        return new((a.value.AsInt32() - (shifted << 23)).AsSingle());
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 LessThan(Lanes256 a, Lanes256 b) => new(Vector256.LessThan(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 IfLess(Lanes256 a, Lanes256 b, Lanes256 then, Lanes256 otherwise) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 IsNaN(Lanes256 a) => new(Vector256.IsNaN(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 a, Lanes256 b) => new(Vector256.ConditionalSelect(mask.value, a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static uint Bits(Lanes256 mask) => (uint)Vector256.ExtractMostSignificantBits(mask.value);

    [MethodImpl(AggressiveInlining)]
    public static float MaxAcross(Lanes256 a) => Lanes128.MaxAcross(new(Vector128.MaxNative(a.value.GetLower(), a.value.GetUpper())));

    // Sums of neighbours: of a and b, of c and d, then of all four. (One instruction adds them too, in eight steps on some CPUs.)
    [MethodImpl(AggressiveInlining)]
    public static void StoreSums(Lanes256 a, Lanes256 b, Lanes256 c, Lanes256 d, float* p)
    {
        var halves = AddNeighbours(AddNeighbours(a.value, b.value), AddNeighbours(c.value, d.value));
        (halves.GetLower() + halves.GetUpper()).Store(p);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector256<float> AddNeighbours(Vector256<float> a, Vector256<float> b) =>
        Avx.Shuffle(a, b, 0b10_00_10_00) + Avx.Shuffle(a, b, 0b11_01_11_01);

    [MethodImpl(AggressiveInlining)]
    public static Lanes256 FirstLanes(int count) => new(Mask(count));

    [MethodImpl(AggressiveInlining)]
    private static Vector256<float> Mask(int count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
