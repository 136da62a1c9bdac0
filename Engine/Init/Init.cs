using NativeNN.Random;

namespace NativeNN;

/// <summary>
/// PyTorch's <c>nn.init</c>: every way to choose the weights a network starts from, with the same values for the same seed. A method
/// overwrites a tensor, on whatever backend it lives, with values drawn on the CPU; weights have the shape [out, in].
/// Here: what needs no more than its arguments. <c>Init.Scaled.cs</c>: what fits the spread to the layer's width, so that signals neither
/// grow nor fade. <c>Init.Shaped.cs</c>: what draws first and then changes what it drew.
/// </summary>
public static partial class Init
{
    private delegate void Filling(Span<float> values);

    /// <summary>All zeros.</summary>
    public static void Zeros(Tensor tensor) => Constant(tensor, 0);

    /// <summary>All ones.</summary>
    public static void Ones(Tensor tensor) => Constant(tensor, 1);

    /// <summary>One value throughout.</summary>
    public static void Constant(Tensor tensor, double value) => Fill(tensor, values => values.Fill((float)value));

    /// <summary>The identity matrix, cut or padded with zeros if not square. Throws ShapeException unless it has two dimensions.</summary>
    public static void Eye(Tensor weight)
    {
        var (rows, columns) = Matrix("Eye", weight, "Only tensors with 2 dimensions are supported");
        Fill(weight, values =>
        {
            values.Clear();
            for (int k = 0; k < Math.Min(rows, columns); k++)
                values[k * columns + k] = 1;
        });
    }

    /// <summary>Uniform between low and high. Throws ArgumentException if they are in the wrong order.</summary>
    public static void Uniform(Tensor tensor, Generator generator, double low = 0, double high = 1) =>
        Fill(tensor, values => generator.Uniform(values, low, high));

    /// <summary>Normal with that mean and standard deviation. Throws ArgumentException for a negative one.</summary>
    public static void Normal(Tensor tensor, Generator generator, double mean = 0, double std = 1) =>
        Fill(tensor, values => generator.Normal(values, mean, std));

    private static void Fill(Tensor tensor, Filling fill)
    {
        float[] values = new float[tensor.Length];
        fill(values);
        tensor.Set(values);
    }

    private static (int Rows, int Columns) Matrix(string method, Tensor weight, string reason) => weight.Shape.Rank == 2
        ? (weight.Rows, weight.Columns)
        : throw new ShapeException($"{method}: {reason} (got shape {weight.Shape}, needs [out, in])");
}
