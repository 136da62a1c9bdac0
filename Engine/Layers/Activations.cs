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

/// <summary>x for x &gt; 0, else α(eˣ − 1).</summary>
public sealed class Elu(float alpha = 1) : Module
{
    /// <inheritdoc/>
    public override string TypeName => "ELU";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Elu(alpha);

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"alpha={Number(alpha)}";
}

/// <summary>x·Φ(x), Φ the normal distribution function.</summary>
public sealed class Gelu : Module
{
    /// <inheritdoc/>
    public override string TypeName => "GELU";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Gelu();

    /// <inheritdoc/>
    protected override string ExtraRepr() => "approximate='none'";
}

/// <summary>x·σ(x).</summary>
public sealed class Silu : Module
{
    /// <inheritdoc/>
    public override string TypeName => "SiLU";

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Silu();
}

/// <summary>log(1 + eˣ).</summary>
public sealed class Softplus : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Softplus();

    /// <inheritdoc/>
    protected override string ExtraRepr() => "beta=1, threshold=20";
}

/// <summary>softmax(x) of every row (dim 1).</summary>
public sealed class Softmax : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Softmax();

    /// <inheritdoc/>
    protected override string ExtraRepr() => "dim=1";
}

/// <summary>log(softmax(x)) of every row (dim 1).</summary>
public sealed class LogSoftmax : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.LogSoftmax();

    /// <inheritdoc/>
    protected override string ExtraRepr() => "dim=1";
}
