using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>Sixteen floats: AVX-512, 32 registers.</summary>
internal unsafe struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private Vector512<float> value = value;

    public static int Count => 16;

    public static bool ManyRegisters => true;

    public static Lanes512 Zero => default;

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 All(float value) => new(Vector512.Create(value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 LoadFirst(float* p, int count) =>
        count == Count ? Load(p) : new(Avx512F.MaskLoad(p, Mask(count), Vector512<float>.Zero));

    [MethodImpl(AggressiveInlining)]
    public readonly void Store(float* p) => value.Store(p);

    [MethodImpl(AggressiveInlining)]
    public readonly void StoreFirst(float* p, int count)
    {
        if (count == Count)
            value.Store(p);
        else
            Avx512F.MaskStore(p, Mask(count), value);
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.value + b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a.value - b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.value * b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a.value / b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a) => new(-a.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(Lanes512 a, Lanes512 b) => value = Vector512.FusedMultiplyAdd(a.value, b.value, value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Factor(float value) => new(Vector512.Create(value));

    [MethodImpl(AggressiveInlining)]
    public void AddMultiple(Lanes512 factor, Lanes512 b) => value = Vector512.FusedMultiplyAdd(factor.value, b.value, value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) => new(Vector512.MinNative(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.MaxNative(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Abs(Lanes512 a) => new(Vector512.Abs(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 a) => new(Vector512.Sqrt(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Round(Lanes512 a) => new(Vector512.Round(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 ScaleByPowerOfTwo(Lanes512 a, Lanes512 n) => new(Avx512F.Scale(a.value, n.value));

    // The exponent of a/¾ as an integer: the fraction then lies around 1, where log needs no cancelling.
    [MethodImpl(AggressiveInlining)]
    public static Lanes512 SplitExponent(Lanes512 a, out Lanes512 exponent)
    {
        Vector512<int> shifted = ((a.value * Vector512.Create(1 / 0.75f)).AsInt32() >> 23) - Vector512.Create(127);
        exponent = new(Vector512.ConvertToSingle(shifted));
        return new((a.value.AsInt32() - (shifted << 23)).AsSingle());
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 LessThan(Lanes512 a, Lanes512 b) => new(Vector512.LessThan(a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 IfLess(Lanes512 a, Lanes512 b, Lanes512 then, Lanes512 otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.value, b.value), then.value, otherwise.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 IsNaN(Lanes512 a) => new(Vector512.IsNaN(a.value));

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 a, Lanes512 b) => new(Vector512.ConditionalSelect(mask.value, a.value, b.value));

    [MethodImpl(AggressiveInlining)]
    public static uint Bits(Lanes512 mask) => (uint)Vector512.ExtractMostSignificantBits(mask.value);

    [MethodImpl(AggressiveInlining)]
    public static float MaxAcross(Lanes512 a) => Lanes256.MaxAcross(new(Vector256.MaxNative(a.value.GetLower(), a.value.GetUpper())));

    // Sums of neighbours: of a and b, of c and d, then of all four, which leaves a quarter of each sum in each quarter.
    [MethodImpl(AggressiveInlining)]
    public static void StoreSums(Lanes512 a, Lanes512 b, Lanes512 c, Lanes512 d, float* p)
    {
        var quarters = AddNeighbours(AddNeighbours(a.value, b.value), AddNeighbours(c.value, d.value));
        Vector256<float> lower = quarters.GetLower(), upper = quarters.GetUpper();
        ((lower.GetLower() + lower.GetUpper()) + (upper.GetLower() + upper.GetUpper())).Store(p);
    }

    [MethodImpl(AggressiveInlining)]
    private static Vector512<float> AddNeighbours(Vector512<float> a, Vector512<float> b) =>
        Avx512F.Shuffle(a, b, 0b10_00_10_00) + Avx512F.Shuffle(a, b, 0b11_01_11_01);

    [MethodImpl(AggressiveInlining)]
    public static Lanes512 FirstLanes(int count) => new(Mask(count));

    [MethodImpl(AggressiveInlining)]
    private static Vector512<float> Mask(int count) =>
        Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
