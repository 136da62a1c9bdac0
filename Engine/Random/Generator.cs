namespace NativeNN.Random;

/// <summary>
/// A seeded source of random numbers whose stream is PyTorch's CPU generator bit for bit: after the same seed, the
/// same calls in the same order give the same values as <c>torch.manual_seed(seed)</c> there. Not thread-safe.
/// </summary>
/// <remarks>
/// Exact everywhere: integers, uniforms, float32 normals of sixteen values or more, permutations, masks. Shorter draws of
/// normals and all float64 normals use the platform's log, sin and cos and may differ from another platform's by an ulp of a double.
/// </remarks>
public sealed partial class Generator
{
    private const float Unit24 = 1f / (1 << 24);

    private readonly Mt19937 twister;
    private double? cachedNormal;

    /// <summary>As <c>torch.manual_seed(seed)</c>: the low 32 bits seed the twister.</summary>
    public Generator(long seed)
    {
        InitialSeed = seed;
        twister = new Mt19937((uint)seed);
    }

    /// <summary>The seed last given.</summary>
    public long InitialSeed { get; private set; }

    /// <summary>Which of PyTorch's two dropout kernels, or the device stream, <see cref="DropoutMask"/> follows.</summary>
    public DropoutKernel DropoutKernel { get; set; }

    /// <summary>Starts again from <paramref name="seed"/>; a cached normal is dropped.</summary>
    public void ManualSeed(long seed)
    {
        InitialSeed = seed;
        twister.Seed((uint)seed);
        cachedNormal = null;
    }

    /// <summary>32 random bits.</summary>
    public uint NextUInt32() => twister.NextUInt32();

    /// <summary>64 random bits: two words, the high one first.</summary>
    public ulong NextUInt64()
    {
        ulong high = twister.NextUInt32();
        return (high << 32) | twister.NextUInt32();
    }

    /// <summary>
    /// A non-negative 63-bit integer, as <c>torch.empty((), dtype=torch.int64).random_()</c>: DataLoader's seeds are such.
    /// </summary>
    public long NextInt64() => (long)(NextUInt64() & long.MaxValue);

    /// <summary>An integer in [<paramref name="low"/>, <paramref name="high"/>), as <c>torch.randint</c>.</summary>
    /// <exception cref="ArgumentException">The interval is empty.</exception>
    public long RandInt(long low, long high)
    {
        if (high <= low)
            throw new ArgumentException($"RandInt: the interval is [{low}, {high}); needs low < high");
        ulong range = (ulong)high - (ulong)low;
        ulong draw = range < 1UL << 32 ? NextUInt32() % range : NextUInt64() % range;
        return (long)((ulong)low + draw);
    }

    /// <summary>Float32 uniforms in [0, 1), as <c>torch.rand</c>: the low 24 bits of one word each.</summary>
    public void Rand(Span<float> values) => Uniform(values, 0, 1);

    /// <summary>Float32 uniforms between <paramref name="low"/> and <paramref name="high"/>, as <c>uniform_</c>.</summary>
    /// <exception cref="ArgumentException">low is above high, or one of them is not a number.</exception>
    public void Uniform(Span<float> values, double low, double high)
    {
        CheckInterval(low, high);
        float from = (float)low;
        float range = (float)high - from;
        while (!values.IsEmpty)
        {
            var words = twister.Take(values.Length);
            Scale(words, values, range, from);
            values = values[words.Length..];
        }
    }

    /// <summary>Float64 uniforms between <paramref name="low"/> and <paramref name="high"/>: 53 bits of two words each.</summary>
    /// <exception cref="ArgumentException">low is above high, or one of them is not a number.</exception>
    public void Uniform(Span<double> values, double low, double high)
    {
        CheckInterval(low, high);
        double range = high - low;
        foreach (ref double v in values)
            v = Math.FusedMultiplyAdd(NextDouble(), range, low);
    }

    /// <summary>
    /// A random order of 0…n-1, as <c>torch.randperm(n)</c>: Fisher–Yates from the front, n-1 words.
    /// </summary>
    public int[] RandPerm(int n)
    {
        // From here on PyTorch takes two words per step; no data set of ours comes near.
        if (n is < 0 or >= 214_748_364)
            throw new ArgumentOutOfRangeException(nameof(n), $"RandPerm: n is {n}; needs 0 ≤ n < 214,748,364");
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
            order[i] = i;
        for (int i = 0; i < n - 1; i++)
        {
            int other = i + (int)(twister.NextUInt32() % (uint)(n - i));
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    private static void CheckInterval(double low, double high)
    {
        if (!(low <= high))
            throw new ArgumentException($"Uniform: the interval is [{low}, {high}]; needs low ≤ high");
    }

    //  x = (two words mod 2⁵³)·2⁻⁵³
    private double NextDouble() => (NextUInt64() & ((1UL << 53) - 1)) * (1.0 / (1UL << 53));

    //  v = fma(x, range, from)   with x = (word mod 2²⁴)·2⁻²⁴, everything in float32
    private static float Scale(uint word, float range, float from) => MathF.FusedMultiplyAdd((int)(word & 0xffffff) * Unit24, range, from);
}
