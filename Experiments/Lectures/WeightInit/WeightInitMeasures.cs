using NativeNN.Analysis;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Lectures;

/// <summary>What document 004's questions ask for: whether neurons stay alike, how active they are, how large sums and gradients.</summary>
internal static class WeightInitMeasures
{
    /// <summary>The probabilities that the last layer's bias stands for: what a network predicts whose other parameters are zero.</summary>
    public static double[] OutputBiasSoftmax(Snapshot snapshot)
    {
        float[] bias = snapshot.ByName[^1].Values;
        return [.. Tensor.From(bias, bias.Length).Softmax().ToArray()];
    }

    /// <summary>max over rows i and columns j of |A[i, j] − A[0, j]|; NaN if anything is.</summary>
    public static double RowSpread(float[] values, int rows)
    {
        int columns = values.Length / rows;
        double spread = 0;
        for (int i = 0; i < values.Length; i++)
            spread = Math.Max(spread, Math.Abs((double)values[i] - values[i % columns]));
        return spread;
    }

    /// <summary>max over rows i and columns j of |A[i, j] − A[i, 0]|; NaN if anything is.</summary>
    public static double ColumnSpread(float[] values, int rows)
    {
        int columns = values.Length / rows;
        double spread = 0;
        for (int i = 0; i < values.Length; i++)
            spread = Math.Max(spread, Math.Abs((double)values[i] - values[i / columns * columns]));
        return spread;
    }

    /// <summary>After each ReLU the share of values above zero, after each sigmoid the mean of σ′ = σ(1 − σ). images: [n, 784].</summary>
    public static double[] ActiveShares(Sequential net, Tensor images)
    {
        using var _ = new NoGrad();
        net.Eval();
        var shares = new List<double>();
        var x = images;
        foreach (var module in net.Modules)
        {
            x = module.Forward(x);
            if (module is Relu)
                shares.Add(x.ToArray().Average(v => v > 0 ? 1.0 : 0.0));
            if (module is Sigmoid)
                shares.Add(x.ToArray().Average(v => (double)v * (1 - v)));
        }
        return [.. shares];
    }

    /// <summary>The scales of each linear layer's output z over images [n, 784] and units, in the network's order.</summary>
    public static SumScale[] Scales(Sequential net, Tensor images, Labels labels, LossFunction loss)
    {
        net.Eval();
        var sums = new List<Tensor>();
        var x = images;
        foreach (var module in net.Modules)
        {
            x = module.Forward(x);
            if (module is Linear)
            {
                x.RetainGrad();
                sums.Add(x);
            }
        }
        loss.Of(x, labels).Backward();
        return [.. sums.Select(z => new SumScale(Statistics.Std(z.ToArray()), MatrixNorms.RootMeanSquare(z.Grad!.ToArray())))];
    }
}

/// <summary>Standard deviation of a layer's weighted sums z, and root mean square of the loss's gradient dz.</summary>
internal readonly record struct SumScale(double Std, double Gradient);

/// <summary>
/// How alike a layer is: the largest difference between two rows of its weights (neurons), the largest between two columns (inputs), and
/// its largest |w|.
/// </summary>
internal readonly record struct LayerSymmetry(double Rows, double Columns, double Largest)
{
    public static LayerSymmetry Of(LayerMatrix w) =>
        new(WeightInitMeasures.RowSpread(w.Values, w.Rows), WeightInitMeasures.ColumnSpread(w.Values, w.Rows), w.Largest);
}

/// <summary>The symmetry of the network's layers after an epoch, first to last.</summary>
internal sealed record Symmetry(IReadOnlyList<LayerSymmetry> Layers)
{
    private const string Series = "symmetry";

    public LayerSymmetry Second => Layers[1];

    public LayerSymmetry Output => Layers[^1];

    public static Symmetry Of(Snapshot snapshot) => new([.. LayerMatrix.Of(snapshot).Select(LayerSymmetry.Of)]);

    public void AddTo(Recording recording) =>
        recording.Add(Series, [.. Layers.SelectMany(l => new[] { l.Rows, l.Columns, l.Largest })]);

    /// <summary>Every epoch's.</summary>
    public static IReadOnlyList<Symmetry> Of(Recording recording) => [.. recording.Of(Series).Select(values =>
        new Symmetry([.. values.Chunk(3).Select(s => new LayerSymmetry(s[0], s[1], s[2]))]))];
}

/// <summary>How often each digit was predicted in an epoch's training.</summary>
internal sealed record PredictedDigits(double[] Counts)
{
    private const string Series = "digits";

    /// <summary>The digit predicted most often, the first of equals.</summary>
    public int Favourite => Array.IndexOf(Counts, Counts.Max());

    public double[] Shares => [.. Counts.Select(count => count / Counts.Sum())];

    /// <summary>Adds 1 to the digit that each row of logits predicts: the first of the largest, or the first NaN, as torch.max.</summary>
    public void Count(Tensor logits)
    {
        foreach (int digit in logits.ArgMax().ToArray())
            Counts[digit]++;
    }

    public void Clear() => Array.Clear(Counts);

    public void AddTo(Recording recording) => recording.Add(Series, [.. Counts]); // a copy: the counting goes on

    /// <summary>Those of the last epoch.</summary>
    public static PredictedDigits Of(Recording recording) => new(recording.Of(Series)[^1]);
}

/// <summary>The loss over the whole training, a mean of every <see cref="StepsPerPoint"/> steps.</summary>
internal sealed record LossCurve(double[] Losses)
{
    public const int StepsPerPoint = 100;
    private const string Series = "loss-curve";

    /// <summary>The last step that each point averages.</summary>
    public double[] Steps => [.. Enumerable.Range(1, Losses.Length).Select(point => (double)point * StepsPerPoint)];

    /// <summary>Adds an epoch's losses.</summary>
    public static void AddTo(Recording recording, float[] losses) =>
        recording.Add(Series, [.. losses.Chunk(StepsPerPoint).Select(chunk => chunk.Average(loss => (double)loss))]);

    /// <summary>All epochs, one after the other.</summary>
    public static LossCurve Of(Recording recording) => new([.. recording.Of(Series).SelectMany(epoch => epoch)]);
}
