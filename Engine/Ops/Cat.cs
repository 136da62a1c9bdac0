using NativeNN.Backends;

namespace NativeNN;

//  Y = the rows of X₁, then those of X₂, …    Xᵢ: [nᵢ, c]   Y: [Σ nᵢ, c]        dXᵢ = its rows of dY
//  Vectors are joined end to end. Columns are the rows of the transposes.
internal sealed class CatOp(Tensor[] parts) : Op(parts)
{
    protected override Tensor Forward()
    {
        var first = Inputs[0].Shape;
        foreach (var part in Inputs)
            if (part.Shape.Rank == 0 || part.Shape.Rank != first.Rank || (first.Rank == 2 && part.Columns != first.Columns))
                throw new ShapeException($"Cat: got [{string.Join(", ", Inputs.Select(p => p.Shape))}]; "
                    + "all must be vectors, or matrices that agree in the other dimension");
        long rows = Inputs.Sum(p => (long)(first.Rank == 1 ? p.Columns : p.Rows));
        if (rows > int.MaxValue)
            throw new ShapeException($"Cat: got [{string.Join(", ", Inputs.Select(p => p.Shape))}], {rows} rows in all; needs at most "
                + $"{int.MaxValue}");
        var y = NewTensor(first.Rank == 1 ? (int)rows : ((int)rows, first.Columns));
        int at = 0;
        foreach (var part in Inputs)
        {
            Kernels.Copy(part.Storage, 0, y.Storage, at, part.Length);
            at += part.Length;
        }
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        int at = 0;
        foreach (var part in Inputs)
        {
            if (part.RequiresGrad)
                AddPiece(dY, at, part);
            at += part.Length;
        }
    }

    private void AddPiece(Tensor dY, int at, Tensor part)
    {
        var dX = GradientOf(part, out bool accumulate);
        var piece = accumulate ? Workspace(dY.Length) : dX;
        Kernels.Copy(dY.Storage, at, piece, 0, part.Length);
        if (accumulate)
            Kernels.Scale(piece, Strides.Dense(part.Columns), factor: 1, dX, part.Rows, part.Columns, accumulate: true);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Cat", [(5, 7), (2, 7), (1, 7)], t => Tensor.Cat([t[0], t[1], t[2]])),
        new("Cat of columns", [(4, 3), (4, 9)], t => Tensor.Cat([t[0], t[1]], Axis.Columns)),
        new("Cat of vectors", [3, 17], t => Tensor.Cat([t[0], t[1]])),
        new("Cat with itself", [(2, 5)], t => Tensor.Cat([t[0], t[0]])),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// The tensors one below the other (Axis.Rows, as PyTorch's dim 0; vectors end to end), or side by side (Axis.Columns). Throws
    /// ShapeException unless the other dimension is the same in all.
    /// </summary>
    public static Tensor Cat(Tensor[] tensors, Axis axis = Axis.Rows)
    {
        if (tensors.Length == 0)
            throw new ArgumentException("Cat: got no tensors; pass at least one", nameof(tensors));
        if (axis == Axis.Rows)
            return Op.Apply(new CatOp([.. tensors]));
        if (axis != Axis.Columns || tensors.Any(t => t.Shape.Rank < 2))
            throw new ShapeException(
                $"Cat: got [{string.Join(", ", tensors.Select(t => t.Shape))}] and axis {axis}; only matrices have columns");
        return Op.Apply(new CatOp([.. tensors.Select(t => t.Transpose())])).Transpose();
    }
}
