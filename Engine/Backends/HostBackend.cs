using System.Numerics;
using NativeNN.Random;

namespace NativeNN.Backends;

/// <summary>What the CPU backends share: main memory, recycled through one free list per thread and size class.</summary>
public abstract class HostBackend : Backend
{
    // Buffers up to 64 MiB come in powers of two and are reused; larger ones (a data set) are exact and left to the collector.
    private const int LargestClass = 24;
    private const int MaxFreePerClass = 64;

    // Per thread: a training step frees and takes on its own thread, so no lock is needed and the buffers stay in that core's cache.
    [ThreadStatic]
    private static Dictionary<HostBackend, Stack<HostStorage>[]>? freeLists;

    [ThreadStatic]
    private static (HostBackend? Owner, Stack<HostStorage>[] Lists) lastUsed;

    /// <inheritdoc/>
    public override bool RunsConcurrently => true;

    /// <inheritdoc/>
    public override Storage Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int sizeClass = SizeClass(length);
        if (sizeClass > LargestClass)
            return new HostStorage(this, length) { Length = length };
        var free = FreeLists()[sizeClass];
        var storage = free.Count > 0 ? free.Pop() : new HostStorage(this, 1 << sizeClass);
        storage.Length = length;
        return storage;
    }

    internal override void Recycle(Storage storage)
    {
        var host = (HostStorage)storage;
        if (host.IsShared || !BitOperations.IsPow2(host.Capacity) || SizeClass(host.Capacity) > LargestClass)
            return;
        var free = FreeLists()[SizeClass(host.Capacity)];
        if (free.Count < MaxFreePerClass)
            free.Push(host);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<float> values, Storage target, int offset = 0) => values.CopyTo(Host(target).Span[offset..]);

    /// <inheritdoc/>
    public override void Read(Storage source, Span<float> values, int offset = 0) =>
        Host(source).Span.Slice(offset, values.Length).CopyTo(values);

    /// <inheritdoc/>
    public override void WriteInts(ReadOnlySpan<int> values, Storage target, int offset = 0) =>
        values.CopyTo(Host(target).IntSpan[offset..]);

    /// <inheritdoc/>
    public override void ReadInts(Storage source, Span<int> values, int offset = 0) =>
        Host(source).IntSpan.Slice(offset, values.Length).CopyTo(values);

    /// <inheritdoc/>
    public override void Copy(Storage source, int sourceOffset, Storage target, int targetOffset, int count) =>
        Host(source).Span.Slice(sourceOffset, count).CopyTo(Host(target).Span[targetOffset..]);

    /// <inheritdoc/>
    public override void Fill(Storage y, float value, int count) => Host(y).Span[..count].Fill(value);

    /// <inheritdoc/>
    public override void DropoutMask(Storage mask, int count, double p, Generator generator) =>
        generator.DropoutMask(Host(mask).Span[..count], p);

    private protected static HostStorage Host(Storage storage) => (HostStorage)storage;

    // 4 cells, then 16 (one cache line), then powers of two.
    private static int SizeClass(int length) =>
        length <= HostStorage.TinyCapacity ? 2 : length <= 16 ? 4 : 32 - BitOperations.LeadingZeroCount((uint)(length - 1));

    private Stack<HostStorage>[] FreeLists()
    {
        if (lastUsed.Owner == this)
            return lastUsed.Lists;
        freeLists ??= [];
        if (!freeLists.TryGetValue(this, out var lists))
        {
            lists = new Stack<HostStorage>[LargestClass + 1];
            for (int i = 0; i < lists.Length; i++)
                lists[i] = new Stack<HostStorage>();
            freeLists.Add(this, lists);
        }
        lastUsed = (this, lists);
        return lists;
    }
}
