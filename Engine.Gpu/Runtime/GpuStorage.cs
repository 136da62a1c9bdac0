using ILGPU;
using ILGPU.Runtime;
using NativeNN.Backends;

namespace NativeNN.Gpu.Runtime;

/// <summary>
/// Cells on a device. One that nobody recycles is given back by its finaliser: the buffer goes to the pool, no driver is called from there.
/// </summary>
internal sealed class GpuStorage : Storage
{
    private readonly BufferPool pool;

    public GpuStorage(Backend backend, BufferPool pool, MemoryBuffer buffer, int order)
    {
        Backend = backend;
        this.pool = pool;
        Buffer = buffer;
        View = buffer.AsArrayView<float>(0, buffer.Length);
        Order = order;
    }

    ~GpuStorage() => pool.ReturnFromFinaliser(Buffer, Order);

    public override Backend Backend { get; }

    /// <summary>ILGPU's buffer; the pool keeps it alive.</summary>
    public MemoryBuffer Buffer { get; }

    /// <summary>All of its cells, as kernels take them.</summary>
    public ArrayView<float> View { get; }

    /// <summary>cl_mem or CUdeviceptr.</summary>
    public nint Handle => Buffer.NativePtr;

    public int Capacity => (int)Buffer.Length;

    /// <summary>Place in the order of allocation: among free buffers of a size the pool gives the lowest.</summary>
    public int Order { get; }
}
