using System.Runtime.InteropServices;

namespace NativeNN.Backends;

/// <summary>Cells in main memory, 64-byte aligned and never moved by the garbage collector, so that kernels can use plain pointers.</summary>
internal sealed unsafe class HostStorage : Storage
{
    private const int CellsPerLine = 16;
    private const int ReadAhead = 16; // a vector load may start at the last cell
    private readonly float[] array; // the collector frees it with this object: no finaliser, no Dispose
    private readonly int first; // of the aligned cells

    public HostStorage(Backend backend, int capacity)
    {
        Backend = backend;
        Capacity = capacity;
        array = GC.AllocateUninitializedArray<float>(capacity + CellsPerLine + ReadAhead, pinned: true);
        var address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[0]);
        Pointer = (float*)((address + 63) & ~(nuint)63);
        first = (int)((nuint)Pointer - address) / sizeof(float);
        HugePages.Ask(Pointer, (nuint)capacity * sizeof(float));
    }

    public override Backend Backend { get; }

    public int Capacity { get; }

    /// <summary>Whoever uses it keeps this object alive until the last access (GC.KeepAlive); a Span does so by itself.</summary>
    public float* Pointer { get; }

    public int* Ints => (int*)Pointer;

    public Span<float> Span => array.AsSpan(first, Length);

    public Span<int> IntSpan => MemoryMarshal.Cast<float, int>(Span);
}
