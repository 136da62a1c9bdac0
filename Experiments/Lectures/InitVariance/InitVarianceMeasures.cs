using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>The loss of an epoch's first step.</summary>
internal readonly record struct FirstLoss(double Value)
{
    private const string Series = "first-loss";

    public void AddTo(Recording recording) => recording.Add(Series, Value);

    /// <summary>The whole training's first.</summary>
    public static FirstLoss Of(Recording recording) => new(recording.Of(Series)[0][0]);
}

/// <summary>How wide all parameters spread, and their share with |w| &lt; <see cref="NearZero"/>; NaN once one is not finite.</summary>
internal readonly record struct Spread(double Std, double ShareNearZero)
{
    public const float NearZero = 0.01f;
    private const string Series = "spread";

    public static Spread Of(float[] parameters) => Array.TrueForAll(parameters, float.IsFinite)
        ? new(Statistics.Std(parameters), parameters.Count(p => MathF.Abs(p) < NearZero) / (double)parameters.Length)
        : new(double.NaN, double.NaN);

    public void AddTo(Recording recording) => recording.Add(Series, Std, ShareNearZero);

    /// <summary>After the last epoch.</summary>
    public static Spread Of(Recording recording)
    {
        double[] last = recording.Of(Series)[^1];
        return new(last[0], last[1]);
    }
}

/// <summary>The document's histogram of all parameters: 80 bins from the least to the greatest; empty once one is not finite.</summary>
internal sealed record LearnedHistogram(double Low, double High, double[] Counts)
{
    private const int Bins = 80;
    private const string Series = "histogram";

    public bool IsEmpty => Counts.Length == 0;

    /// <summary>The middle of each bin.</summary>
    public double[] Centers => Middles(Statistics.LinSpace(Low, High, Bins + 1));

    public static LearnedHistogram Of(float[] parameters)
    {
        if (!Array.TrueForAll(parameters, float.IsFinite))
            return new(0, 0, []);
        // np.concatenate with an empty float64 array makes all values float64, so edges are float64 too.
        var histogram = Histogram.Of(Array.ConvertAll(parameters, p => (double)p), Bins);
        return new(histogram.Edges[0], histogram.Edges[^1], [.. histogram.Counts]);
    }

    public void AddTo(Recording recording) => recording.Add(Series, IsEmpty ? [] : [Low, High, .. Counts]);

    /// <summary>After the last epoch.</summary>
    public static LearnedHistogram Of(Recording recording) =>
        recording.Of(Series)[^1] is [var low, var high, .. var counts] ? new(low, high, counts) : new(0, 0, []);

    /// <summary>½(left + right) of neighbouring edges.</summary>
    public static double[] Middles(double[] edges) => [.. edges.Zip(edges.Skip(1), (left, right) => 0.5 * (left + right))];
}

/// <summary>All parameters within ±0.5, in 200 bins of one width; empty once one is not finite.</summary>
internal sealed record CloseHistogram(double[] Counts)
{
    private const int Bins = 200;
    private const string Series = "close";
    private static readonly (double Low, double High) Range = (-0.5, 0.5);

    public bool IsEmpty => Counts.Length == 0;

    /// <summary>The middle of each bin.</summary>
    public static double[] Centers { get; } = LearnedHistogram.Middles(Statistics.LinSpace(Range.Low, Range.High, Bins + 1));

    public static CloseHistogram Of(float[] parameters) =>
        new(Array.TrueForAll(parameters, float.IsFinite) ? [.. Histogram.Of(parameters, Bins, Range).Counts] : []);

    public void AddTo(Recording recording) => recording.Add(Series, Counts);

    /// <summary>After the last epoch.</summary>
    public static CloseHistogram Of(Recording recording) => new(recording.Of(Series)[^1]);
}

/// <summary>
/// A network before its first step: the standard deviation of its parameters, and for each layer the root mean square of its outputs
/// (before ReLU) and of its weights' gradient.
/// </summary>
internal sealed record StartScales(double Std, double[] Activations, double[] Gradients)
{
    /// <summary>Of the first layer's weights: what is left of the gradient once it has come all the way back.</summary>
    public double FirstGradient => Gradients[0];

    /// <summary>Of the last layer's outputs.</summary>
    public double Logits => Activations[^1];

    /// <summary>The largest layer's outputs over the smallest's.</summary>
    public double Imbalance => Activations.Max() / Activations.Min();

    /// <summary>The largest layer's gradient over the smallest's.</summary>
    public double GradientImbalance => Gradients.Max() / Gradients.Min();

    /// <summary>Measures on the data set's first images, a batch of them.</summary>
    public static StartScales Measure(Recipe recipe, long seed, TensorDataset data)
    {
        var net = recipe.NewNetwork(new Generator(seed));
        net.To(data.Backend);
        var layers = net.NamedChildren.Select(child => (Linear)child.Child).ToList();
        var outputs = new List<double>();
        foreach (var layer in layers)
            layer.AfterForward += (_, _, y) => outputs.Add(MatrixNorms.RootMeanSquare(y.ToArray()));
        var first = data.Select([.. Enumerable.Range(0, Math.Min(recipe.BatchSize, data.Count))]);
        recipe.Loss.Of(net.Forward(first.CopyInputs()), first.Labels).Backward();
        double std = Statistics.Std(Snapshot.Of(net).All);
        return new StartScales(std, [.. outputs], [.. layers.Select(l => MatrixNorms.RootMeanSquare(l.Weight.Grad!.ToArray()))]);
    }
}
