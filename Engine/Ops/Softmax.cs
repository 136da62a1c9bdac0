using NativeNN.Backends;

namespace NativeNN;

//  Softmax:       y_c = e^(x_c − max) / Σ e^(x − max)              dx = y∘(dy − Σ dy∘y)
//  LogSoftmax:    y_c = (x_c − max) − log Σ e^(x − max)            dx = dy − softmax·Σ dy        (row by row)
//  Why: every y_c depends on every x_j of its row. From the quotient rule, with δ_cj = 1 at c = j and 0 elsewhere:
//    the Jacobian   ∂y_c/∂x_j = y_c·(δ_cj − y_j)                      and of the logarithm   ∂(log y_c)/∂x_j = δ_cj − y_j
//    summed up      dx_j = Σ_c dy_c·y_c·(δ_cj − y_j) = y_j·(dy_j − Σ_c dy_c·y_c)        and   dy_j − y_j·Σ_c dy_c
//  so the [columns, columns] matrix is never there: one dot product a row, and one pass.
//  The maximum is subtracted first: e^1000 would overflow, e^(1000 − 1000) does not, and the quotient is the same.
internal sealed class SoftmaxOp(Tensor x, bool log) : Op(x)
{
    public override string Name => log ? "LogSoftmax" : "Softmax";

    protected override Tensor Forward()
    {
        var y = NewTensor(x.Shape);
        Kernels.Softmax(log, x.Storage, y.Storage, x.Rows, x.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (x.RequiresGrad)
            Kernels.SoftmaxBackward(log, Saved(Output), dY.Storage, GradientOf(x, out bool accumulate), x.Rows, x.Columns, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Softmax", [(5, 7)], t => t[0].Softmax()),
        new("Softmax, ten classes", [(33, 10)], t => t[0].Softmax()),
        new("Softmax over rows", [(9, 4)], t => t[0].Softmax(Axis.Rows)),
        new("LogSoftmax", [(5, 7)], t => t[0].LogSoftmax()),
        new("LogSoftmax, ten classes", [(33, 10)], t => t[0].LogSoftmax()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>e^x / Σ e^x of every row (of every column for Axis.Rows, as PyTorch's dim 0). Stable for any finite x.</summary>
    public Tensor Softmax(Axis axis = Axis.Columns) => SoftmaxAlong(axis, log: false);

    /// <summary>log(e^x / Σ e^x) of every row (of every column for Axis.Rows). Stable for any finite x.</summary>
    public Tensor LogSoftmax(Axis axis = Axis.Columns) => SoftmaxAlong(axis, log: true);

    private Tensor SoftmaxAlong(Axis axis, bool log) => axis switch
    {
        Axis.Columns => Op.Apply(new SoftmaxOp(this, log)),
        Axis.Rows when Shape.Rank < 2 => SoftmaxAlong(Axis.Columns, log), // a vector has one dimension
        Axis.Rows => Transpose().SoftmaxAlong(Axis.Columns, log).Transpose(),
        _ => throw new ArgumentException("Softmax: the axis must be Rows or Columns; Flatten() first for all elements", nameof(axis)),
    };
}
