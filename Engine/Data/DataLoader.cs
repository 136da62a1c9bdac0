using System.Collections;
using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>A batch: inputs [batch, features] and labels [batch]. <c>foreach (var (x, y) in loader)</c> takes it apart.</summary>
public readonly record struct Batch(Tensor Inputs, Labels Labels);

/// <summary>
/// Passes over a data set in batches, in PyTorch's order for the same generator state. Each pass is one <c>foreach</c>.
/// </summary>
/// <remarks>
/// A batch lives until the next one is taken, or longer where a graph holds it: until that graph's Backward(). Its memory is then reused, so
/// that training holds flat memory. Keep values with Clone() or ToArray(), or take all batches with <see cref="ToList"/>.
/// </remarks>
public sealed class DataLoader : IEnumerable<Batch>
{
    private readonly EpochOrder order;

    /// <summary>Prepares passes; nothing is drawn before the first.</summary>
    /// <param name="dataset">What to pass over.</param>
    /// <param name="batchSize">Examples per batch; the last batch may have fewer.</param>
    /// <param name="shuffle">A new random order in every pass, else the data set's own.</param>
    /// <param name="dropLast">Leaves a short last batch out.</param>
    /// <param name="generator">
    /// The run's generator, in the place of PyTorch's default one: every pass draws from it, also without shuffling.
    /// </param>
    /// <param name="permuteWithGenerator">
    /// False: the order comes from a generator of its own, seeded from this one, as with PyTorch's default generator.
    /// True: from this generator itself, as where PyTorch's loader was given <c>generator=</c>.
    /// </param>
    /// <exception cref="ArgumentException">The batch size is not positive, or there is nothing to shuffle.</exception>
    public DataLoader(TensorDataset dataset, int batchSize, bool shuffle, bool dropLast, Generator generator, bool permuteWithGenerator = false)
    {
        if (batchSize < 1)
            throw new ArgumentException($"DataLoader: the batch size must be positive, got {batchSize}");
        if (shuffle && dataset.Count == 0)
            throw new ArgumentException("DataLoader: an empty data set cannot be shuffled");
        (Dataset, BatchSize, Shuffle, DropLast) = (dataset, batchSize, shuffle, dropLast);
        order = new EpochOrder(generator, permuteWithGenerator);
    }

    /// <summary>What is passed over.</summary>
    public TensorDataset Dataset { get; }

    /// <summary>Examples per batch.</summary>
    public int BatchSize { get; }

    /// <summary>Whether every pass has a new random order.</summary>
    public bool Shuffle { get; }

    /// <summary>Whether a short last batch is left out.</summary>
    public bool DropLast { get; }

    /// <summary>Batches per pass, PyTorch's <c>len(loader)</c>.</summary>
    public int Count => (Dataset.Count / BatchSize) + (!DropLast && Dataset.Count % BatchSize > 0 ? 1 : 0);

    /// <summary>Begins a pass.</summary>
    public IEnumerator<Batch> GetEnumerator()
    {
        order.Begin();
        return Pass(release: true);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One pass whose batches all stay alive.</summary>
    public List<Batch> ToList()
    {
        order.Begin();
        var batches = new List<Batch>(Count);
        for (var pass = Pass(release: false); pass.MoveNext();)
            batches.Add(pass.Current);
        return batches;
    }

    private IEnumerator<Batch> Pass(bool release)
    {
        using var rows = new RowOrder(Dataset, order.Draw(Dataset.Count, Shuffle));
        for (int k = 0; k < Count; k++)
        {
            int start = k * BatchSize;
            var (inputs, labels) = rows.Gather(start, Math.Min(BatchSize, Dataset.Count - start));
            yield return new Batch(inputs, labels);
            // Not after the last one, which has no successor: First() and a foreach left early may still use theirs.
            if (release && k + 1 < Count)
            {
                inputs.Release();
                labels.Release();
            }
        }
    }
}
