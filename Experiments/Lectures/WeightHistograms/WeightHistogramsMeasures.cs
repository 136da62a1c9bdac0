using NativeNN.Analysis;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>How one of document 000's trainings ended.</summary>
internal sealed record TrainingEnd(string Name, Recording Recording, Snapshot Final, Saturation Saturation)
{
    public double TestAccuracy => Recording.TestAccuracies[^1];

    public double Std => Statistics.Std(Final.Weights);

    /// <summary>The histogram of all weights before the first epoch, then after each.</summary>
    public IReadOnlyList<double[]> Counts => [.. WeightHistograms.CountsOf(Recording), WeightHistograms.Counts(Final.Weights)];

    /// <summary>The standard deviation of the weights after each epoch, as their histogram tells it.</summary>
    public double[] Spreads => [.. Counts.Skip(1).Select(SpreadOf)];

    /// <summary>Which share of the weights lies in another bin of the histogram than before training, after each epoch.</summary>
    public double[] Moved => [.. Counts.Skip(1).Select(now => 1 - now.Zip(Counts[0], Math.Min).Sum() / Counts[0].Sum())];

    //  √(Σ n·c² / Σ n − (Σ n·c / Σ n)²) over counts n and centres c
    private static double SpreadOf(double[] counts)
    {
        double[] centers = WeightHistograms.Centers;
        double all = counts.Sum(), mean = counts.Zip(centers, (n, c) => n * c).Sum() / all;
        return Math.Sqrt(counts.Zip(centers, (n, c) => n * c * c).Sum() / all - mean * mean);
    }
}

/// <summary>The biases of one layer before the first epoch, then after each.</summary>
internal sealed record BiasPath(string Name, IReadOnlyList<double[]> Epochs)
{
    public double[] Start => Epochs[0];

    public double[] End => Epochs[^1];

    /// <summary>How far a bias moves in each epoch: the root mean square over the layer.</summary>
    public double[] Steps => [.. Epochs.Zip(Epochs.Skip(1), (before, after) =>
        Math.Sqrt(Statistics.Mean(before.Zip(after, (b, a) => (a - b) * (a - b)).ToArray())))];

    /// <summary>Records the biases as an epoch begins, a series for each layer.</summary>
    public static void AddTo(Recording recording, Snapshot now)
    {
        foreach (var (name, values) in BiasesOf(now))
            recording.Add(name, values);
    }

    /// <summary>Every layer's; none if the recording is of an earlier version of this program, or was begun by one.</summary>
    public static IReadOnlyList<BiasPath> Of(Recording recording, Snapshot final) => [.. BiasesOf(final)
        .Where(bias => recording.Series.TryGetValue(bias.Name, out var epochs) && epochs.Count == recording.Epochs.Count)
        .Select(bias => new BiasPath(bias.Name, [.. recording.Of(bias.Name), bias.Values]))];

    private static IEnumerable<(string Name, double[] Values)> BiasesOf(Snapshot snapshot) => snapshot.ByName
        .Where(p => p.Name.EndsWith("bias", StringComparison.Ordinal))
        .Select(p => (p.Name, p.Values.Select(v => (double)v).ToArray()));
}

/// <summary>How much alike the neurons of a layer are.</summary>
internal static class NeuronLikeness
{
    /// <summary>The greatest cosine w·v / (‖w‖·‖v‖) between two rows, the weights of two neurons: 1 if they see the same.</summary>
    public static double Largest(LayerMatrix layer)
    {
        float[][] rows = [.. layer.Values.Chunk(layer.Columns)];
        double[] norms = [.. rows.Select(row => MatrixNorms.Frobenius(row))];
        double largest = -1;
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < i; j++)
                largest = Math.Max(largest, rows[i].Zip(rows[j], (a, b) => (double)a * b).Sum() / (norms[i] * norms[j]));
        return largest;
    }

    /// <summary>
    /// The greatest difference between the gradients of two neurons of a hidden layer on the first batch, if all parameters start at one
    /// value: 0 means that they will never differ.
    /// </summary>
    public static double GradientSpreadFromOneValue(Recipe recipe, TrainingData data, Generator generator)
    {
        const double Value = 0.01;
        var net = new FeedForward(recipe.Network, generator);
        Initialization.Constant(Value).Fill(net, generator);
        net.To(data.Train.Backend);
        var batch = data.Train.Select([.. Enumerable.Range(0, Math.Min(recipe.BatchSize, data.Train.Count))]);
        recipe.Loss.Of(net.Forward(batch.CopyInputs()), batch.Labels).Backward();
        return net.Layers.SkipLast(1).Max(l => FromFirst([.. l.Weight.Grad!.ToArray().Chunk(l.Weight.Columns)]));

        static double FromFirst(float[][] neurons) => neurons.Max(neuron => neuron.Zip(neurons[0], (a, b) => MathF.Abs(a - b)).Max());
    }
}
