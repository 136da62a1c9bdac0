using System.Numerics.Tensors;
using NativeNN.Backends;

namespace NativeNN;

/// <summary>Class indices of a batch, int32 [count]: what PyTorch keeps in a LongTensor.</summary>
public sealed class Labels
{
    private Storage? storage;
    private int graphUses;
    private bool releaseWhenUnused;

    internal Labels(Storage storage, int count, (int Lowest, int Highest) range)
    {
        this.storage = storage;
        Count = count;
        Range = range;
    }

    /// <summary>How many labels.</summary>
    public int Count { get; }

    /// <summary>The backend the labels live on.</summary>
    public Backend Backend => Storage.Backend;

    // Bounds known on the host, so that a loss can refuse a label that is no class without reading a device.
    internal (int Lowest, int Highest) Range { get; }

    internal Storage Storage => storage ?? throw new InvalidOperationException(
        "Labels: this batch was released when the DataLoader moved on; keep a copy with ToArray() or enumerate loader.ToList()");

    /// <summary>Labels on the CPU, or on the given backend.</summary>
    public static Labels From(ReadOnlySpan<int> values, Backend? backend = null)
    {
        backend ??= Tensor.DefaultBackend;
        var storage = backend.Allocate(values.Length);
        backend.WriteInts(values, storage);
        var range = values.IsEmpty ? (0, 0) : (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        return new Labels(storage, values.Length, range);
    }

    /// <summary>A copy of the values.</summary>
    public int[] ToArray()
    {
        var values = new int[Count];
        Backend.ReadInts(Storage, values);
        return values;
    }

    /// <summary>The labels on that backend: these themselves if they live there already.</summary>
    public Labels To(Backend backend) => backend == Backend ? this : From(ToArray(), backend);

    // As Tensor's: a batch lives until the next one, and while a graph holds it.
    internal void AddGraphUse(int change)
    {
        graphUses += change;
        if (graphUses == 0 && releaseWhenUnused)
            Release();
    }

    internal void Release()
    {
        releaseWhenUnused = graphUses > 0;
        if (storage is null || releaseWhenUnused)
            return;
        var released = storage;
        storage = null;
        released.Backend.Recycle(released);
    }
}
