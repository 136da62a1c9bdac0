using NativeNN.Backends;

namespace NativeNN.Layers;

/// <summary>max(x, 0).</summary>
public sealed class Relu : Module
{
    /// <inheritdoc/>
    public override string TypeName => "ReLU";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Relu();
}

/// <summary>x for x &gt; 0, else negativeSlope·x.</summary>
public sealed class LeakyRelu(float negativeSlope = 0.01f) : Module
{
    /// <inheritdoc/>
    public override string TypeName => "LeakyReLU";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.LeakyRelu(negativeSlope);

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"negative_slope={Number(negativeSlope)}";
}

/// <summary>1/(1 + e⁻ˣ).</summary>
public sealed class Sigmoid : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Sigmoid();
}

/// <summary>tanh x.</summary>
public sealed class Tanh : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Tanh();
}

/// <summary>log(softmax(x)) of every row (dim 1).</summary>
public sealed class LogSoftmax : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.LogSoftmax();

    /// <inheritdoc/>
    protected override string ExtraRepr() => "dim=1";
}

/// <summary>Each batch row as one vector: [n, …] → [n, rest]. Images here are rows already, so [n, d] stays as it is.</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Shape.Rank == 2 ? x : x.Reshape((1, x.Length));

    /// <inheritdoc/>
    protected override string ExtraRepr() => "start_dim=1, end_dim=-1";
}

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
    public Tensor Forward(Tensor logits, Labels labels) => logits.CrossEntropy(labels, reduction, labelSmoothing: labelSmoothing);
}
