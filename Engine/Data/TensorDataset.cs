using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeNN.Backends;
using NativeNN.Random;

namespace NativeNN.Data;

/// <summary>Inputs [count, features] and their labels [count], ready on a backend.</summary>
public sealed class TensorDataset
{
    private readonly Lazy<string> contentHash;

    /// <summary>
    /// Puts inputs and labels together. Throws ShapeException if their counts differ, InvalidOperationException if their backends do.
    /// </summary>
    public TensorDataset(Tensor inputs, Labels labels)
    {
        if (inputs.Shape.Rank != 2 || inputs.Rows != labels.Count)
            throw new ShapeException(
                $"TensorDataset: got inputs {inputs.Shape} and {labels.Count} labels, needs [count, features] and as many labels");
        if (inputs.Backend != labels.Backend)
            throw new InvalidOperationException(
                $"TensorDataset: the inputs are on '{inputs.Backend}' but the labels are on '{labels.Backend}'; move one with To(backend)");
        (Rows, Labels) = (new TensorRows(inputs), labels);
        contentHash = new(ComputeContentHash);
    }

    /// <summary>Flattened images, [count, pixels]. They stay bytes in memory and are normalised batch by batch.</summary>
    public TensorDataset(ImageSet images, Normalization normalization, Backend? backend = null)
        : this(new PixelRows(images.Pixels, images.Count, images.PixelsPerImage, normalization.Table, backend ?? Tensor.DefaultBackend),
            Labels.From([.. images.Labels.Select(label => (int)label)], backend), images.Name)
    {
    }

    private TensorDataset(RowSource rows, Labels labels, string name)
    {
        (Rows, Labels, Name) = (rows, labels, name);
        contentHash = new(ComputeContentHash);
    }

    /// <summary>What the set is called in reports; empty if made from tensors.</summary>
    public string Name { get; } = "";

    /// <summary>The backend its memory belongs to.</summary>
    public Backend Backend => Rows.Backend;

    /// <summary>One class per example.</summary>
    public Labels Labels { get; }

    /// <summary>Number of examples.</summary>
    public int Count => Labels.Count;

    /// <summary>SHA-256 of the inputs as they lie in memory, their order, and the labels: the same on every backend.</summary>
    public string ContentHash => contentHash.Value;

    internal RowSource Rows { get; }

    /// <summary>
    /// A copy of all inputs as float32, [count, features], made anew at every call: of images four times as large as the set itself.
    /// </summary>
    public Tensor CopyInputs() => Rows.CopyAll();

    /// <summary>The set on that backend: itself if it lives there already.</summary>
    public TensorDataset To(Backend backend) =>
        backend == Backend ? this : new TensorDataset(Rows.To(backend), Labels.To(backend), Name);

    /// <summary>A copy of the given rows, in their order. Throws ArgumentOutOfRangeException.</summary>
    public TensorDataset Select(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            if ((uint)row >= (uint)Count)
                throw new ArgumentOutOfRangeException(nameof(rows), $"Select: got row {row}, needs 0…{Count - 1}");
        int[] all = Labels.ToArray(), labels = new int[rows.Length];
        for (int r = 0; r < rows.Length; r++)
            labels[r] = all[rows[r]];
        return new TensorDataset(Rows.Select(rows), Labels.From(labels, Backend), Name);
    }

    /// <summary>
    /// Parts of the given sizes in random order, as <c>torch.utils.data.random_split</c>: consecutive slices of one permutation.
    /// Throws ArgumentException unless the sizes add up to the count.
    /// </summary>
    public TensorDataset[] RandomSplit(Generator generator, params ReadOnlySpan<int> sizes)
    {
        long total = 0;
        foreach (int size in sizes)
            total += size >= 0 ? size
                : throw new ArgumentException($"RandomSplit: got a part of {size} examples, needs sizes of at least 0");
        if (total != Count)
            throw new ArgumentException(
                $"RandomSplit: got parts of [{string.Join(", ", sizes.ToArray())}], which must add up to {Count} examples");
        int[] order = generator.RandPerm(Count);
        var parts = new TensorDataset[sizes.Length];
        int start = 0;
        for (int k = 0; k < parts.Length; k++)
        {
            parts[k] = Select(order.AsSpan(start, sizes[k]));
            start += sizes[k];
        }
        return parts;
    }

    private string ComputeContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Rows.AppendTo(hash);
        hash.AppendData(MemoryMarshal.AsBytes<int>(Labels.ToArray()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
