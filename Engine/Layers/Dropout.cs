using NativeNN.Random;

namespace NativeNN.Layers;

/// <summary>
/// In training, each element 0 with probability p, else x/(1−p); in evaluation, x itself. Srivastava et al. 2014.
/// Throws ArgumentOutOfRangeException unless p is in [0, 1].
/// </summary>
public sealed class Dropout(double p, Generator generator) : Module
{
    private readonly double p = p is >= 0 and <= 1
        ? p
        : throw new ArgumentOutOfRangeException(nameof(p), $"Dropout: p is {p}; needs a probability from 0 to 1");

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => IsTraining ? x.Dropout(p, generator) : x;

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"p={Number(p)}, inplace=False";
}
