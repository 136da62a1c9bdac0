using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeNN.Random;

namespace NativeNN.Backends;

/// <summary>What the CPU backends share: main memory, recycled through one free list per thread and size class.</summary>
public abstract class HostBackend : Backend
{
    // Buffers up to 64 MiB come in powers of two and are reused; larger ones (a data set) are exact and left to the collector.
    private const int LargestClass = 24;
    private const int MaxFreePerClass = 64;

    // Per thread: a training step frees and takes on its own thread, so no lock is needed and the buffers stay in that core's cache.
    // Weak: a backend that nobody uses any more goes with its buffers.
    [ThreadStatic]
    private static ConditionalWeakTable<HostBackend, Stack<HostStorage>[]>? freeLists;

    [ThreadStatic]
    private static (HostBackend? Owner, Stack<HostStorage>[] Lists) lastUsed;

    /// <inheritdoc/>
    public override bool RunsConcurrently => true;

    /// <inheritdoc/>
    public override Storage Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Storage.MaxLength);
        int sizeClass = SizeClass(length);
        var storage = sizeClass > LargestClass ? NewStorage(length)
            : FreeLists()[sizeClass].TryPop(out var free) ? free
            : NewStorage(1 << sizeClass);
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
    public override void Write(ReadOnlySpan<float> values, Storage target, int offset = 0) =>
        values.CopyTo(Cells(nameof(Write), target, offset, values.Length));

    /// <inheritdoc/>
    public override void Read(Storage source, Span<float> values, int offset = 0) =>
        Cells(nameof(Read), source, offset, values.Length).CopyTo(values);

    /// <inheritdoc/>
    public override void WriteInts(ReadOnlySpan<int> values, Storage target, int offset = 0) =>
        values.CopyTo(MemoryMarshal.Cast<float, int>(Cells(nameof(WriteInts), target, offset, values.Length)));

    /// <inheritdoc/>
    public override void ReadInts(Storage source, Span<int> values, int offset = 0) =>
        MemoryMarshal.Cast<float, int>(Cells(nameof(ReadInts), source, offset, values.Length)).CopyTo(values);

    /// <inheritdoc/>
    public override void Copy(Storage source, int sourceOffset, Storage target, int targetOffset, int count) =>
        Cells(nameof(Copy), source, sourceOffset, count).CopyTo(Cells(nameof(Copy), target, targetOffset, count));

    /// <inheritdoc/>
    public override void Fill(Storage y, float value, int count) => Cells(nameof(Fill), y, offset: 0, count).Fill(value);

    internal override void DropoutMask(Storage mask, int count, double p, Generator generator) =>
        generator.DropoutMask(Host(mask).Span[..count], p);

    private protected static HostStorage Host(Storage storage) => storage as HostStorage ?? throw OfAnotherBackend(storage);

    private static ArgumentException OfAnotherBackend(Storage storage) =>
        new($"got a storage of '{storage.Backend}' where one in main memory is needed", nameof(storage));

    private static Span<float> Cells(string operation, Storage storage, int offset, int count)
    {
        var host = Host(storage);
        CheckRange(operation, host, offset, count);
        return host.Span.Slice(offset, count);
    }

    private HostStorage NewStorage(int capacity)
    {
        try
        {
            return new HostStorage(this, capacity);
        }
        catch (OutOfMemoryException e)
        {
            const int CellsPerMebibyte = 1 << 18;
            throw new OutOfMemoryException(
                $"Allocate: there is no room for {capacity / CellsPerMebibyte} MiB more; use smaller batches or less data", e);
        }
    }

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
