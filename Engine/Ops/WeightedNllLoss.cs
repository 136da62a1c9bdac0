using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  L_r = −w_l·logP[r, l]        l = label_r, w: one weight a class. The mean divides by Σ_r w_l. A row labelled ignoreIndex counts
    //  nothing.
    //  NllLoss picks −x[r, l] of every row, so it looks up w_l too.

    internal static OpCase[] WeightedNllLossCases =>
    [
        new("NllLoss weighted", [(4, 3)], t => t[0].NllLoss(OpCase.Labels(t[0], 1, 0, -100, 2), weight: [1, 2, 0.5f])),
        new("NllLoss weighted, none", [(4, 3)],
            t => t[0].NllLoss(OpCase.Labels(t[0], 1, 0, -100, 2), weight: [1, 2, 0.5f], Reduction.None)),
    ];

    /// <summary>
    /// NllLoss with a weight for each class, PyTorch's weight=. this: log-probabilities [n, classes] → [] (mean or sum) or [n].
    /// Throws ShapeException.
    /// </summary>
    public Tensor NllLoss(Labels labels, ReadOnlySpan<float> weight, Reduction reduction = Reduction.Mean, int ignoreIndex = -100)
    {
        LabelCheck.Classes("NllLoss", this, labels, ignoreIndex);
        if (weight.Length != Columns)
            throw new ShapeException($"NllLoss: x is {Shape} but there are {weight.Length} class weights; needs {Columns}");
        var weights = Ones(Shape, Backend) * From(weight, Columns, Backend);
        var losses = (this * weights).NllLoss(labels, Reduction.None, ignoreIndex);
        if (reduction == Reduction.None)
            return losses;
        return reduction == Reduction.Sum ? losses.Sum() : losses.Sum() / -weights.NllLoss(labels, Reduction.Sum, ignoreIndex);
    }
}
