using NativeNN.Backends;

namespace NativeNN;

//  y = Σ x over an axis, for Mean divided by n, their count        dX = dY, for Mean dY/n, repeated along that axis
//  Divided, not multiplied by 1/n: that would be rounded twice.
internal sealed class SumOp(Tensor x, Axis axis, bool mean) : Op(x)
{
    internal Axis Axis => axis;

    private readonly int n = axis switch { Axis.Rows => x.Rows, Axis.Columns => x.Columns, _ => x.Length };

    public override string Name => mean ? "Mean" : "Sum";

    protected override Tensor Forward()
    {
        var y = NewTensor(axis switch { Axis.Rows => x.Columns, Axis.Columns => x.Rows, _ => Shape.Scalar });
        Kernels.Sum(axis, x.Storage, y.Storage, x.Rows, x.Columns);
        if (!mean)
            return y;
        Kernels.Fill(Workspace(1), n, count: 1);
        Kernels.Binary(BinaryOp.Div, y.Storage, Strides.Dense(y.Columns), Workspace(1), default, y.Storage, y.Rows, y.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        var repeat = axis switch
        {
            Axis.Rows => new Strides(Row: 0, Column: 1),
            Axis.Columns => new Strides(Row: 1, Column: 0),
            _ => default,
        };
        var dX = GradientOf(x, out bool accumulate);
        if (mean)
            Kernels.Binary(BinaryOp.Div, dY.Storage, repeat, Workspace(1), default, dX, x.Rows, x.Columns, accumulate);
        else
            Kernels.Scale(dY.Storage, repeat, factor: 1, dX, x.Rows, x.Columns, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Sum", [(5, 7)], t => t[0].Sum()),
        new("Sum over rows", [(33, 17)], t => t[0].Sum(Axis.Rows)),
        new("Sum over columns", [(4, 19)], t => t[0].Sum(Axis.Columns)),
        new("Mean", [(5, 7)], t => t[0].Mean()),
        new("Mean over rows", [(33, 17)], t => t[0].Mean(Axis.Rows)),
        new("Mean over columns", [(4, 19)], t => t[0].Mean(Axis.Columns)),
    ];
}

public sealed partial class Tensor
{
    /// <summary>Σ x: over everything → [], over the rows → [columns], over the columns → [rows]; a vector has only itself → [].</summary>
    public Tensor Sum(Axis axis = Axis.All) => Op.Apply(new SumOp(this, Shape.Rank < 2 ? Axis.All : axis, mean: false));

    /// <summary>The mean, along the same axes as Sum.</summary>
    public Tensor Mean(Axis axis = Axis.All) => Op.Apply(new SumOp(this, Shape.Rank < 2 ? Axis.All : axis, mean: true));
}
