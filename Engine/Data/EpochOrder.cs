using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>
/// The draws PyTorch's DataLoader makes for one pass over a data set, in two steps as it makes them. own: it permutes with the generator
/// itself, as a loader that was given <c>generator=</c>.
/// </summary>
internal readonly struct EpochOrder(Generator generator, bool own)
{
    /// <summary>
    /// At <c>iter(loader)</c>: the seed PyTorch keeps for worker processes, drawn without workers and without shuffling too.
    /// </summary>
    public void Begin() => _ = generator.NextInt64();

    /// <summary>At the first batch: the rows 0…count-1 in the order of this pass.</summary>
    public int[] Draw(int count, bool shuffle)
    {
        if (!shuffle)
            return [.. Enumerable.Range(0, count)];
        var sampler = own ? generator : new Generator(generator.NextInt64());
        return sampler.RandPerm(count);
    }
}
