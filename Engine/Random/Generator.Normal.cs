namespace NativeNN.Random;

// Normal numbers: PyTorch has one recipe for sixteen values or more and another below.
public sealed partial class Generator
{
    /// <summary>
    /// Float32 normals, as <c>normal_(mean, std)</c>, <c>randn</c> and <c>randn_like</c> of a contiguous tensor.
    /// </summary>
    /// <remarks>
    /// Sixteen values or more: uniforms for all, transformed in blocks of sixteen; if the length is no multiple, sixteen
    /// fresh uniforms replace the last sixteen values. Fewer: pairs in float64, the second of a pair kept for the next such call.
    /// </remarks>
    /// <exception cref="ArgumentException">The standard deviation is negative or not a number.</exception>
    public void Normal(Span<float> values, double mean, double std)
    {
        CheckDeviation(std);
        if (values.Length < NormalBlocks.Size)
        {
            foreach (ref float v in values)
                v = (float)((NextNormal() * std) + mean);
            return;
        }
        Rand(values);
        int whole = values.Length - (values.Length % NormalBlocks.Size);
        NormalBlocks.Transform(values[..whole], (float)mean, (float)std);
        if (whole < values.Length)
        {
            var last = values[^NormalBlocks.Size..];
            Rand(last);
            NormalBlocks.Transform(last, (float)mean, (float)std);
        }
    }

    /// <summary>Float64 normals, in the same two recipes with float64 throughout.</summary>
    /// <exception cref="ArgumentException">The standard deviation is negative or not a number.</exception>
    public void Normal(Span<double> values, double mean, double std)
    {
        CheckDeviation(std);
        if (values.Length < NormalBlocks.Size)
        {
            foreach (ref double v in values)
                v = (NextNormal() * std) + mean;
            return;
        }
        Uniform(values, 0, 1);
        int whole = values.Length - (values.Length % NormalBlocks.Size);
        TransformBlocks(values[..whole], mean, std);
        if (whole < values.Length)
        {
            var last = values[^NormalBlocks.Size..];
            Uniform(last, 0, 1);
            TransformBlocks(last, mean, std);
        }
    }

    private static void CheckDeviation(double std)
    {
        if (!(std >= 0))
            throw new ArgumentException($"Normal: std is {std}; needs a number of at least 0");
    }

    //  u₁, u₂ uniform:  r = √(-2 ln(1 - u₂))   θ = 2π u₁   →   r cos θ now, r sin θ at the next call
    private double NextNormal()
    {
        if (cachedNormal is { } kept)
        {
            cachedNormal = null;
            return kept;
        }
        double u1 = NextDouble();
        double u2 = NextDouble();
        double r = Math.Sqrt(-2.0 * Math.Log(1.0 - u2));
        double theta = 2.0 * Math.PI * u1;
        cachedNormal = r * Math.Sin(theta);
        return r * Math.Cos(theta);
    }

    private static void TransformBlocks(Span<double> values, double mean, double std)
    {
        const int Half = NormalBlocks.Size / 2;
        for (; !values.IsEmpty; values = values[NormalBlocks.Size..])
        {
            for (int j = 0; j < Half; j++)
            {
                double r = Math.Sqrt(-2.0 * Math.Log(1.0 - values[j]));
                double theta = 2.0 * Math.PI * values[j + Half];
                values[j] = (r * Math.Cos(theta) * std) + mean;
                values[j + Half] = (r * Math.Sin(theta) * std) + mean;
            }
        }
    }
}
