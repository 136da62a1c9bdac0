using NativeNN.Random;

namespace NativeNN.Layers;

/// <summary>In training, each element 0 with probability p, else x/(1−p); in evaluation, x itself. Srivastava et al. 2014.</summary>
public sealed class Dropout(double p, Generator generator) : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => IsTraining ? x.Dropout(p, generator) : x;

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"p={Number(p)}, inplace=False";
}
