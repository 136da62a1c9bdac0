namespace NativeNN;

/// <summary>
/// PyTorch's <c>nn.init</c>: every way to choose the weights a network starts from, with the same values for the same seed.
/// </summary>
/// <remarks>Weights have the shape [out, in]. This part: how wide a layer is, and how much its activation shrinks a signal.</remarks>
public static partial class Init
{
    /// <summary>The factor by which weights are scaled up before an activation, as <c>nn.init.calculate_gain</c>.</summary>
    /// <param name="nonlinearity">The activation.</param>
    /// <param name="slope">The negative slope of <see cref="Nonlinearity.LeakyReLU"/>; ignored by the others.</param>
    public static double CalculateGain(Nonlinearity nonlinearity, double slope = 0.01) => nonlinearity switch
    {
        Nonlinearity.Linear or Nonlinearity.Sigmoid => 1,
        Nonlinearity.Tanh => 5.0 / 3,
        Nonlinearity.ReLU => Math.Sqrt(2.0),
        Nonlinearity.LeakyReLU => Math.Sqrt(2.0 / (1 + (slope * slope))),
        Nonlinearity.Selu => 3.0 / 4,
        _ => throw new ArgumentOutOfRangeException(nameof(nonlinearity), nonlinearity, "CalculateGain: unknown nonlinearity."),
    };

    /// <summary>Inputs and outputs of a weight of shape [out, in].</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two dimensions.</exception>
    internal static (int In, int Out) Fans(string operation, ReadOnlySpan<int> shape)
    {
        var (rows, columns) = Matrix(operation, shape, "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        return (columns, rows);
    }

    /// <summary>Rows and columns of a shape that must be a matrix.</summary>
    /// <exception cref="ArgumentException">The shape is not a matrix; the message gives <paramref name="reason"/>.</exception>
    internal static (int Rows, int Columns) Matrix(string operation, ReadOnlySpan<int> shape, string reason)
    {
        if (shape.Length != 2)
            throw new ArgumentException($"{operation}: {reason} (got shape [{string.Join(", ", shape.ToArray())}], needs [out, in]).");
        return (shape[0], shape[1]);
    }
}
