namespace NativeNN.Backends;

/// <summary>Cells in main memory, 64-byte aligned and never moved by the garbage collector, so that kernels can use plain pointers.</summary>
internal sealed unsafe class HostStorage : Storage
{
    private const int CellsPerLine = 16;
    private const int ReadAhead = 16; // a vector load may start at the last cell
    private readonly float[] array; // the collector frees it with this object: no finaliser, no Dispose

    public HostStorage(Backend backend, int capacity)
    {
        Backend = backend;
        Capacity = capacity;
        array = GC.AllocateUninitializedArray<float>(capacity + CellsPerLine + ReadAhead, pinned: true);
        var address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref array[0]);
        Pointer = (float*)((address + 63) & ~(nuint)63);
    }

    public override Backend Backend { get; }

    public int Capacity { get; }

    public float* Pointer { get; }

    public int* Ints => (int*)Pointer;

    public Span<float> Span => new(Pointer, Length);

    public Span<int> IntSpan => new(Pointer, Length);
}
