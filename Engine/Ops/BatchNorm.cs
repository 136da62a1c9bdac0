using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  Y = (X − m)/√(v + ε) ∘ w + b, column by column        X: [n, c]   m, v, w, b: [c]. Ioffe & Szegedy 2015.
    //  In training m and v are the mean and the biased variance of X itself, and gradients go through them, too. With x̂ the normalised X
    //  and dx̂ = dY∘w:   dX = (dx̂ − mean(dx̂) − x̂∘mean(dx̂∘x̂))/√(v + ε)    dw = Σ dY∘x̂    db = Σ dY        (means and sums over the
    //  rows)

    internal static OpCase[] BatchNormCases =>
    [
        new("BatchNorm", [(9, 4), 4, 4], t => t[0].BatchNorm(t[0].Mean(Axis.Rows), t[0].Var(Axis.Rows, unbiased: false), t[1], t[2])),
        new("BatchNorm with given statistics", [(5, 3)],
            t => t[0].BatchNorm(OpCase.From(t[0], 0.1f, -1, 2), OpCase.From(t[0], 1, 4, 0.5f))),
    ];

    /// <summary>
    /// Each column less its mean, divided by its standard deviation, then scaled by weight and moved by bias where given. All: [columns].
    /// </summary>
    public Tensor BatchNorm(Tensor mean, Tensor variance, Tensor? weight = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        var y = (this - mean) / (variance + epsilon).Sqrt();
        if (weight is not null)
            y *= weight;
        return bias is null ? y : y + bias;
    }
}
