using NativeNN.Backends;

namespace NativeNN;

//  L = −(1/n) Σ_r logP[r, label_r]   (Mean; Sum and None leave the 1/n or the sum out)        dlogP[r, label_r] = −dL/n, 0 elsewhere
internal sealed class NllLossOp(Tensor logP, Labels labels, Reduction reduction, int ignoreIndex) : Op(logP)
{
    internal override Labels? Labels => labels;

    protected override Tensor Forward()
    {
        LabelCheck.Classes("NllLoss", logP, labels, ignoreIndex);
        var loss = NewTensor(reduction == Reduction.None ? logP.Rows : Shape.Scalar);
        Kernels.NllLoss(logP.Storage, labels.Storage, loss.Storage, logP.Rows, logP.Columns, reduction, ignoreIndex);
        return loss;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (logP.RequiresGrad)
            Kernels.NllLossBackward(labels.Storage, dY.Storage, GradientOf(logP, out bool accumulate), logP.Rows, logP.Columns, reduction,
                ignoreIndex, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("NllLoss", [(5, 10)], t => t[0].NllLoss(OpCase.Labels(t[0], 1, 0, 9, 4, 4))),
        new("NllLoss none", [(5, 7)], t => t[0].NllLoss(OpCase.Labels(t[0], 1, 0, 6, 4, 4), Reduction.None)),
        new("NllLoss sum", [(3, 10)], t => t[0].NllLoss(OpCase.Labels(t[0], 1, -100, 6), Reduction.Sum)),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// Negative log-likelihood of the labels. this: log-probabilities [n, classes] → [] (mean or sum) or [n]. Rows labelled ignoreIndex
    /// don't count. Throws ShapeException, also for a label that is no class.
    /// </summary>
    public Tensor NllLoss(Labels labels, Reduction reduction = Reduction.Mean, int ignoreIndex = -100) =>
        Op.Apply(new NllLossOp(this, labels, reduction, ignoreIndex));
}
