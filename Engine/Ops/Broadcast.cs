using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// Two operands of equal shape, or one of them repeated: a number everywhere, [n] or [1, n] on every row, [m, 1] on every column. A
/// repeated value is used several times, so its gradient is the sum over those uses.
/// </summary>
internal static class Broadcast
{
    /// <summary>The common shape; throws ShapeException if there is none.</summary>
    public static Shape ResultShape(string op, Tensor a, Tensor b)
    {
        int rows = Common(a.Rows, b.Rows), columns = Common(a.Columns, b.Columns);
        if (rows < 0 || columns < 0)
            throw new ShapeException($"{op}: a is {a.Shape} but b is {b.Shape}; each dimension must be equal or 1");
        return Math.Max(a.Shape.Rank, b.Shape.Rank) switch { 0 => Shape.Scalar, 1 => columns, _ => (rows, columns) };
    }

    /// <summary>Strides that repeat x to the result's shape.</summary>
    public static Strides StridesOf(Tensor x, Shape result) =>
        new(Row: x.Rows == 1 && result.Rows > 1 ? 0 : x.Columns, Column: x.Columns == 1 && result.Columns > 1 ? 0 : 1);

    /// <summary>dX (+)= factor · d, summed over the repetitions of x. d: dense, of the result's shape.</summary>
    public static void AddGradient(Backend kernels, Storage d, Shape result, Tensor x, Storage dX, bool accumulate, float factor = 1)
    {
        bool rows = x.Rows != result.Rows, columns = x.Columns != result.Columns;
        var axis = rows && columns ? Axis.All : rows ? Axis.Rows : Axis.Columns;
        if (rows || columns)
            kernels.Sum(axis, d, dX, result.Rows, result.Columns, factor, accumulate);
        else
            kernels.Scale(d, Strides.Dense(result.Columns), factor, dX, result.Rows, result.Columns, accumulate);
    }

    private static int Common(int a, int b) => a == b || b == 1 ? a : a == 1 ? b : -1;
}
