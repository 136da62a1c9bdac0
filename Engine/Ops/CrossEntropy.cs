using NativeNN.Backends;

namespace NativeNN;

//  L = −(1/n) Σ_r log softmax(X[r])[label_r]        dX = (softmax(X) − onehot(labels)) · dL/n
//  LogSoftmax and NllLoss in one op: the gradient is simply 'what it said minus what was true', and no log of a tiny number is ever taken.
internal sealed class CrossEntropyOp(Tensor x, Labels labels, Reduction reduction, int ignoreIndex) : Op(x)
{
    protected override Tensor Forward()
    {
        LabelsOfLoss.Check("CrossEntropy", x, labels, ignoreIndex);
        var loss = NewTensor(reduction == Reduction.None ? x.Rows : Shape.Scalar);
        Kernels.CrossEntropy(x.Storage, labels.Storage, Workspace(x.Length), loss.Storage, x.Rows, x.Columns, reduction, ignoreIndex);
        return loss;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (x.RequiresGrad)
            Kernels.CrossEntropyBackward(Workspace(x.Length), labels.Storage, dY.Storage, GradientOf(x, out bool accumulate), x.Rows, x.Columns,
                reduction, ignoreIndex, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("CrossEntropy", [(5, 10)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 0, 9, 4, 4))),
        new("CrossEntropy none", [(5, 7)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 0, 6, 4, 4), Reduction.None)),
        new("CrossEntropy sum", [(3, 17)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 16, 6), Reduction.Sum)),
        new("CrossEntropy ignoring a row", [(3, 10)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, -100, 6))),
        new("CrossEntropy smoothed", [(4, 10)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 3, 6, 6), labelSmoothing: 0.1f)),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// Softmax cross-entropy of the labels. this: logits [n, classes] → [] (mean or sum) or [n]. Rows labelled ignoreIndex don't count.
    /// weight: [classes] or null scales each class; labelSmoothing ε spreads ε of the target over all classes. As PyTorch's. Throws ShapeException.
    /// </summary>
    public Tensor CrossEntropy(Labels labels, Reduction reduction = Reduction.Mean, int ignoreIndex = -100, float labelSmoothing = 0,
        ReadOnlySpan<float> weight = default)
    {
        if (labelSmoothing == 0 && weight.IsEmpty)
            return Op.Apply(new CrossEntropyOp(this, labels, reduction, ignoreIndex));

        // L_r = −(1−ε)·weight_label·log p[r, label] − ε/classes · Σ_c weight_c·log p[r, c]; the mean divides by Σ_r weight_label.
        // Only smoothing touches the other classes: without it, a class masked out by a logit of −∞ costs nothing.
        LabelsOfLoss.Check("CrossEntropy", this, labels, ignoreIndex);
        if (!weight.IsEmpty && weight.Length != Columns)
            throw new ShapeException($"CrossEntropy: x is {Shape} but there are {weight.Length} class weights; needs {Columns}");
        int[] values = labels.ToArray();
        var labelWeights = new float[Rows];
        var others = new float[labelSmoothing == 0 ? 0 : Length];
        double totalWeight = 0;
        for (int r = 0; r < Rows; r++)
        {
            if (values[r] == ignoreIndex)
                continue;
            float labelWeight = weight.IsEmpty ? 1 : weight[values[r]];
            totalWeight += labelWeight;
            labelWeights[r] = (1 - labelSmoothing) * labelWeight;
            for (int c = 0; c < Columns && labelSmoothing != 0; c++)
                others[r * Columns + c] = -labelSmoothing / Columns * (weight.IsEmpty ? 1 : weight[c]);
        }
        var logP = LogSoftmax();
        var losses = logP.NllLoss(labels, Reduction.None, ignoreIndex) * From(labelWeights, Rows, Backend);
        if (labelSmoothing != 0)
            losses += (logP * From(others, Shape, Backend)).Sum(Axis.Columns);
        return reduction switch
        {
            Reduction.None => losses,
            Reduction.Sum => losses.Sum(),
            _ when totalWeight == 0 => losses.Sum() * 0 + Scalar(float.NaN, Backend), // the mean of nothing; its gradient is 0
            _ => losses.Sum() * (float)(1 / totalWeight),
        };
    }
}
