using NativeNN.Analysis;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>A layer's weights or their gradient, [Rows, Columns] = [out, in], row by row. Name is the parameter's: "fc1.weight".</summary>
internal sealed record LayerMatrix(string Name, int Rows, int Columns, float[] Values)
{
    /// <summary>The layer's own name: "fc1".</summary>
    public string Layer => Name[..Name.LastIndexOf('.')];

    /// <summary>max |w|.</summary>
    public float Largest => Values.Max(MathF.Abs);

    public double Std => Statistics.Std(Values);

    /// <summary>The weight matrices of a network in its order, without biases.</summary>
    public static IReadOnlyList<LayerMatrix> Of(Snapshot snapshot) => [.. snapshot.ByName
        .Where(p => snapshot.State[p.Name].Shape.Rank == 2)
        .Select(p => new LayerMatrix(p.Name, snapshot.State[p.Name].Rows, snapshot.State[p.Name].Columns, p.Values))];
}

/// <summary>A layer's weights before and after a training.</summary>
internal sealed record LayerChange(LayerMatrix Before, LayerMatrix After)
{
    public string Name => After.Name;

    /// <summary>The largest |w| of both.</summary>
    public float Largest => Before.Values.Concat(After.Values).Max(MathF.Abs); // one NaN would be the largest of Math.Max's

    /// <summary>How many times as wide the weights spread after the training.</summary>
    public double Growth => After.Std / Before.Std;

    /// <summary>Standard deviation of what training added to each weight.</summary>
    public double Moved => Statistics.Std(After.Values.Zip(Before.Values, (after, before) => (double)after - before).ToArray());

    public static IReadOnlyList<LayerChange> Between(Snapshot before, Snapshot after) =>
        [.. LayerMatrix.Of(before).Zip(LayerMatrix.Of(after), (b, a) => new LayerChange(b, a))];
}
