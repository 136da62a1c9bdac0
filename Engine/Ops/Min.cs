namespace NativeNN;

public sealed partial class Tensor
{
    //  min x = −max(−x), gradient included

    internal static OpCase[] MinCases =>
    [
        new("Min", [(5, 3)], t => (t[0] * OpCase.From(t[0], 1, 2, 3) + OpCase.From(t[0], 0, 4, 9)).Min()), // apart, as in Max
        new("Min of a vector", [3], t => (t[0] + OpCase.From(t[0], 3, 9, 0)).Min()),
    ];

    /// <summary>
    /// The smallest element of each row; NaN where there is one. [n, c] → [n]; of a vector → []. Throws ShapeException if there are no
    /// columns.
    /// </summary>
    public Tensor Min()
    {
        LabelCheck.SomeColumns("Min", this);
        return -(-this).Max();
    }
}
