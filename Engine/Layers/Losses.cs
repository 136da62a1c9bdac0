using NativeNN.Backends;

namespace NativeNN.Layers;

/// <summary>A loss with its settings. It has no parameters and takes two arguments, so it is no Module, but prints as PyTorch's.</summary>
public abstract class Loss
{
    /// <summary>The name as PyTorch spells it: the class's unless overridden.</summary>
    public virtual string TypeName => GetType().Name;

    /// <summary>"MSELoss()".</summary>
    public override string ToString() => $"{TypeName}()";
}

/// <summary>−log-probability of the label, times its class's weight; x: log-probabilities [n, classes].</summary>
public sealed class NllLoss(Reduction reduction = Reduction.Mean, float[]? weight = null, int ignoreIndex = -100) : Loss
{
    /// <inheritdoc/>
    public override string TypeName => "NLLLoss";

    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor logProbabilities, Labels labels) => weight is null
        ? logProbabilities.NllLoss(labels, reduction, ignoreIndex)
        : logProbabilities.NllLoss(labels, weight, reduction, ignoreIndex);
}

/// <summary>Softmax cross-entropy; x: logits [n, classes].</summary>
public sealed class CrossEntropyLoss(Reduction reduction = Reduction.Mean, float labelSmoothing = 0, float[]? weight = null,
    int ignoreIndex = -100) : Loss
{
    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor logits, Labels labels) => logits.CrossEntropy(labels, labelSmoothing, weight, reduction, ignoreIndex);
}

/// <summary>Cross-entropy of σ(x) against targets in [0, 1]; x: logits.</summary>
public sealed class BinaryCrossEntropyWithLogitsLoss(Reduction reduction = Reduction.Mean, Tensor? weight = null,
    Tensor? positiveWeight = null) : Loss
{
    /// <inheritdoc/>
    public override string TypeName => "BCEWithLogitsLoss";

    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor logits, Tensor target) => weight is null && positiveWeight is null
        ? logits.BinaryCrossEntropyWithLogits(target, reduction)
        : logits.BinaryCrossEntropyWithLogits(target, weight, positiveWeight, reduction);
}

/// <summary>Squared error.</summary>
public sealed class MseLoss(Reduction reduction = Reduction.Mean) : Loss
{
    /// <inheritdoc/>
    public override string TypeName => "MSELoss";

    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor x, Tensor target) => x.MseLoss(target, reduction);
}

/// <summary>Absolute error.</summary>
public sealed class L1Loss(Reduction reduction = Reduction.Mean) : Loss
{
    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor x, Tensor target) => x.L1Loss(target, reduction);
}

/// <summary>Squared error up to a distance of beta, absolute error beyond.</summary>
public sealed class SmoothL1Loss(Reduction reduction = Reduction.Mean, float beta = 1) : Loss
{
    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor x, Tensor target) => x.SmoothL1Loss(target, beta, reduction);
}

/// <summary>Kullback–Leibler divergence; x: log-probabilities, target: probabilities (their logarithms with logTarget).</summary>
public sealed class KlDivLoss(Reduction reduction = Reduction.Mean, bool logTarget = false) : Loss
{
    /// <inheritdoc/>
    public override string TypeName => "KLDivLoss";

    /// <summary>The loss of a batch.</summary>
    public Tensor Forward(Tensor logProbabilities, Tensor target) => logProbabilities.KlDivLoss(target, reduction, logTarget);
}
