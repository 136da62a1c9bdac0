using System.Collections;
using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>A batch: inputs [batch, features] and labels [batch]. <c>foreach (var (x, y) in loader)</c> takes it apart.</summary>
public readonly record struct Batch(Tensor Inputs, Labels Labels);

/// <summary>
/// Passes over a data set in batches, in PyTorch's order for the same generator state. Each pass is one <c>foreach</c>. A batch lives until
/// the next one is taken, or longer where a graph holds it: until that graph's Backward(). Its memory is then reused, so that training
/// holds flat memory. Keep values with Clone() or ToArray(), or take all batches with ToList().
/// </summary>
public sealed class DataLoader : IEnumerable<Batch>
{
    private readonly EpochOrder order;

    /// <summary>
    /// Prepares passes; nothing is drawn before the first. shuffle: a new random order in every pass, else the data set's own; dropLast: a
    /// short last batch is left out. Every pass draws from the generator, also without shuffling. The order comes from another one that it
    /// seeds, as with PyTorch's default generator, or, permuteWithGenerator, from itself, as where PyTorch's loader was given
    /// <c>generator=</c>. Throws ArgumentException if the batch size is not positive, or there is nothing to shuffle.
    /// </summary>
    public DataLoader(TensorDataset dataset, int batchSize, bool shuffle, bool dropLast, Generator generator,
        bool permuteWithGenerator = false)
    {
        if (batchSize < 1)
            throw new ArgumentException($"DataLoader: got a batch size of {batchSize}, needs at least 1");
        if (shuffle && dataset.Count == 0)
            throw new ArgumentException("DataLoader: got an empty data set to shuffle, needs examples");
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
    public int Count => Dataset.Count / BatchSize + (!DropLast && Dataset.Count % BatchSize > 0 ? 1 : 0);

    /// <summary>Begins a pass.</summary>
    public IEnumerator<Batch> GetEnumerator() => From(0);

    /// <summary>
    /// Begins a pass with the batch of that number, counted from 0: the same draws, the batches before it left out. Throws
    /// ArgumentOutOfRangeException if the pass has no such batch.
    /// </summary>
    public IEnumerator<Batch> From(int batch)
    {
        if (batch < 0 || batch > Count)
            throw new ArgumentOutOfRangeException(nameof(batch), $"DataLoader: got batch {batch}, needs 0…{Count}");
        order.Begin();
        return Pass(release: true, batch);
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

    private IEnumerator<Batch> Pass(bool release, int first = 0)
    {
        using var rows = new RowOrder(Dataset, order.Draw(Dataset.Count, Shuffle));
        for (int k = first; k < Count; k++)
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
