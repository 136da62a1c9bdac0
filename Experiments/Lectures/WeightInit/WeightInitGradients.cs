using System.Text;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Lectures;

/// <summary>The gradients of every parameter after a backward pass: document 004's gradient cell.</summary>
internal sealed class WeightInitGradients
{
    private const string Series = "last-gradient ";

    private WeightInitGradients(List<LayerMatrix> parameters) => Parameters = parameters;

    /// <summary>The gradient of every parameter, in the network's order; a bias is a matrix of one column.</summary>
    public IReadOnlyList<LayerMatrix> Parameters { get; }

    public IReadOnlyList<LayerMatrix> Weights => [.. Parameters.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal))];

    /// <summary>Zeroes all gradients, then forward and backward for one image [1, 784].</summary>
    public static WeightInitGradients Of(Sequential net, Tensor image, int target, LossFunction loss)
    {
        net.Eval().ZeroGrad();
        loss.Of(net.Forward(image), Labels.From([target], image.Backend)).Backward();
        return new([.. net.NamedParameters().Select(p => Gradient(p.Name, p.Parameter))]);

        static LayerMatrix Gradient(string name, Tensor parameter)
        {
            bool matrix = parameter.Shape.Rank == 2;
            return new(name, matrix ? parameter.Rows : parameter.Length, matrix ? parameter.Columns : 1, parameter.Grad!.ToArray());
        }
    }

    /// <summary>Keeps the gradients of the batch just trained; an earlier epoch's are replaced.</summary>
    public static void Keep(Sequential net, Recording recording)
    {
        foreach (var (name, parameter) in net.NamedParameters())
            recording.Series[Series + name] = [[.. parameter.Grad!.ToArray().Select(v => (double)v)]];
    }

    /// <summary>What backward leaves when the last batch's gradients were not zeroed before: the sum.</summary>
    public WeightInitGradients Plus(Recording recording) => new([.. Parameters.Select(p => p with
    {
        Values = [.. p.Values.Zip(recording.Of(Series + p.Name)[0], (fresh, kept) => fresh + (float)kept)],
    })]);

    /// <summary>One line a parameter: exact zeros, range, and whether its rows (neurons) and columns (inputs) are identical.</summary>
    public string Describe()
    {
        var text = new StringBuilder(
            "parameter   exactly zero        lowest       highest   largest difference between rows   between columns\n");
        foreach (var (name, rows, columns, values) in Parameters)
        {
            text.Append($"{name,-10}{values.Count(v => v == 0),6} of {values.Length,5}")
                .Append($"{Notation.Short(values.Min(), 4),14}{Notation.Short(values.Max(), 4),14}")
                .Append($"{Notation.Short(WeightInitMeasures.RowSpread(values, rows), 4),34}")
                .Append(columns > 1 ? $"{Notation.Short(WeightInitMeasures.ColumnSpread(values, rows), 4),18}\n" : "\n");
        }
        return text.ToString().TrimEnd();
    }
}
