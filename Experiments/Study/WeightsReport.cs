using System.Globalization;
using System.Text;
using NativeNN.Analysis;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Study;

/// <summary>What a file of weights holds, tensor by tensor: a table, and histograms.</summary>
internal static class WeightsReport
{
    private const int Bins = 50, Columns = 3;

    // Singular values of a larger matrix take more than a few seconds.
    private const int LargestDecomposed = 1 << 20;

    /// <summary>A line for each tensor; κ is a matrix's condition number. Integers have no statistics.</summary>
    public static string Table(IReadOnlyDictionary<string, SavedTensor> tensors)
    {
        int width = Math.Max("tensor".Length, tensors.Keys.Max(name => name.Length));
        var text = new StringBuilder();
        text.Append(Line(width, "tensor", "shape", "mean", "std", "smallest", "largest", "κ"));
        foreach (var (name, tensor) in tensors)
        {
            string[] numbers = tensor.Values is float[] { Length: > 0 } values
                ? [Number(Statistics.Mean(values)), Number(Statistics.Std(values)), Number(values.Min()), Number(values.Max()),
                    Condition(tensor.Shape, values)]
                : [tensor.Dtype, "", "", "", ""];
            text.Append('\n').Append(Line(width, [name, $"[{string.Join(", ", tensor.Shape)}]", .. numbers]));
        }
        return text.ToString();
    }

    /// <summary>A histogram of each tensor that has more than one number; null where none has.</summary>
    public static Figure? Histograms(string title, IReadOnlyDictionary<string, SavedTensor> tensors)
    {
        var drawn = tensors.Where(t => t.Value.Values is float[] { Length: > 1 } values && values.All(float.IsFinite)).ToList();
        if (drawn.Count == 0)
            return null;
        int rows = (drawn.Count + Columns - 1) / Columns, columns = Math.Min(drawn.Count, Columns);
        var figure = new Figure(rows, columns, width: 4.5 * columns, height: 3 * rows) { Title = title };
        for (int i = 0; i < rows * columns; i++)
        {
            var axes = figure[i / columns, i % columns];
            if (i >= drawn.Count)
            {
                axes.Hide();
                continue;
            }
            var histogram = Histogram.Of(drawn[i].Value.Floats, Bins);
            axes.Bars(histogram.Edges, histogram.Counts).Label(drawn[i].Key, "value", "count");
        }
        return figure;
    }

    private static string Condition(int[] shape, float[] values) =>
        shape.Length == 2 && values.Length <= LargestDecomposed && values.All(float.IsFinite)
            ? Number(MatrixNorms.ConditionNumber(values, shape[0], shape[1]))
            : "";

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Line(int width, params string[] cells) =>
        $"{cells[0].PadRight(width)}  {cells[1],-14}{string.Concat(cells[2..].Select(cell => $" {cell,11}"))}".TrimEnd();
}
