namespace NativeNN.Random;

// Coin flips: bernoulli_(p) and the dropout masks made of them.
public sealed partial class Generator
{
    /// <summary>
    /// Ones with probability <paramref name="probability"/>, else zeros, as <c>bernoulli_(p)</c>; two words per value with the
    /// default kernel, one for all with <see cref="DropoutKernel.Mkl"/>, two for all with <see cref="DropoutKernel.Philox"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside [0, 1].</exception>
    public void Bernoulli(Span<float> values, double probability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability),
                $"Bernoulli: probability is {probability}; needs a number from 0 to 1");
        Keep(values, probability, one: 1f);
    }

    /// <summary>
    /// What dropout multiplies with: 0 with probability <paramref name="p"/>, else 1/(1-p), as in PyTorch's training mode.
    /// Nothing is drawn for p = 0 (all ones) and p = 1 (all zeros).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1].</exception>
    public void DropoutMask(Span<float> mask, double p)
    {
        if (!(p is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), $"DropoutMask: p is {p}; needs a probability from 0 to 1");
        if (p == 0)
            mask.Fill(1f);
        else if (p == 1)
            mask.Clear();
        else
            Keep(mask, 1 - p, one: 1f / (float)(1 - p));
    }

    private void Keep(Span<float> values, double probability, float one)
    {
        if (DropoutKernel == DropoutKernel.Mkl)
            KeepMkl(values, probability, one);
        else if (DropoutKernel == DropoutKernel.Philox)
            Philox.Keep(values, NextPhiloxKey(), probability, one);
        else
            KeepDefault(values, probability, one);
    }

    // A backend that draws its own mask takes the key as the CPU would, so both leave the generator in the same state.
    internal (uint X, uint Y) NextPhiloxKey() => (NextUInt32(), NextUInt32());

    //  keep = x < p  with x = n·2⁻⁵³, n the low 53 bits of two words: the same as n < ⌈p·2⁵³⌉ in integers.
    private void KeepDefault(Span<float> values, double probability, float one)
    {
        long limit = (long)Math.Ceiling(probability * (1L << 53));
        while (!values.IsEmpty)
        {
            int whole = Math.Min(values.Length, twister.Ready / 2);
            if (whole == 0)
            {
                // The two words lie on either side of a twist.
                values[0] = Keep(NextUInt32(), NextUInt32(), limit, one);
                values = values[1..];
                continue;
            }
            KeepPairs(twister.Take(2 * whole), values[..whole], limit, one);
            values = values[whole..];
        }
    }

    private static float Keep(uint first, uint second, long limit, float one) =>
        (((long)(first & 0x1fffff) << 32) | second) < limit ? one : 0f;

    //  MCG31:  x₀ = seed mod M (0 → 1),  keep = x/M < p,  x ← 1132489760·x mod M,  M = 2³¹ - 1
    private void KeepMkl(Span<float> values, double probability, float one)
    {
        const ulong Modulus = 0x7fffffff;
        ulong x = NextUInt32() % Modulus;
        if (x == 0)
            x = 1;
        foreach (ref float v in values)
        {
            v = x / (double)Modulus < probability ? one : 0f;
            x = x * 1132489760 % Modulus;
        }
    }
}
