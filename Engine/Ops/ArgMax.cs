namespace NativeNN;

public sealed partial class Tensor
{
    /// <summary>
    /// The index of the largest element of each row, the first of equals; a NaN counts as largest. [n, c] → n indices. Throws
    /// ShapeException if there are no columns.
    /// </summary>
    public Labels ArgMax()
    {
        LabelCheck.SomeColumns("ArgMax", this);
        var indices = Backend.Allocate(Rows);
        Backend.ArgMax(Storage, indices, Rows, Columns);
        return new Labels(indices, Rows, range: (0, Columns - 1));
    }
}
