using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  v = Σ (x − m)² / (n − 1), m the mean of the n values along the axis        dX = 2(X − m)·dv/(n − 1)
    //  The mean moves with x, too, but its share of the gradient is Σ (X − m) = 0. Unbiased: the sum of squares is taken around the
    //  sample's own mean, which lies nearer to the sample than the true one does; n − 1 makes up for it. Biased: n, what batch
    //  normalisation divides by.

    internal static OpCase[] VarCases =>
    [
        new("Var", [(5, 7)], t => t[0].Var()),
        new("Var over rows", [(9, 4)], t => t[0].Var(Axis.Rows)),
        new("Var over columns, biased", [(4, 19)], t => t[0].Var(Axis.Columns, unbiased: false)),
    ];

    /// <summary>
    /// The variance, along the same axes as Sum; unbiased divides by n − 1, else by n. As in PyTorch NaN for the unbiased one of a single
    /// value, and for both of none.
    /// </summary>
    public Tensor Var(Axis axis = Axis.All, bool unbiased = true)
    {
        axis = Shape.Rank < 2 ? Axis.All : axis;
        int n = axis switch { Axis.Rows => Rows, Axis.Columns => Columns, _ => Length };
        var mean = Mean(axis);
        var centred = this - (axis == Axis.Columns ? mean.Reshape((Rows, 1)) : mean);
        var squares = centred.Square();
        return unbiased ? squares.Sum(axis) / Math.Max(0, n - 1) : squares.Mean(axis);
    }
}
