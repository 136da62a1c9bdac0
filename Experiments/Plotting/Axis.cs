namespace NativeNN.Experiments.Plotting;

public enum AxisScale { Linear, Log }

/// <summary>One direction of a plot: which values are in view, and where they lie between 0 and 1.</summary>
internal sealed class Axis(string name)
{
    private const double Margin = 0.05;
    private double dataLow = double.PositiveInfinity, dataHigh = double.NegativeInfinity;
    private bool whole = true;

    public AxisScale Scale { get; set; }
    public (double Low, double High)? Limits { get; set; }
    public string Label { get; set; } = "";

    /// <summary>Values between the given ones count too, as on a colour bar: ticks need not be whole numbers if those are.</summary>
    public bool Continuous { get; init; }

    /// <summary>Ticks set by hand; labels may be null.</summary>
    public (double[] Positions, string[]? Labels)? Fixed { get; set; }

    /// <summary>Values without a margin beyond them, such as the foot of bars and the edges of an image.</summary>
    public HashSet<double> Sticky { get; } = [];

    public double Low { get; private set; }
    public double High { get; private set; }

    /// <summary>The part of the view that is left free at its upper end, in [0, 1).</summary>
    public double Headroom { get; set; }

    /// <summary>Whether a value has a place on this axis. Beyond 1e300 ranges would overflow.</summary>
    public bool CanShow(double value) => Math.Abs(value) < 1e300 && (Scale == AxisScale.Linear || value > 0);

    public void Reset()
    {
        (dataLow, dataHigh, whole) = (double.PositiveInfinity, double.NegativeInfinity, true);
        Sticky.Clear();
    }

    public void Include(double value)
    {
        if (!CanShow(value))
            return;
        (dataLow, dataHigh) = (Math.Min(dataLow, value), Math.Max(dataHigh, value));
        whole &= value == Math.Floor(value);
    }

    /// <summary>Sets the view from the limits, or from the data with a margin of 5%.</summary>
    public void Autoscale()
    {
        (double low, double high) = dataLow > dataHigh ? (Scale == AxisScale.Log ? (1, 10) : (0, 1)) : (dataLow, dataHigh);
        // With one end given, the margin at the other is 5% of what is in view.
        if (Limits is (double given, double.NaN) && CanShow(given) && given < high)
            (low, _) = (given, Sticky.Add(given));
        else if (Limits is (double.NaN, double end) && CanShow(end) && end > low)
            (high, _) = (end, Sticky.Add(end));
        double a = Inner(low), b = Inner(high);
        if (b - a <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b)))
        {
            // A single value: matplotlib widens by 5% of it, on a log axis by a decade.
            double widen = Scale == AxisScale.Log ? 1 : a == 0 ? 0.055 : Math.Abs(a) * 0.055;
            (a, b) = (Sticky.Contains(low) && Scale == AxisScale.Linear ? a : a - widen, b + widen);
        }
        else
        {
            double margin = (b - a) * Margin;
            (a, b) = (Sticky.Contains(low) ? a : a - margin, Sticky.Contains(high) ? b : b + margin);
        }
        (Low, High) = (Outer(a), Outer(b + (b - a) * Headroom / (1 - Headroom)));
        if (Limits is not (double lower, double upper))
            return;
        Low = double.IsNaN(lower) ? Low : lower;
        High = double.IsNaN(upper) ? High : upper;
        if (!CanShow(Low) || !CanShow(High) || Low == High)
        {
            string needed = Scale == AxisScale.Log ? "two different finite numbers above 0" : "two different finite numbers";
            throw new ArgumentException($"Axes: the limits ({lower}, {upper}) of {name} must be {needed}.");
        }
    }

    /// <summary>0 at <see cref="Low"/>, 1 at <see cref="High"/>.</summary>
    public double Fraction(double value)
    {
        double low = Inner(Low);
        return (Inner(value) - low) / (Inner(High) - low);
    }

    public Ticks FindTicks(int most)
    {
        (double low, double high) = (Math.Min(Low, High), Math.Max(Low, High));
        if (Fixed is (double[] positions, var labels))
        {
            bool InView(int i) => CanShow(positions[i]) && Fraction(positions[i]) is >= -1e-9 and <= 1 + 1e-9;
            int[] shown = [.. Enumerable.Range(0, positions.Length).Where(InView)];
            double[] major = [.. shown.Select(i => positions[i])];
            return new Ticks(major, labels is null ? TickFormat.Each(major) : [.. shown.Select(i => labels[i])], [], "");
        }
        // Epochs, ranks and counts: between whole numbers there is nothing, so no tick either.
        bool wholeTicks = whole && !Continuous && dataLow <= dataHigh && Math.Ceiling(low) <= high;
        return Scale == AxisScale.Log ? Ticks.Log(low, high, most) : Ticks.Linear(low, high, most, wholeTicks);
    }

    private double Inner(double value) => Scale == AxisScale.Log ? Math.Log10(value) : value;

    private double Outer(double value) => Scale == AxisScale.Log ? Math.Pow(10, value) : value;
}
