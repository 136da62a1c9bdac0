using System.Globalization;
using System.Numerics;

namespace NativeNN.Analysis;

/// <summary>
/// Counts of values per bin, with the semantics of <c>numpy.histogram</c>: bins are closed on the left and open on the right, the last one
/// is closed on both sides; values outside all bins, and NaN, are left out. Equal bins over float32 data have float32 edges, as NumPy has
/// them, so a value exactly on an edge falls where it falls there. Explicit edges are float64 and float32 data is compared with them in
/// float64.
/// </summary>
public sealed class Histogram
{
    private readonly bool singleEdges;

    private Histogram(long[] counts, double[] edges, bool singleEdges)
    {
        Counts = counts;
        Edges = edges;
        this.singleEdges = singleEdges;
        foreach (long c in counts)
            Total += c;
    }

    /// <summary>Values per bin.</summary>
    public long[] Counts { get; }

    /// <summary>The bins' borders, one more than bins; float32 edges are given exactly.</summary>
    public double[] Edges { get; }

    /// <summary>Values counted: those inside the bins.</summary>
    public long Total { get; }

    /// <summary>The middle of each bin, ½(left + right) in the edges' precision.</summary>
    public double[] Centers => Between((left, right) => 0.5 * (right + left), (left, right) => 0.5f * (right + left));

    /// <summary>
    /// The estimated density: count / width / total, which integrates to 1 over the bins; NaN in every bin if nothing was counted.
    /// </summary>
    public double[] Density()
    {
        double[] density = Between((left, right) => right - left, (left, right) => right - left);
        for (int k = 0; k < density.Length; k++)
            density[k] = Counts[k] / density[k] / Total;
        return density;
    }

    /// <summary>
    /// Equal bins over float32 values. range: the outer edges; if none are given, the smallest and the largest value. Throws
    /// ArgumentException for no bins, an empty or infinite range, or NaN or ∞ in the data of an automatic range.
    /// </summary>
    public static Histogram Of(ReadOnlySpan<float> values, int bins, (double Low, double High)? range = null)
    {
        var (low, high) = OuterEdges(values, bins, range);
        float[] edges = [.. Statistics.LinSpace(low, high, bins + 1).Select(e => (float)e)];
        return new Histogram(CountEqual(values, (float)low, (float)high, edges), [.. edges.Select(e => (double)e)], singleEdges: true);
    }

    /// <summary>Equal bins over float64 values; else as for float32.</summary>
    public static Histogram Of(ReadOnlySpan<double> values, int bins, (double Low, double High)? range = null)
    {
        var (low, high) = OuterEdges(values, bins, range);
        double[] edges = Statistics.LinSpace(low, high, bins + 1);
        return new Histogram(CountEqual(values, low, high, edges), edges, singleEdges: false);
    }

    /// <summary>
    /// Bins between explicit edges over float32 values, compared in float64. Throws ArgumentException for fewer than two edges, or edges
    /// that do not increase.
    /// </summary>
    public static Histogram Of(ReadOnlySpan<float> values, ReadOnlySpan<double> edges) => CountBetween(values, edges);

    /// <summary>
    /// Bins between explicit edges over float64 values. Throws ArgumentException for fewer than two edges, or edges that do not increase.
    /// </summary>
    public static Histogram Of(ReadOnlySpan<double> values, ReadOnlySpan<double> edges) => CountBetween(values, edges);

    private static (double Low, double High) OuterEdges<T>(ReadOnlySpan<T> values, int bins, (double Low, double High)? range)
        where T : IBinaryFloatingPointIeee754<T>
    {
        if (bins < 1)
            throw new ArgumentException($"Histogram: `bins` must be positive, when an integer (got {bins})");
        double low = 0, high = 1; // of no data at all
        if (range is { } given)
        {
            (low, high) = given;
            if (low > high)
                throw new ArgumentException($"Histogram: max must be larger than min in range parameter. Got [{low}, {high}]");
            if (!double.IsFinite(low) || !double.IsFinite(high))
                throw new ArgumentException($"Histogram: supplied range of [{Show(low)}, {Show(high)}] is not finite");
        }
        else if (!values.IsEmpty)
        {
            T least = values[0], most = values[0];
            foreach (T v in values)
            {
                least = T.Min(least, v); // NaN wins, as in NumPy
                most = T.Max(most, v);
            }
            (low, high) = (double.CreateChecked(least), double.CreateChecked(most));
            if (!double.IsFinite(low) || !double.IsFinite(high))
            {
                throw new ArgumentException(
                    $"Histogram: autodetected range of [{Show(low)}, {Show(high)}] is not finite. Give a range, or remove such values");
            }
        }
        return low == high ? (low - 0.5, high + 0.5) : (low, high);
    }

    //  bin = ⌊(v − low)·bins/(high − low)⌋, which rounding may put one off next to an edge: the edges themselves decide.
    private static long[] CountEqual<T>(ReadOnlySpan<T> values, T low, T high, T[] edges)
        where T : IBinaryFloatingPointIeee754<T>
    {
        int bins = edges.Length - 1;
        long[] counts = new long[bins];
        T perUnit = T.CreateChecked(bins) / (high - low);
        foreach (T v in values)
        {
            if (!(v >= low && v <= high))
                continue;
            int bin = Math.Min(int.CreateTruncating((v - low) * perUnit), bins - 1);
            if (v < edges[bin])
                bin--;
            if (bin + 1 < bins && v >= edges[bin + 1])
                bin++;
            counts[bin]++;
        }
        return counts;
    }

    // The last edge not above v, by bisection. Equal neighbours are allowed: their bin stays empty.
    private static Histogram CountBetween<T>(ReadOnlySpan<T> values, ReadOnlySpan<double> edges)
        where T : IBinaryFloatingPointIeee754<T>
    {
        if (edges.Length < 2)
            throw new ArgumentException($"Histogram: explicit edges must be at least two, got {edges.Length}");
        for (int k = 1; k < edges.Length; k++)
        {
            if (!(edges[k - 1] <= edges[k]))
                throw new ArgumentException($"Histogram: `bins` must increase monotonically, got {edges[k - 1]} before {edges[k]}");
        }
        int bins = edges.Length - 1;
        long[] counts = new long[bins];
        foreach (T value in values)
        {
            double v = double.CreateChecked(value);
            if (!(v >= edges[0] && v <= edges[bins]))
                continue;
            int first = 0, end = bins; // edges[first] ≤ v, and edges[end] > v or end is the last edge
            while (end - first > 1)
            {
                int middle = (first + end) / 2;
                if (edges[middle] <= v)
                    first = middle;
                else
                    end = middle;
            }
            counts[first]++;
        }
        return new Histogram(counts, edges.ToArray(), singleEdges: false);
    }

    private double[] Between(Func<double, double, double> inDouble, Func<float, float, float> inSingle)
    {
        double[] result = new double[Counts.Length];
        for (int k = 0; k < result.Length; k++)
            result[k] = singleEdges ? inSingle((float)Edges[k], (float)Edges[k + 1]) : inDouble(Edges[k], Edges[k + 1]);
        return result;
    }

    // As Python prints them, so that the message can be searched for.
    private static string Show(double x) => x.ToString("R", CultureInfo.InvariantCulture).Replace("Infinity", "inf").Replace("NaN", "nan");
}
