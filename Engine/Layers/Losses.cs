using NativeNN.Backends;

namespace NativeNN.Layers;

/// <summary>−log-probability of the label; x: log-probabilities [n, classes].</summary>
public sealed class NllLoss(Reduction reduction = Reduction.Mean)
{
    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor logProbabilities, Labels labels) => logProbabilities.NllLoss(labels, reduction);
}

/// <summary>Softmax cross-entropy; x: logits [n, classes].</summary>
public sealed class CrossEntropyLoss(Reduction reduction = Reduction.Mean, float labelSmoothing = 0)
{
    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor logits, Labels labels) => logits.CrossEntropy(labels, labelSmoothing, reduction: reduction);
}
