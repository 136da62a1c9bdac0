using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The densities before each epoch, in 100 bins: of all parameters within ±0.3, of a layer's weights within ±0.7.</summary>
internal static class Densities
{
    public const double AllRange = 0.3;
    private const double LayerRange = 0.7;
    private const int Bins = 100;
    private const string AllSeries = "all"; // a layer's is its parameter's name

    private static readonly double[] AllEdges = Statistics.LinSpace(-AllRange, AllRange, Bins + 1);
    private static readonly double[] LayerEdges = Statistics.LinSpace(-LayerRange, LayerRange, Bins + 1);

    public static double LayerBinWidth => 2 * LayerRange / Bins;

    /// <summary>The middle of each bin.</summary>
    public static double[] AllCenters { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, AllEdges).Centers;

    public static double[] LayerCenters { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, LayerEdges).Centers;

    // np.concatenate onto an empty float64 array makes the document's values float64; comparing float32 with float64 edges is the same.
    public static double[] OfAll(Snapshot now) => Histogram.Of(now.All, AllEdges).Density();

    public static void AddAll(Snapshot now, Recording recording) => recording.Add(AllSeries, OfAll(now));

    public static void AddLayers(Snapshot now, Recording recording)
    {
        foreach (var layer in LayerMatrix.Of(now))
            recording.Add(layer.Name, OfLayer(layer));
    }

    public static double[] OfLayer(LayerMatrix layer) => Histogram.Of(layer.Values, LayerEdges).Density();

    /// <summary>What AddAll recorded, epoch by epoch.</summary>
    public static IReadOnlyList<double[]> AllOf(Recording recording) => recording.Of(AllSeries);

    /// <summary>What AddLayers recorded of one layer, epoch by epoch.</summary>
    public static IReadOnlyList<double[]> LayerOf(Recording recording, string layer) => recording.Of(layer);
}

/// <summary>The standard deviation of each layer's weights before each epoch; no figure draws it.</summary>
internal static class LayerSpreads
{
    public static void AddTo(Recording recording, Snapshot now) => recording.Add("spread", [.. LayerMatrix.Of(now).Select(w => w.Std)]);
}

/// <summary>Mean and standard deviation of all pixels, 0–255.</summary>
internal readonly record struct PixelScale(double Mean, double Std)
{
    public static PixelScale Of(ImageSet images)
    {
        var counts = new long[256];
        foreach (byte pixel in images.Pixels)
            counts[pixel]++;
        double mean = counts.Select((count, value) => count * (double)value).Sum() / images.Pixels.Length;
        double variance = counts.Select((count, value) => count * Math.Pow(value - mean, 2)).Sum() / images.Pixels.Length;
        return new PixelScale(mean, Math.Sqrt(variance));
    }
}
