using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>The order in which one pass over a data set visits its rows, with the draws PyTorch's DataLoader makes.</summary>
internal static class EpochOrder
{
    /// <summary>
    /// Rows 0…count-1 in the order of one <c>iter(DataLoader(…))</c>.
    /// </summary>
    /// <param name="count">Rows of the data set.</param>
    /// <param name="shuffle">Whether the order is random.</param>
    /// <param name="generator">The generator the loader draws from.</param>
    /// <param name="own">True for a loader that was given <c>generator=</c>: it permutes with that generator itself.</param>
    public static int[] Draw(int count, bool shuffle, Generator generator, bool own = false)
    {
        // The seed PyTorch keeps for worker processes; it is drawn without workers and without shuffling too.
        _ = generator.NextInt64();
        if (!shuffle)
            return [.. Enumerable.Range(0, count)];
        var sampler = own ? generator : new Generator(generator.NextInt64());
        return sampler.RandPerm(count);
    }
}
