using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  L_r = −(1−ε)·w_l·log p[r, l] − ε/C · Σ_c w_c·log p[r, c]        p = softmax(X), C classes, l = label_r, w: one weight a class
    //  The mean divides by Σ_r w_l. A row labelled ignoreIndex counts nothing, here and there.
    //  Made of other ops, which know their gradients. NllLoss picks −x[r, l] of every row, so it looks up w_l too.

    internal static OpCase[] WeightedCrossEntropyCases =>
    [
        new("CrossEntropy smoothed", [(4, 10)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 3, 6, 6), labelSmoothing: 0.1f)),
        new("CrossEntropy weighted", [(4, 3)],
            t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 0, -100, 2), labelSmoothing: 0, weight: [1, 2, 0.5f])),
        new("CrossEntropy smoothed and weighted, none", [(4, 3)],
            t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 0, -100, 2), labelSmoothing: 0.2f, weight: [1, 2, 0.5f], Reduction.None)),
    ];

    /// <summary>
    /// Cross-entropy as PyTorch's with label_smoothing and weight: labelSmoothing ε spreads ε of the target over all classes, weight
    /// [classes] (or none) scales each class. this: logits [n, classes] → [] (mean or sum) or [n]. Throws ShapeException.
    /// </summary>
    public Tensor CrossEntropy(Labels labels, float labelSmoothing, ReadOnlySpan<float> weight = default,
        Reduction reduction = Reduction.Mean, int ignoreIndex = -100)
    {
        if (labelSmoothing == 0 && weight.IsEmpty)
            return CrossEntropy(labels, reduction, ignoreIndex);
        LabelCheck.Classes("CrossEntropy", this, labels, ignoreIndex);
        if (!weight.IsEmpty && weight.Length != Columns)
            throw new ShapeException($"CrossEntropy: x is {Shape} but there are {weight.Length} class weights; needs {Columns}");

        var ones = Ones(Shape, Backend);
        var weights = weight.IsEmpty ? ones : ones * From(weight, Columns, Backend);
        var logP = LogSoftmax() * weights;
        var losses = logP.NllLoss(labels, Reduction.None, ignoreIndex);
        // Only smoothing touches the other classes: without it, a class masked out by a logit of −∞ costs nothing.
        if (labelSmoothing != 0)
        {
            var counts = -ones.NllLoss(labels, Reduction.None, ignoreIndex); // 1, and 0 for an ignored row
            losses = losses * (1 - labelSmoothing) - logP.Sum(Axis.Columns) * counts * (labelSmoothing / Columns);
        }
        if (reduction != Reduction.Mean)
            return reduction == Reduction.None ? losses : losses.Sum();
        float total = -weights.NllLoss(labels, Reduction.Sum, ignoreIndex).Item();
        return total == 0
            ? losses.Sum() * 0 + Scalar(float.NaN, Backend) // the mean of nothing; its gradient is 0
            : losses.Sum() / total;
    }
}
