using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  s = √v, v the variance        dX = (X − m)·ds / ((n − 1)·s), and 0 where s = 0, as in PyTorch
    //  The slope of √v at 0 is ∞, and ∞·0 would be NaN: where v is 0, the root is taken of 1 and thrown away.

    internal static OpCase[] StdCases =>
    [
        new("Std", [(5, 7)], t => t[0].Std()),
        new("Std over rows", [(9, 4)], t => t[0].Std(Axis.Rows)),
        new("Std over columns, biased", [(4, 19)], t => t[0].Std(Axis.Columns, unbiased: false)),
    ];

    /// <summary>The standard deviation, along the same axes as Sum; unbiased divides by n − 1 under the root, else by n.</summary>
    public Tensor Std(Axis axis = Axis.All, bool unbiased = true)
    {
        var variance = Var(axis, unbiased);
        return Where(variance, Where(variance, variance, Scalar(1, Backend)).Sqrt(), Scalar(0, Backend));
    }
}
