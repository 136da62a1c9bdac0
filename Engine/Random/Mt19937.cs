using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeNN.Random;

/// <summary>
/// The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) with Knuth's seeding: the 32-bit stream that
/// both PyTorch's CPU generator and NumPy's legacy <c>RandomState</c> are built on.
/// </summary>
public sealed class Mt19937
{
    internal const int StateSize = 624;
    private const int Middle = 397;

    private readonly uint[] state = new uint[StateSize];
    private readonly uint[] output = new uint[StateSize]; // the state after tempering: what the user sees
    private int next;

    /// <summary>Seeds the twister.</summary>
    public Mt19937(uint seed) => Seed(seed);

    /// <summary>Starts the stream of <paramref name="seed"/> from its beginning.</summary>
    public void Seed(uint seed)
    {
        //  s[0] = seed    s[j] = 1812433253·(s[j-1] ⊕ (s[j-1] ≫ 30)) + j
        state[0] = seed;
        for (int j = 1; j < StateSize; j++)
            state[j] = (1812433253u * (state[j - 1] ^ (state[j - 1] >> 30))) + (uint)j;
        next = StateSize;
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (next == StateSize)
            Refill();
        return output[next++];
    }

    /// <summary>How many words are ready before the state must be twisted again.</summary>
    internal int Ready => StateSize - next;

    /// <summary>
    /// The next words of the stream, at least one and at most <paramref name="most"/>, in one piece; valid until the next call.
    /// </summary>
    internal ReadOnlySpan<uint> Take(int most)
    {
        if (next == StateSize)
            Refill();
        var words = output.AsSpan(next, Math.Min(most, StateSize - next));
        next += words.Length;
        return words;
    }

    internal void Save(Span<uint> words, out int position)
    {
        state.CopyTo(words);
        position = next;
    }

    internal void Restore(ReadOnlySpan<uint> words, int position)
    {
        words.CopyTo(state);
        next = position;
        Temper(state, output);
    }

    private void Refill()
    {
        if (Vector128.IsHardwareAccelerated)
            TwistVector(state);
        else
            TwistScalar(state, from: 0, to: StateSize);
        Temper(state, output);
        next = 0;
    }

    //  s'[k] = s[k+397 mod 624] ⊕ twist(s[k], s[k+1 mod 624])    twist(u, v) = (u₃₁ v₃₀…v₀) ≫ 1 ⊕ (v odd ? A : 0)
    //  In place: where k+397 wraps around, the value read is already a new one, as the recurrence wants it.
    internal static void TwistScalar(Span<uint> s, int from, int to)
    {
        for (int k = from; k < to; k++)
        {
            uint u = s[k];
            uint v = s[k + 1 < StateSize ? k + 1 : 0];
            uint mixed = (u & 0x80000000u) | (v & 0x7fffffffu);
            s[k] = s[k + Middle < StateSize ? k + Middle : k + Middle - StateSize] ^ (mixed >> 1) ^ ((v & 1) * 0x9908b0dfu);
        }
    }

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

    //  y ⊕= y ≫ 11;  y ⊕= (y ≪ 7) & 9d2c5680;  y ⊕= (y ≪ 15) & efc60000;  y ⊕= y ≫ 18
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Temper(ReadOnlySpan<uint> state, Span<uint> output)
    {
        if (!Vector128.IsHardwareAccelerated)
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

    internal static uint Temper(uint y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }
}
