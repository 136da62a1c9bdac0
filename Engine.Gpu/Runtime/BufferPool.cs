using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using ILGPU.Runtime;
using NativeNN.Backends;

namespace NativeNN.Gpu.Runtime;

/// <summary>
/// Device buffers in powers of two up to 64 MiB, reused; larger ones are exact and freed. All work runs in one queue, so a buffer may be
/// reused while its last kernel is still waiting to run. Among free buffers the oldest goes first: a training step that takes and gives
/// back the same sizes then meets the same buffers every time (or two sets in turn), which is what lets its launches be replayed as a
/// graph.
/// </summary>
internal sealed class BufferPool(Backend backend, GpuRuntime runtime, Action beforeFree) : IDisposable
{
    private const int SmallestClass = 6, LargestClass = 24; // 64 cells (256 bytes) to 16 Mi cells
    private readonly PriorityQueue<GpuStorage, int>[] free =
        [.. Enumerable.Range(0, LargestClass + 1).Select(_ => new PriorityQueue<GpuStorage, int>())];
    private readonly ConcurrentQueue<(MemoryBuffer Buffer, int Order)> finalised = new();
    // Strong references: ILGPU's own finalisers must not free what is only waiting here.
    private readonly HashSet<MemoryBuffer> allocated = [];
    private long bytesInUse;
    private int allocations;

    /// <summary>What the pool has of the device, in use and waiting for reuse.</summary>
    public long BytesInUse => bytesInUse;

    public GpuStorage Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Drain();
        int sizeClass = SizeClass(length), capacity = sizeClass <= LargestClass ? 1 << sizeClass : length;
        if (sizeClass <= LargestClass && free[sizeClass].TryDequeue(out var reused, out _))
        {
            reused.Length = length;
            return reused;
        }
        var buffer = runtime.TryAllocate(capacity);
        if (buffer is null)
        {
            FreeEverythingUnused();
            buffer = runtime.TryAllocate(capacity);
        }
        if (buffer is null)
            throw new GpuException($"{runtime.Device.Name} is out of memory: {Mebibytes(capacity * 4L)} MiB asked for, "
                + $"{Mebibytes(bytesInUse)} MiB "
                + $"in use of {Mebibytes(runtime.Device.Memory)} MiB. Use smaller batches or less data.");
        allocated.Add(buffer);
        bytesInUse += capacity * 4L;
        if (sizeClass > LargestClass)
            GC.AddMemoryPressure(capacity * 4L); // the collector sees a small object, whose finaliser frees a data set
        return new GpuStorage(backend, this, buffer, allocations++) { Length = length };
    }

    public void Recycle(GpuStorage storage)
    {
        int sizeClass = SizeClass(storage.Capacity);
        if (!storage.IsShared && sizeClass <= LargestClass)
            free[sizeClass].Enqueue(storage, storage.Order);
    }

    /// <summary>Any thread; the buffer is taken over at the next Allocate.</summary>
    public void ReturnFromFinaliser(MemoryBuffer buffer, int order) => finalised.Enqueue((buffer, order));

    private void Drain()
    {
        while (finalised.TryDequeue(out var forgotten))
        {
            int sizeClass = SizeClass((int)forgotten.Buffer.Length);
            if (sizeClass <= LargestClass)
                free[sizeClass].Enqueue(new GpuStorage(backend, this, forgotten.Buffer, forgotten.Order), forgotten.Order);
            else
                Free(forgotten.Buffer);
        }
    }

    private void FreeEverythingUnused()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Drain();
        foreach (var queue in free)
            while (queue.TryDequeue(out var storage, out _))
            {
                GC.SuppressFinalize(storage);
                Free(storage.Buffer);
            }
    }

    private void Free(MemoryBuffer buffer)
    {
        beforeFree(); // launches not yet sent may still use it
        runtime.Free(buffer);
        allocated.Remove(buffer);
        bytesInUse -= buffer.LengthInBytes;
        if (SizeClass((int)buffer.Length) > LargestClass)
            GC.RemoveMemoryPressure(buffer.LengthInBytes);
    }

    /// <summary>Frees every buffer, in use or not.</summary>
    public void Dispose()
    {
        try
        {
            foreach (var buffer in allocated)
                runtime.Free(buffer);
        }
        catch (GpuException)
        {
            // A lost device has nothing to give back.
        }
        allocated.Clear();
    }

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("F1", CultureInfo.InvariantCulture);

    private static int SizeClass(int length) =>
        length <= 1 << SmallestClass ? SmallestClass : 32 - BitOperations.LeadingZeroCount((uint)(length - 1));
}
