using NativeNN.Backends;

namespace NativeNN;

//  Y = rows start…start + count − 1 of X        dX = dY in those rows, 0 in the others
//  Of a vector, its elements. Columns are the rows of the transpose.
internal sealed class SliceOp(Tensor x, int start, int count) : Op(x)
{
    internal int Start => start;

    internal int Count => count;

    private readonly int rowLength = x.Shape.Rank == 2 ? x.Columns : 1;

    protected override Tensor Forward()
    {
        var y = NewTensor(x.Shape.Rank == 2 ? (count, x.Columns) : count);
        Kernels.Copy(x.Storage, start * rowLength, y.Storage, 0, y.Length);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        var dX = GradientOf(x, out bool accumulate);
        var padded = accumulate ? Workspace(x.Length) : dX;
        Kernels.Fill(padded, 0, x.Length);
        Kernels.Copy(dY.Storage, 0, padded, start * rowLength, dY.Length);
        if (accumulate)
            Kernels.Scale(padded, Strides.Dense(x.Columns), factor: 1, dX, x.Rows, x.Columns, accumulate: true);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Slice of rows", [(9, 4)], t => t[0][2..5]),
        new("Slice of columns", [(5, 17)], t => t[0][.., 3..^2]),
        new("Slice of a block", [(5, 7)], t => t[0][1..4, ..3]),
        new("Slice of a vector", [17], t => t[0][^5..]),
        new("Slice twice", [(5, 7)], t => t[0][..4] * t[0][1..]),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// A copy of those rows, x[2..5] as in PyTorch x[2:5]; of a vector, of those elements. Throws ShapeException for rows that are not
    /// there.
    /// </summary>
    [System.Runtime.CompilerServices.IndexerName("Element")]
    public Tensor this[Range rows]
    {
        get
        {
            if (Shape.Rank == 0)
                throw new ShapeException($"Slice: got {rows} of a number; it has no rows");
            int size = Shape.Rank == 2 ? Rows : Columns, start = rows.Start.GetOffset(size), end = rows.End.GetOffset(size);
            if (start < 0 || end > size || start > end)
                throw new ShapeException($"Slice: got {rows} of a tensor of shape {Shape}; needs 0 ≤ start ≤ end ≤ {size}");
            return Op.Apply(new SliceOp(this, start, end - start));
        }
    }

    /// <summary>A copy of a block of a matrix: x[.., 2..5] are its columns 2 to 4. Throws ShapeException for what is not there.</summary>
    [System.Runtime.CompilerServices.IndexerName("Element")]
    public Tensor this[Range rows, Range columns]
    {
        get
        {
            if (Shape.Rank != 2)
                throw new ShapeException(
                    $"Slice: got [{rows}, {columns}] of a tensor of shape {Shape}; only a matrix has rows and columns");
            var block = rows.Equals(Range.All) ? this : this[rows];
            return columns.Equals(Range.All) ? block : block.Transpose()[columns].Transpose();
        }
    }
}
