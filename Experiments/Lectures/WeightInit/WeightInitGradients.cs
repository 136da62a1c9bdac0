using System.Text;
using NativeNN.Layers;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The gradients of every parameter after a backward pass: document 004's gradient cell.</summary>
internal sealed class WeightInitGradients
{
    private const string Series = "last-gradient ";

    private WeightInitGradients(List<(string Name, int Rows, float[] Values)> parameters) => Parameters = parameters;

    /// <summary>Name, rows ([out, in] weights) and values, in the network's order.</summary>
    public IReadOnlyList<(string Name, int Rows, float[] Values)> Parameters { get; }

    public IEnumerable<(string Name, int Rows, float[] Values)> Weights => Parameters.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal));

    /// <summary>Zeroes all gradients, then forward and backward for one image [1, 784].</summary>
    public static WeightInitGradients Of(Sequential net, Tensor image, int target)
    {
        new Optim.Sgd(net.Parameters(), learningRate: 0).ZeroGrad();
        net.Forward(image).CrossEntropy(Labels.From([target], image.Backend)).Backward();
        return new([.. net.NamedParameters().Select(p => (p.Name, p.Parameter.Shape.Rank == 2 ? p.Parameter.Rows : p.Parameter.Length, p.Parameter.Grad!.ToArray()))]);
    }

    /// <summary>Keeps the gradients of the batch just trained; an earlier epoch's are replaced.</summary>
    public static void Keep(Sequential net, Recording recording)
    {
        foreach (var (name, parameter) in net.NamedParameters())
            recording.Series[Series + name] = [[.. parameter.Grad!.ToArray().Select(v => (double)v)]];
    }

    /// <summary>What backward leaves when the last batch's gradients were not zeroed before: the sum.</summary>
    public WeightInitGradients Plus(Recording recording) => new([.. Parameters.Select(p =>
        (p.Name, p.Rows, p.Values.Zip(recording.Of(Series + p.Name)[0], (a, b) => a + (float)b).ToArray()))]);

    /// <summary>One line a parameter: exact zeros, range, and whether its rows (neurons) and columns (inputs) are identical.</summary>
    public string Describe()
    {
        var text = new StringBuilder("parameter   exactly zero        lowest       highest   largest difference between rows   between columns\n");
        foreach (var (name, rows, values) in Parameters)
        {
            bool matrix = values.Length > rows;
            text.Append(
                $"{name,-10}{values.Count(v => v == 0),6} of {values.Length,5}{values.Min(),14:G4}{values.Max(),14:G4}{WeightInitMeasures.RowSpread(values, rows),34:G4}");
            text.Append(matrix ? $"{WeightInitMeasures.ColumnSpread(values, rows),18:G4}\n" : "\n");
        }
        return text.ToString().TrimEnd();
    }
}
