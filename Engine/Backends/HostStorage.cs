using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeNN.Backends;

/// <summary>
/// Cells in main memory, 64-byte aligned (a few alone: 16) and never moved by the garbage collector, so that kernels can use plain
/// pointers.
/// </summary>
internal sealed unsafe class HostStorage : Storage
{
    private const int CellsPerLine = 16;
    private const int ReadAhead = 16; // a vector load may start at the last cell
    private readonly float[] array; // the collector frees it with this object: no finaliser, no Dispose
    private readonly int first; // of the aligned cells

    // Pinned arrays are collected in full collections only, and every step leaves a number behind (its loss, which stays readable): such
    // storages share one array.
    private const int CellsPerSlab = 4096;

    [ThreadStatic]
    private static (float[] Array, int First, int Next) slab;

    public HostStorage(Backend backend, int capacity)
    {
        Backend = backend;
        Capacity = capacity;
        (array, first) = capacity <= TinyCapacity ? Slice() : Aligned(capacity);
        Pointer = (float*)Unsafe.AsPointer(ref array[first]);
        HugePages.Ask(Pointer, (nuint)capacity * sizeof(float));
    }

    /// <summary>Storages up to this many cells lie side by side in one array, on 16 bytes each.</summary>
    public const int TinyCapacity = 4;

    private static (float[] Array, int First) Aligned(int cells)
    {
        var array = GC.AllocateUninitializedArray<float>(cells + CellsPerLine + ReadAhead, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        return (array, (int)((((address + 63) & ~(nuint)63) - address) / sizeof(float)));
    }

    private static (float[] Array, int First) Slice()
    {
        if (slab.Array is null || slab.Next == CellsPerSlab)
        {
            var (array, first) = Aligned(CellsPerSlab);
            slab = (array, first, 0);
        }
        int start = slab.First + slab.Next;
        slab.Next += TinyCapacity;
        return (slab.Array, start);
    }

    public override Backend Backend { get; }

    public int Capacity { get; }

    /// <summary>Whoever uses it keeps this object alive until the last access (GC.KeepAlive); a Span does so by itself.</summary>
    public float* Pointer { get; }

    public int* Ints => (int*)Pointer;

    public Span<float> Span => array.AsSpan(first, Length);

    public Span<int> IntSpan => MemoryMarshal.Cast<float, int>(Span);
}
