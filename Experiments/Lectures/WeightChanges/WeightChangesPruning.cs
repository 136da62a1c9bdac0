using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Test accuracies of a trained network after pruning: the smallest |w| of every layer set to zero, or as many at random, for each share;
/// and the smallest of one layer alone, for <see cref="LayerShare"/>. Biases stay.
/// </summary>
internal sealed record Pruning(double Whole, double[] Smallest, double[] AtRandom, double[] ByLayer)
{
    public const double LayerShare = 0.8;

    /// <summary>The shares of the weights that are removed.</summary>
    public static readonly double[] Shares = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95];

    /// <summary>Measures on the images. The network ends with the final weights, and without dropout.</summary>
    public static Pruning Measure(Module net, Snapshot final, TensorDataset images, Generator generator)
    {
        net.Eval();
        var x = images.CopyInputs();
        int[] labels = images.Labels.ToArray();
        var layers = LayerMatrix.Of(final);
        var result = new Pruning(
            Accuracy(_ => null),
            [.. Shares.Select(share => Accuracy(layer => SmallestOf(layer.Values, share)))],
            [.. Shares.Select(share => Accuracy(layer => generator.RandPerm(layer.Values.Length)[..Count(layer.Values, share)]))],
            [.. layers.Select(one => Accuracy(layer => layer == one ? SmallestOf(layer.Values, LayerShare) : null))]);
        net.LoadStateDict(final.State);
        return result;

        double Accuracy(Func<LayerMatrix, int[]?> removed)
        {
            using var _ = new NoGrad();
            net.LoadStateDict(final.State);
            var parameters = net.NamedParameters().ToDictionary(p => p.Name, p => p.Parameter);
            foreach (var layer in layers)
                if (removed(layer) is { } places)
                    parameters[layer.Name].Set(Without(layer.Values, places));
            return net.Forward(x).ArgMax().ToArray().Zip(labels).Count(p => p.First == p.Second) / (double)labels.Length;
        }
    }

    /// <summary>The places of that share of the weights, the smallest |w|.</summary>
    public static int[] SmallestOf(float[] weights, double share) =>
        [.. Enumerable.Range(0, weights.Length).OrderBy(i => MathF.Abs(weights[i])).Take(Count(weights, share))];

    private static int Count(float[] weights, double share) => (int)Math.Round(share * weights.Length);

    private static float[] Without(float[] weights, int[] places)
    {
        float[] pruned = [.. weights];
        foreach (int place in places)
            pruned[place] = 0;
        return pruned;
    }
}
