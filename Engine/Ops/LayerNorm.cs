using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  Y = (X − m)/√(v + ε) ∘ w + b, row by row: m and v are each row's mean and biased variance        X: [n, c]   w, b: [c]. Ba et al.
    //  2016. dX is BatchNorm's, with means over the columns.

    internal static OpCase[] LayerNormCases =>
    [
        new("LayerNorm", [(4, 9), 9, 9], t => t[0].LayerNorm(t[1], t[2])),
        new("LayerNorm of a vector", [17], t => t[0].LayerNorm()),
    ];

    /// <summary>
    /// Each row less its mean, divided by its standard deviation, then scaled by weight and moved by bias ([columns] each) where given.
    /// </summary>
    public Tensor LayerNorm(Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        Tensor mean = Mean(Axis.Columns), variance = Var(Axis.Columns, unbiased: false);
        if (Shape.Rank == 2)
            (mean, variance) = (mean.Reshape((Rows, 1)), variance.Reshape((Rows, 1)));
        var y = (this - mean) / (variance + epsilon).Sqrt();
        if (weight is not null)
            y *= weight;
        return bias is null ? y : y + bias;
    }
}
