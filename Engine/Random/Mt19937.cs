namespace NativeNN.Random;

/// <summary>
/// The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) with Knuth's seeding: the 32-bit stream that
/// both PyTorch's CPU generator and NumPy's legacy <c>RandomState</c> are built on.
/// </summary>
public sealed partial class Mt19937
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
        if (HasVectors)
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

    //  y ⊕= y ≫ 11;  y ⊕= (y ≪ 7) & 9d2c5680;  y ⊕= (y ≪ 15) & efc60000;  y ⊕= y ≫ 18
    internal static uint Temper(uint y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }
}
