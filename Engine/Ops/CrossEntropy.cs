using NativeNN.Backends;

namespace NativeNN;

//  A row x of logits, its label l, p = softmax(x):    L = −log p_l = −log(e^(x_l) / Σ_j e^(x_j)) = log Σ_j e^(x_j) − x_l
//  Why the gradient is p − y, with y = onehot(l), so y_c = 1 at c = l and 0 elsewhere:
//    first term     ∂/∂x_c log Σ_j e^(x_j) = e^(x_c) / Σ_j e^(x_j) = p_c
//    second term    ∂/∂x_c x_l = y_c
//    together       dx = (p − y)·dL: 'what it said minus what was true'. The mean over n rows divides by n; dL/n reaches each of them.
//  LogSoftmax and NllLoss in one op: one pass, and no log of a tiny number is ever taken.
internal sealed class CrossEntropyOp(Tensor x, Labels labels, Reduction reduction, int ignoreIndex) : Op(x)
{
    internal override Labels? Labels => labels;

    protected override Tensor Forward()
    {
        LabelCheck.Classes("CrossEntropy", x, labels, ignoreIndex);
        var loss = NewTensor(reduction == Reduction.None ? x.Rows : Shape.Scalar);
        Kernels.CrossEntropy(x.Storage, labels.Storage, Workspace(x.Length), loss.Storage, x.Rows, x.Columns, reduction, ignoreIndex);
        return loss;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (x.RequiresGrad)
            Kernels.CrossEntropyBackward(Workspace(x.Length), labels.Storage, dY.Storage, GradientOf(x, out bool accumulate),
                x.Rows, x.Columns, reduction, ignoreIndex, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("CrossEntropy", [(5, 10)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 0, 9, 4, 4))),
        new("CrossEntropy none", [(5, 7)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 0, 6, 4, 4), Reduction.None)),
        new("CrossEntropy sum", [(3, 17)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, 16, 6), Reduction.Sum)),
        new("CrossEntropy ignoring a row", [(3, 10)], t => t[0].CrossEntropy(OpCase.Labels(t[0], 1, -100, 6))),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// Softmax cross-entropy of the labels. this: logits [n, classes] → [] (mean or sum) or [n]. Rows labelled ignoreIndex don't count.
    /// Throws ShapeException, also for a label that is no class.
    /// </summary>
    public Tensor CrossEntropy(Labels labels, Reduction reduction = Reduction.Mean, int ignoreIndex = -100) =>
        Op.Apply(new CrossEntropyOp(this, labels, reduction, ignoreIndex));
}
