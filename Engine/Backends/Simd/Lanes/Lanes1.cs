using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// One float: for CPUs without vector instructions the JIT can use, and for reading a kernel as the loop it equals. Products are added with
/// one rounding here too, by the C library where the CPU can't.
/// </summary>
internal unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private float value = value;

    public static int Count => 1;

    public static bool ManyRegisters => false;

    public static Lanes1 Zero => default;

    private static Lanes1 True => new(BitConverter.UInt32BitsToSingle(uint.MaxValue));

    public static Lanes1 All(float value) => new(value);

    public static Lanes1 Load(float* p) => new(*p);

    public static Lanes1 LoadFirst(float* p, int count) => count > 0 ? new(*p) : default;

    public readonly void Store(float* p) => *p = value;

    public readonly void StoreFirst(float* p, int count)
    {
        if (count > 0)
            *p = value;
    }

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a.value + b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a.value - b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a.value * b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a.value / b.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a) => new(-a.value);

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(MathF.FusedMultiplyAdd(a.value, b.value, c.value));

    [MethodImpl(AggressiveInlining)]
    public void AddProduct(Lanes1 a, Lanes1 b) => value = MathF.FusedMultiplyAdd(a.value, b.value, value);

    public static Lanes1 Factor(float value) => new(value);

    [MethodImpl(AggressiveInlining)]
    public void AddMultiple(Lanes1 factor, Lanes1 b) => AddProduct(factor, b);

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => a.value < b.value ? a : b;

    [MethodImpl(AggressiveInlining)]
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => a.value > b.value ? a : b;

    public static Lanes1 Abs(Lanes1 a) => new(MathF.Abs(a.value));

    public static Lanes1 Sqrt(Lanes1 a) => new(MathF.Sqrt(a.value));

    public static Lanes1 Round(Lanes1 a) => new(MathF.Round(a.value));

    public static Lanes1 ScaleByPowerOfTwo(Lanes1 a, Lanes1 n) => float.IsNaN(n.value) ? n : new(MathF.ScaleB(a.value, (int)n.value));

    public static Lanes1 SplitExponent(Lanes1 a, out Lanes1 exponent)
    {
        int shifted = (BitConverter.SingleToInt32Bits(a.value * (1 / 0.75f)) >> 23) - 127;
        exponent = new(shifted);
        return new(BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a.value) - (shifted << 23)));
    }

    public static Lanes1 FirstLanes(int count) => count > 0 ? True : default;

    public static Lanes1 LessThan(Lanes1 a, Lanes1 b) => a.value < b.value ? True : default;

    public static Lanes1 IfLess(Lanes1 a, Lanes1 b, Lanes1 then, Lanes1 otherwise) => a.value < b.value ? then : otherwise;

    public static Lanes1 IsNaN(Lanes1 a) => float.IsNaN(a.value) ? True : default;

    public static Lanes1 Select(Lanes1 mask, Lanes1 a, Lanes1 b) => BitConverter.SingleToUInt32Bits(mask.value) != 0 ? a : b;

    public static uint Bits(Lanes1 mask) => BitConverter.SingleToUInt32Bits(mask.value) >> 31;

    public static float MaxAcross(Lanes1 a) => a.value;

    public static void StoreSums(Lanes1 a, Lanes1 b, Lanes1 c, Lanes1 d, float* p)
    {
        p[0] = a.value;
        p[1] = b.value;
        p[2] = c.value;
        p[3] = d.value;
    }
}
