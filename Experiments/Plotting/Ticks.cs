namespace NativeNN.Experiments.Plotting;

/// <summary>Positions of an axis's ticks; the labels belong to the major ones. Offset tells the factor or the summand that all labels
/// leave out, such as ×10⁶.</summary>
internal sealed record Ticks(double[] Major, string[] Labels, double[] Minor, string Offset)
{
    private static readonly double[] Steps = [1, 2, 2.5, 5, 10];

    public static Ticks Empty { get; } = new([], [], [], "");

    /// <summary>Round numbers in [low, high] at most <paramref name="bins"/> steps apart: 1, 2, 2.5 or 5 times a power of ten.</summary>
    public static Ticks Linear(double low, double high, int bins, bool wholeNumbers = false)
    {
        double[] major = LinearPositions(low, high, bins, wholeNumbers);
        (string[] labels, string offset) = TickFormat.Plain(major, low, high);
        return new Ticks(major, labels, [], offset);
    }

    // Which multiples of powers of ten are labelled where powers alone are too few, from the usual choice to denser ones.
    private static readonly double[][] Multipliers = [[1, 2, 5], [1, 2, 3, 5], [1, 2, 3, 4, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9]];

    /// <summary>Powers of ten in [low, high], each or every second, third, …; inside two decades also multiples of those.</summary>
    public static Ticks Log(double low, double high, int most)
    {
        double from = Math.Log10(low), to = Math.Log10(high), slack = 1e-9 * Math.Max(1, to - from);
        int first = (int)Math.Ceiling(from - slack), last = (int)Math.Floor(to + slack);
        bool InView(double value) => Math.Log10(value) >= from - slack && Math.Log10(value) <= to + slack;
        IEnumerable<double> Multiples(params double[] factors)
            => from exponent in Enumerable.Range(first - 1, Math.Max(0, last - first + 3))
               from factor in factors
               let value = factor * Math.Pow(10, exponent)
               where InView(value)
               select value;

        if (to - from >= 2)
        {
            int stride = (last - first + most) / Math.Max(1, most);
            int[] exponents = [.. Enumerable.Range(first, last - first + 1).Where(e => e % stride == 0)];
            if (exponents.Length == 0)
                exponents = [first];
            double[] minor = stride == 1 && last - first <= 12 ? [.. Multiples(2, 3, 4, 5, 6, 7, 8, 9)]
                : last - first <= 60 ? [.. Multiples(1).Where(v => (int)Math.Round(Math.Log10(v)) % stride != 0)] : [];
            return new Ticks([.. exponents.Select(e => Math.Pow(10, e))], [.. exponents.Select(Notation.PowerOfTen)], minor, "");
        }
        double[][] choices = [.. from factors in Multipliers
                                 let choice = Multiples(factors).ToArray()
                                 where choice.Length <= Math.Max(2, most)
                                 select choice];
        double[] chosen = Array.Find(choices, choice => choice.Length >= 3) ?? choices.MaxBy(choice => choice.Length) ?? [];
        if (chosen.Length >= 2)
            return new Ticks(chosen, TickFormat.Each(chosen), [.. Multiples(Multipliers[^1]).Except(chosen)], "");
        double[] linear = LinearPositions(low, high, Math.Max(2, Math.Min(most, 5)), wholeNumbers: false);
        return new Ticks(linear, TickFormat.Each(linear), [], "");
    }

    // As matplotlib's MaxNLocator: the largest number of round steps that is at most bins, but at least two ticks.
    private static double[] LinearPositions(double low, double high, int bins, bool wholeNumbers)
    {
        double range = high - low;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(range / bins)));
        double[] steps = [.. from power in (double[])[0.01, 0.1, 1, 10]
                             from step in Steps
                             where power == 0.01 || step > 1
                             let size = step * power * magnitude
                             where !wholeNumbers || (size >= 1 && Math.Abs(size - Math.Round(size)) < 1e-9 * size)
                             select size];
        double[] ticks = [];
        int index = Array.FindIndex(steps, step => step >= range / bins * (1 - 1e-10));
        for (; index >= 0; index--)
        {
            double step = steps[index];
            long start = (long)Math.Ceiling(low / step - 1e-9), end = (long)Math.Floor(high / step + 1e-9);
            ticks = [.. from i in Enumerable.Range(0, (int)Math.Clamp(end - start + 1, 0, 1000)) select Multiple(start + i, step)];
            if (ticks.Length >= 2)
                break;
        }
        return ticks.Length == 0 && wholeNumbers ? LinearPositions(low, high, bins, wholeNumbers: false) : ticks;
    }

    // 3 × 0.1 is 0.30000000000000004; 3 / 10 is 0.3.
    private static double Multiple(long i, double step) => step >= 1 ? i * step : i / Math.Round(1 / step);
}
