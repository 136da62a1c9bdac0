namespace NativeNN;

/// <summary>
/// PyTorch's <c>nn.init</c>: every way to choose the weights a network starts from, with the same values for the same seed.
/// </summary>
/// <remarks>Weights have the shape [out, in]. This part: how wide a layer is, and how much its activation shrinks a signal.</remarks>
public static partial class Init
{
    /// <summary>The factor by which weights are scaled up before an activation, as <c>nn.init.calculate_gain</c>.</summary>
    /// <param name="nonlinearity">The activation.</param>
    /// <param name="slope">The negative slope of <see cref="Nonlinearity.LeakyRelu"/>; ignored by the others.</param>
    public static double CalculateGain(Nonlinearity nonlinearity, double slope = 0.01) => nonlinearity switch
    {
        Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.Relu => Math.Sqrt(2.0),
        Nonlinearity.LeakyRelu => Math.Sqrt(2.0 / (1 + (slope * slope))),
        Nonlinearity.Selu => 3.0 / 4,
        _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "CalculateGain: unknown nonlinearity."),
    };

    //  [out, in] → (in, out)
    private static (int In, int Out) Fans(string operation, Tensor weight)
    {
        var (rows, columns) = Matrix(operation, weight, "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        return (columns, rows);
    }

    private static int Fan(string operation, Tensor weight, FanMode mode)
    {
        var (fanIn, fanOut) = Fans(operation, weight);
        return mode == FanMode.FanIn ? fanIn : fanOut;
    }

    private static (int Rows, int Columns) Matrix(string operation, Tensor weight, string reason)
    {
        if (weight.Shape.Rank != 2)
            throw new ShapeException($"{operation}: {reason} (got shape {weight.Shape}, needs [out, in])");
        return (weight.Rows, weight.Columns);
    }
}
