using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeNN.Random;

// The twister's 624 words eight at a time.
public sealed partial class Mt19937
{
    private static bool HasVectors => Vector128.IsHardwareAccelerated;

    //  Lane i holds s[k+i]. A vector is read whole before it is written, and the word taken from the new part
    //  lies 227 places back, so eight at a time equal the scalar loop. Words 224–226 and 619–623 are its tail.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TwistVector(Span<uint> s)
    {
        const int Turn = StateSize - Middle;
        int k = 0;
        for (; k + Vector256<uint>.Count <= Turn; k += Vector256<uint>.Count)
            TwistEight(s, k, k + Middle);
        TwistScalar(s, k, Turn);
        for (k = Turn; k + Vector256<uint>.Count < StateSize; k += Vector256<uint>.Count)
            TwistEight(s, k, k - Turn);
        TwistScalar(s, k, StateSize);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwistEight(Span<uint> s, int k, int other)
    {
        ref uint first = ref MemoryMarshal.GetReference(s);
        var u = Vector256.LoadUnsafe(ref first, (nuint)k);
        var v = Vector256.LoadUnsafe(ref first, (nuint)(k + 1));
        var mixed = (u & Vector256.Create(0x80000000u)) | (v & Vector256.Create(0x7fffffffu));
        var odd = Vector256<uint>.Zero - (v & Vector256<uint>.One); // all ones where v is odd
        var twisted = (mixed >>> 1) ^ (odd & Vector256.Create(0x9908b0dfu));
        (Vector256.LoadUnsafe(ref first, (nuint)other) ^ twisted).StoreUnsafe(ref first, (nuint)k);
    }

    //  Eight words a step, each as Temper does it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Temper(ReadOnlySpan<uint> state, Span<uint> output)
    {
        if (!HasVectors)
        {
            for (int k = 0; k < state.Length; k++)
                output[k] = Temper(state[k]);
            return;
        }
        ref uint from = ref MemoryMarshal.GetReference(state);
        ref uint to = ref MemoryMarshal.GetReference(output);
        for (nuint k = 0; k < StateSize; k += (nuint)Vector256<uint>.Count) // 624 = 78 × 8: no tail
        {
            var y = Vector256.LoadUnsafe(ref from, k);
            y ^= y >>> 11;
            y ^= (y << 7) & Vector256.Create(0x9d2c5680u);
            y ^= (y << 15) & Vector256.Create(0xefc60000u);
            y ^= y >>> 18;
            y.StoreUnsafe(ref to, k);
        }
    }
}
