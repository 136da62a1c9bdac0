namespace NativeNN.Random;

/// <summary>
/// Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011): ten rounds turn a counter and a key
/// into four random words. It has no state, so element i's number depends on i and the key alone, and a GPU can draw all of them at once.
/// Block and Keep are plain integer functions for that.
/// </summary>
public static class Philox
{
    // Ceiling fractions the authors chose; the key grows by 2³²/golden ratio and √3 − 1.
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The four words of one counter under one key.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block((uint X, uint Y, uint Z, uint W) counter, (uint X, uint Y) key)
    {
        var (x, y, z, w) = counter;
        var (k0, k1) = key;
        for (int round = 0; round < 10; round++)
        {
            ulong first = (ulong)Multiplier0 * x, second = (ulong)Multiplier1 * z;
            (x, y, z, w) = ((uint)(second >> 32) ^ y ^ k0, (uint)second, (uint)(first >> 32) ^ w ^ k1, (uint)first);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (x, y, z, w);
    }

    /// <summary>How many of the 2³² words mean "keep" for that probability: keep = word &lt; ⌈p·2³²⌉.</summary>
    public static ulong Limit(double probability) => (ulong)Math.Ceiling(probability * (1L << 32));

    /// <summary>What a mask holds for this word: one if it means "keep", else 0.</summary>
    internal static float Keep(uint word, ulong limit, float one) => word < limit ? one : 0;

    /// <summary>values[i] = one with that probability, else 0: word i mod 4 of block i / 4.</summary>
    internal static void Keep(Span<float> values, (uint X, uint Y) key, double probability, float one)
    {
        ulong limit = Limit(probability);
        for (int i = 0; i < values.Length; i += 4)
        {
            var (x, y, z, w) = Block(((uint)(i / 4), 0, 0, 0), key);
            values[i] = Keep(x, limit, one);
            if (i + 1 < values.Length)
                values[i + 1] = Keep(y, limit, one);
            if (i + 2 < values.Length)
                values[i + 2] = Keep(z, limit, one);
            if (i + 3 < values.Length)
                values[i + 3] = Keep(w, limit, one);
        }
    }
}
