using MathNet.Numerics;

namespace NativeNN.Analysis;

/// <summary>The statistics the lectures use, as NumPy and SciPy compute them, in float64.</summary>
public static class Statistics
{
    /// <summary><paramref name="count"/> evenly spaced values from start to stop, both included, as <c>numpy.linspace</c>.</summary>
    public static double[] LinSpace(double start, double stop, int count)
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count), $"LinSpace: got {count} values, needs at least 0");
        double[] values = new double[count];
        double delta = stop - start;
        double step = delta / (count - 1);
        for (int k = 0; k < count; k++)
        {
            // A step that underflows to zero is multiplied out the other way round.
            double offset = count == 1 ? 0 : step == 0 ? k / (double)(count - 1) * delta : k * step;
            values[k] = offset + start;
        }
        if (count > 1)
            values[^1] = stop;
        return values;
    }

    /// <summary>
    /// Evenly spaced float32 values in the roundings of <c>torch.linspace</c>: the first half counts up from start, the second
    /// down from stop.
    /// </summary>
    public static float[] TorchLinSpace(float start, float stop, int count)
    {
        if (count < 0)
            throw new ArgumentOutOfRangeException(nameof(count), $"TorchLinSpace: got {count} values, needs at least 0");
        if (count == 1)
            return [start];
        float step = (stop - start) / (count - 1);
        float Exact(int k) => k < count / 2
            ? MathF.FusedMultiplyAdd(step, k, start)
            : MathF.FusedMultiplyAdd(-step, count - k - 1, stop);

        // PyTorch fills vectors of eight, two at a time: base, base + step, base + 2·step, … with two roundings each.
        // What does not fill two vectors is computed one by one.
        const int Lanes = 8;
        float[] values = new float[count];
        int whole = count - count % (2 * Lanes);
        for (int k = 0; k < count; k++)
            values[k] = k < whole ? Exact(k - k % Lanes) + k % Lanes * step : Exact(k);
        return values;
    }

    /// <summary>Powers of ten with evenly spaced exponents, as <c>numpy.logspace(start, stop, count)</c>.</summary>
    public static double[] LogSpace(double start, double stop, int count) =>
        [.. LinSpace(start, stop, count).Select(x => Math.Pow(10.0, x))];

    /// <summary>Differences of neighbours, one fewer than values, as <c>numpy.diff</c>.</summary>
    public static double[] Diff(ReadOnlySpan<double> values)
    {
        double[] differences = new double[Math.Max(0, values.Length - 1)];
        for (int k = 0; k < differences.Length; k++)
            differences[k] = values[k + 1] - values[k];
        return differences;
    }

    /// <summary>The arithmetic mean; NaN of nothing.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double x in values)
            sum += x;
        return sum / values.Length;
    }

    /// <inheritdoc cref="Mean(ReadOnlySpan{double})"/>
    public static double Mean(ReadOnlySpan<float> values) => Mean(Widen(values));

    /// <summary>Standard deviation √(Σ(x − mean)²/(n − ddof)); ddof 0 is the population's, 1 the sample's.</summary>
    public static double Std(ReadOnlySpan<double> values, int ddof = 0) =>
        Math.Sqrt(CentralSum(values, Mean(values), power: 2) / Math.Max(0, values.Length - ddof));

    /// <inheritdoc cref="Std(ReadOnlySpan{double}, int)"/>
    public static double Std(ReadOnlySpan<float> values, int ddof = 0) => Std(Widen(values), ddof);

    /// <summary>(x − mean)/std for each value, as <c>scipy.stats.zscore</c>; NaN throughout if the values are all the same.</summary>
    public static double[] ZScore(ReadOnlySpan<double> values, int ddof = 0)
    {
        double[] scores = new double[values.Length];
        double mean = Mean(values);
        double std = values.IsEmpty || !values.ContainsAnyExcept(values[0]) ? double.NaN : Std(values, ddof);
        for (int k = 0; k < scores.Length; k++)
            scores[k] = (values[k] - mean) / std;
        return scores;
    }

    /// <summary>Pearson's correlation of two series of one length.</summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length)
            throw new ArgumentException($"Correlation: got {x.Length} values and {y.Length}, needs as many of both");
        double meanX = Mean(x), meanY = Mean(y), sum = 0;
        for (int k = 0; k < x.Length; k++)
            sum += (x[k] - meanX) * (y[k] - meanY);
        return sum / Math.Sqrt(CentralSum(x, meanX, power: 2) * CentralSum(y, meanY, power: 2));
    }

    /// <summary>Skewness m₃/m₂^1.5 (not corrected for bias, as <c>scipy.stats.skew</c>): 0 for a symmetric distribution.</summary>
    public static double Skewness(ReadOnlySpan<double> values) =>
        Moment(values, power: 3) / Math.Pow(Moment(values, power: 2), 1.5);

    /// <inheritdoc cref="Skewness(ReadOnlySpan{double})"/>
    public static double Skewness(ReadOnlySpan<float> values) => Skewness(Widen(values));

    /// <summary>Excess kurtosis m₄/m₂² − 3 (as <c>scipy.stats.kurtosis</c>): 0 for a normal distribution, −1.2 for a uniform one.</summary>
    public static double ExcessKurtosis(ReadOnlySpan<double> values)
    {
        double variance = Moment(values, power: 2);
        return Moment(values, power: 4) / (variance * variance) - 3;
    }

    /// <inheritdoc cref="ExcessKurtosis(ReadOnlySpan{double})"/>
    public static double ExcessKurtosis(ReadOnlySpan<float> values) => ExcessKurtosis(Widen(values));

    /// <summary>
    /// Kolmogorov–Smirnov distance to the uniform distribution on [low, high]: the largest gap between the two
    /// distribution functions, 0…1.
    /// </summary>
    public static double UniformDistance(ReadOnlySpan<float> values, double low, double high)
    {
        if (!(low < high))
            throw new ArgumentException($"UniformDistance: got [{low}, {high}], needs low < high");
        return KolmogorovSmirnov(values, x => Math.Clamp((x - low) / (high - low), 0, 1));
    }

    /// <summary>Kolmogorov–Smirnov distance to the normal distribution with the values' own mean and standard deviation.</summary>
    public static double NormalDistance(ReadOnlySpan<float> values)
    {
        double[] wide = Widen(values);
        double mean = Mean(wide), spread = Std(wide) * Math.Sqrt(2.0);
        return KolmogorovSmirnov(values, x => 0.5 * SpecialFunctions.Erfc((mean - x) / spread));
    }

    /// <summary>
    /// Two-sample Kolmogorov–Smirnov distance: the largest gap between the shares of a and of b that are at most x, over all x, 0…1;
    /// NaN if a value is NaN.
    /// </summary>
    public static double KolmogorovSmirnovDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float[] x = Sorted(a), y = Sorted(b);
        if (float.IsNaN(x[0]) || float.IsNaN(y[0])) // NaN sorts before all numbers
            return double.NaN;
        double distance = 0;
        for (int i = 0, j = 0; i < x.Length && j < y.Length;)
        {
            // Past all values equal to the next one, of both: a tie is no gap.
            float next = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] <= next)
                i++;
            while (j < y.Length && y[j] <= next)
                j++;
            distance = Math.Max(distance, Math.Abs((double)i / x.Length - (double)j / y.Length));
        }
        return distance;
    }

    //  D = max over the sorted values of |F(xₖ) − k/n| and |F(xₖ) − (k+1)/n|
    private static double KolmogorovSmirnov(ReadOnlySpan<float> values, Func<double, double> distribution)
    {
        float[] sorted = Sorted(values);
        double n = sorted.Length, distance = 0;
        for (int k = 0; k < sorted.Length; k++)
        {
            double f = distribution(sorted[k]);
            distance = Math.Max(distance, Math.Max(f - k / n, (k + 1) / n - f));
        }
        return distance;
    }

    private static float[] Sorted(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("Kolmogorov–Smirnov distance: got no values, needs at least one");
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    //  mₚ = Σ(x − mean)ᵖ / n
    private static double Moment(ReadOnlySpan<double> values, int power) => CentralSum(values, Mean(values), power) / values.Length;

    private static double CentralSum(ReadOnlySpan<double> values, double mean, int power)
    {
        double sum = 0;
        foreach (double x in values)
        {
            double d = x - mean;
            sum += power switch { 2 => d * d, 3 => d * d * d, _ => d * d * (d * d) };
        }
        return sum;
    }

    internal static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int k = 0; k < wide.Length; k++)
            wide[k] = values[k];
        return wide;
    }
}
