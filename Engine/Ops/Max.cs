using NativeNN.Backends;

namespace NativeNN;

//  The largest of a vector:  y = x[argmax]        dx = dy/k at the k elements equal to y, 0 elsewhere: ties share, as in PyTorch
internal sealed class MaxOp(Tensor x) : Op(x)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(Shape.Scalar);
        var index = Kernels.Allocate(1);
        Kernels.ArgMax(x.Storage, index, rows: 1, columns: x.Length);
        Kernels.GatherRows(x.Storage, order: index, start: 0, count: 1, rowLength: 1, target: y.Storage);
        Kernels.Recycle(index);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        Storage isLargest = Workspace(x.Length), share = Kernels.Allocate(1);
        var dense = Strides.Dense(x.Length);
        Kernels.Binary(BinaryOp.Equal, Saved(x), dense, Saved(Output), default, isLargest, rows: 1, columns: x.Length);
        Kernels.Sum(Axis.All, isLargest, share, rows: 1, columns: x.Length);
        Kernels.Binary(BinaryOp.Div, dY.Storage, default, share, default, share, rows: 1, columns: 1);
        var dX = GradientOf(x, out bool accumulate);
        Kernels.Binary(BinaryOp.Mul, isLargest, dense, share, default, dX, rows: 1, columns: x.Length, accumulate);
        Kernels.Recycle(share);
    }

    internal static readonly OpCase[] Cases =
    [
        // Numbers kept apart, so that no step of the gradient check changes which is largest: a tie is a kink.
        new("Max of a vector", [3], t => (t[0] + OpCase.From(t[0], 3, 9, 0)).Max()),
    ];
}

public sealed partial class Tensor
{
    //  The largest of each row:  y_r = x[r, argmax_r]        dx[r, argmax_r] = dy_r, 0 elsewhere: of equals the first, as in PyTorch
    //  The likelihood loss picks one element a row and turns its sign, so −NllLoss(x, argmax) is the maximum, gradient included.

    internal static OpCase[] MaxCases =>
    [
        new("Max", [(5, 3)], t => (t[0] * OpCase.From(t[0], 1, 2, 3) + OpCase.From(t[0], 0, 4, 9)).Max()), // columns kept apart
    ];

    /// <summary>
    /// The largest element of each row; NaN where there is one. [n, c] → [n]; of a vector → []. Throws ShapeException if there are no
    /// columns.
    /// </summary>
    public Tensor Max()
    {
        LabelCheck.SomeColumns("Max", this);
        return Shape.Rank < 2 ? Op.Apply(new MaxOp(this)) : -NllLoss(ArgMax(), Reduction.None);
    }
}
