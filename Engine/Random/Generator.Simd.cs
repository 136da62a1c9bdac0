using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeNN.Random;

// The loops over many words at once: uniforms and coin flips.
public sealed partial class Generator
{
    //  Eight words a step; the tail runs Scale word by word, which has the same two roundings (·2⁻²⁴ is exact).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<uint> words, Span<float> values, float range, float from)
    {
        int k = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref uint word = ref MemoryMarshal.GetReference(words);
            ref float value = ref MemoryMarshal.GetReference(values[..words.Length]);
            for (; k + Vector256<uint>.Count <= words.Length; k += Vector256<uint>.Count)
            {
                var bits = (Vector256.LoadUnsafe(ref word, (nuint)k) & Vector256.Create(0xffffffu)).AsInt32();
                var x = Vector256.ConvertToSingle(bits) * Vector256.Create(Unit24);
                Vector256.FusedMultiplyAdd(x, Vector256.Create(range), Vector256.Create(from)).StoreUnsafe(ref value, (nuint)k);
            }
        }
        for (; k < words.Length; k++)
            values[k] = Scale(words[k], range, from);
    }

    //  A 64-bit lane holds a pair as (first | second ≪ 32); turned by 32 bits and cut to 53 it is n. Eight pairs a step
    //  (two vectors, narrowed to one of 32-bit lanes); the tail runs Keep pair by pair.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void KeepPairs(ReadOnlySpan<uint> words, Span<float> values, long limit, float one)
    {
        int k = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            ref ulong pair = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<uint, ulong>(words));
            ref float value = ref MemoryMarshal.GetReference(values);
            for (; k + 8 <= values.Length; k += 8)
            {
                var low = KeepLanes(Vector256.LoadUnsafe(ref pair, (nuint)k), limit);
                var high = KeepLanes(Vector256.LoadUnsafe(ref pair, (nuint)k + 4), limit);
                (Vector256.Narrow(low, high).AsSingle() & Vector256.Create(one)).StoreUnsafe(ref value, (nuint)k);
            }
        }
        for (; k < values.Length; k++)
            values[k] = Keep(words[2 * k], words[(2 * k) + 1], limit, one);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<long> KeepLanes(Vector256<ulong> pairs, long limit)
    {
        var n = ((pairs << 32) | (pairs >>> 32)) & Vector256.Create((1UL << 53) - 1);
        return Vector256.LessThan(n.AsInt64(), Vector256.Create(limit));
    }
}
