namespace NativeNN.Layers;

/// <summary>
/// Each row normalised over its features, y = (x − m)/√(v + ε) ∘ weight + bias: x: [batch, features]. The same in training and evaluation.
/// Ba et al. 2016.
/// </summary>
public sealed class LayerNorm : Module
{
    private readonly double epsilon;

    /// <summary>weight 1 and bias 0; neither if not affine.</summary>
    public LayerNorm(int features, double epsilon = 1e-5, bool affine = true)
    {
        (Features, this.epsilon) = (features, epsilon);
        if (!affine)
            return;
        Weight = RegisterParameter("weight", Tensor.Ones(features));
        Bias = RegisterParameter("bias", Tensor.Zeros(features));
    }

    /// <summary>Columns of x.</summary>
    public int Features { get; }

    /// <summary>γ: [features], or null.</summary>
    public Tensor? Weight { get; }

    /// <summary>β: [features], or null.</summary>
    public Tensor? Bias { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Columns == Features
        ? x.LayerNorm(Weight, Bias, (float)epsilon)
        : throw new ShapeException($"LayerNorm: x is {x.Shape} but the layer has {Features} features; x must be [batch, {Features}]");

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"({Features},), eps={Number(epsilon)}, elementwise_affine={Weight is not null}";
}
