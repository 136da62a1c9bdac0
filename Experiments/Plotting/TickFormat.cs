using System.Globalization;

namespace NativeNN.Experiments.Plotting;

/// <summary>Writes tick labels as matplotlib's ScalarFormatter does.</summary>
internal static class TickFormat
{
    /// <summary>Labels with one number of decimals for all; a common factor ×10ⁿ or a large common part goes into the offset.</summary>
    public static (string[] Labels, string Offset) Plain(double[] ticks, double low, double high)
    {
        if (ticks.Length == 0)
            return ([], "");
        double common = CommonPart(ticks);
        double largest = ticks.Max(t => Math.Abs(t - common));
        int power = largest == 0 ? 0 : (int)Math.Floor(Math.Log10(largest) + 1e-12);
        if (power is > -5 and < 6)
            power = 0;
        double unit = Math.Pow(10, power);
        double[] shown = [.. ticks.Select(t => (t - common) / unit)];

        // The fewest decimals that still tell the ticks exactly enough: to 1/1000 of the range's power of ten.
        double range = (high - low) / unit, threshold = 1e-3 * Math.Pow(10, Math.Floor(Math.Log10(range)));
        int decimals = 0;
        while (decimals < 15 && shown.Any(s => Math.Abs(s - Math.Round(s, decimals)) >= threshold))
            decimals++;
        string[] labels = [.. shown.Select(s => Notation.Minus(s.ToString("F" + decimals, CultureInfo.InvariantCulture)))];
        string factor = power == 0 ? "" : "×" + Notation.PowerOfTen(power);
        string added = common == 0 ? "" : (common > 0 ? "+" : "") + One(common);
        return (labels, factor + (factor.Length > 0 && added.Length > 0 ? " " : "") + added);
    }

    /// <summary>Each number by itself, as short as it can be; very large and small ones as 2×10⁷.</summary>
    public static string[] Each(double[] ticks) => [.. ticks.Select(One)];

    private static string One(double value)
    {
        int power = value == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);
        if (power is > -5 and < 6)
            return Notation.Minus(value.ToString("0.##########", CultureInfo.InvariantCulture));
        string mantissa = (value / Math.Pow(10, power)).ToString("0.########", CultureInfo.InvariantCulture);
        return Notation.Minus(mantissa == "1" ? Notation.PowerOfTen(power) : $"{mantissa}×{Notation.PowerOfTen(power)}");
    }

    // Ticks 123456.1, 123456.2 share 123456: worth taking out if it spares four digits or more.
    private static double CommonPart(double[] ticks)
    {
        (double low, double high) = (ticks.Min(), ticks.Max());
        if (ticks.Length < 2 || (low <= 0 && high >= 0))
            return 0;
        (double small, double large) = (Math.Min(Math.Abs(low), Math.Abs(high)), Math.Max(Math.Abs(low), Math.Abs(high)));
        int power = (int)Math.Ceiling(Math.Log10(large));
        while (Math.Floor(small / Math.Pow(10, power)) == Math.Floor(large / Math.Pow(10, power)))
            power--;
        power++;
        double unit = Math.Pow(10, power);
        // 1.9999 and 2.0001 share nothing so; they share 2 if their distance is small against the digit that differs.
        if ((large - small) / unit <= 0.01)
        {
            power = (int)Math.Ceiling(Math.Log10(large));
            while (Math.Floor(large / Math.Pow(10, power)) - Math.Floor(small / Math.Pow(10, power)) <= 1)
                power--;
            power++;
            unit = Math.Pow(10, power);
        }
        double whole = Math.Floor(large / unit);
        return whole >= 1000 ? Math.Sign(low) * whole * unit : 0;
    }
}
