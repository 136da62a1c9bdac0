using NativeNN.Analysis;
using NativeNN.Layers;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>What document 004's questions ask for: which digit is predicted, whether neurons stay alike, how active they are.</summary>
internal static class WeightInitMeasures
{
    /// <summary>Adds 1 to the digit that each row of logits predicts: the first of the largest, or the first NaN, as torch.max.</summary>
    public static void CountPredictions(Tensor logits, double[] digits)
    {
        float[] values = logits.ToArray();
        for (int row = 0; row < logits.Rows; row++)
        {
            var scores = values.AsSpan(row * logits.Columns, logits.Columns);
            int best = 0;
            for (int digit = 1; digit < scores.Length && !float.IsNaN(scores[best]); digit++)
                if (scores[digit] > scores[best] || float.IsNaN(scores[digit]))
                    best = digit;
            digits[best]++;
        }
    }

    /// <summary>
    /// For each weight matrix in turn: the largest difference between two of its rows (neurons), the largest between two of its columns
    /// (inputs), and its largest |w|.
    /// </summary>
    public static double[] Symmetry(Snapshot snapshot) => [.. Matrices(snapshot).SelectMany(m =>
        new[] { RowSpread(m.Values, m.Rows), ColumnSpread(m.Values, m.Rows), m.Values.Max(v => (double)MathF.Abs(v)) })];

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

    /// <summary>
    /// Standard deviation of each linear layer's output z over images [n, 784] and units, and root mean square of the loss's gradient dz.
    /// </summary>
    public static (double[] Z, double[] Gradient) Scales(Sequential net, Tensor images, Labels labels)
    {
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
        x.CrossEntropy(labels).Backward();
        return ([.. sums.Select(z => Statistics.Std(z.ToArray()))], [.. sums.Select(z => Math.Sqrt(z.Grad!.ToArray().Average(g => (double)g * g)))]);
    }

    private static IEnumerable<(float[] Values, int Rows)> Matrices(Snapshot snapshot) => snapshot.ByName
        .Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal))
        .Select(p => (p.Values, snapshot.State[p.Name].Rows));
}
