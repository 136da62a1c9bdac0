using NativeNN.Layers;

namespace NativeNN.Experiments.Running;

/// <summary>How large each layer's gradient is: ‖∂L/∂θ‖ over all parameters θ of a layer, in float64.</summary>
internal static class GradientNorms
{
    private const string Series = "gradient-norm ";

    /// <summary>Adds those of the step just done to the recording, a series for each layer.</summary>
    public static void AddTo(Recording recording, Module net)
    {
        foreach (var layer in net.NamedParameters().GroupBy(p => LayerOf(p.Name)))
            recording.Add(Series + layer.Key, Math.Sqrt(layer.Sum(p => SumOfSquares(p.Parameter.Grad))));
    }

    /// <summary>Of each layer, one number an epoch.</summary>
    public static IReadOnlyDictionary<string, double[]> Of(Recording recording) => recording.Series
        .Where(s => s.Key.StartsWith(Series, StringComparison.Ordinal))
        .ToDictionary(s => s.Key[Series.Length..], s => s.Value.Select(values => values[0]).ToArray());

    // "fc1" of "fc1.weight"; a parameter of the network itself has its own name.
    private static string LayerOf(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;

    private static double SumOfSquares(Tensor? gradient) => gradient?.ToArray().Sum(g => (double)g * g) ?? 0;
}
