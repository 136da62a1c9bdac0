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
