using NativeNN.Backends;

namespace NativeNN;

//  Y = Xᵀ           dX = dYᵀ
internal sealed class TransposeOp(Tensor x) : Op(x)
{
    protected override Tensor Forward()
    {
        var y = NewTensor((x.Columns, x.Rows));
        Kernels.Transpose(x.Storage, y.Storage, x.Rows, x.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        var dX = GradientOf(x, out bool accumulate);
        if (!accumulate)
        {
            Kernels.Transpose(dY.Storage, dX, dY.Rows, dY.Columns);
            return;
        }
        var transposed = Workspace(x.Length);
        Kernels.Transpose(dY.Storage, transposed, dY.Rows, dY.Columns);
        Kernels.Scale(transposed, Strides.Dense(x.Columns), factor: 1, dX, x.Rows, x.Columns, accumulate: true);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Transpose", [(5, 7)], t => t[0].Transpose()),
        new("Transpose plus itself", [(17, 17)], t => t[0].Transpose() + t[0]),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// xᵀ as a new matrix; a vector or a number is its own transpose, as in PyTorch (Reshape makes it a column). MatMul and Linear never
    /// need it: they take transposes as they go.
    /// </summary>
    public Tensor Transpose() => Shape.Rank < 2 ? this : Op.Apply(new TransposeOp(this));
}
