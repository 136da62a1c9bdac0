using NativeNN.Random;

namespace NativeNN.Layers;

/// <summary>
/// y = x·Wᵀ + b. x: [batch, in], W: [out, in], b: [out] → y: [batch, out]. Starts as PyTorch's: W and b uniform in ±1/√in
/// (kaiming_uniform with a = √5), W drawn first.
/// </summary>
public sealed class Linear : Module
{
    /// <summary>A layer with freshly drawn weights; bias: false leaves b out.</summary>
    public Linear(int inFeatures, int outFeatures, Generator generator, bool bias = true)
    {
        (InFeatures, OutFeatures) = (inFeatures, outFeatures);
        Weight = RegisterParameter("weight", Tensor.Empty((outFeatures, inFeatures)));
        Bias = bias ? RegisterParameter("bias", Tensor.Empty(outFeatures)) : null;
        ResetParameters(generator);
    }

    /// <summary>fan_in: columns of x.</summary>
    public int InFeatures { get; }

    /// <summary>fan_out: columns of y.</summary>
    public int OutFeatures { get; }

    /// <summary>W: [out, in].</summary>
    public Tensor Weight { get; }

    /// <summary>b: [out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>Draws the weights anew, as the constructor did.</summary>
    public void ResetParameters(Generator generator) => Init.LinearDefault(Weight, Bias, generator);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Linear(Weight, Bias);

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"in_features={InFeatures}, out_features={OutFeatures}, bias={Bias is not null}";
}
