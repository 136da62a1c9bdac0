using NativeNN.Backends;

namespace NativeNN.Gpu;

/// <summary>Cells on a device. One that nobody recycles is given back by its finaliser: the handle goes to the pool, no driver is called from there.</summary>
internal sealed class GpuStorage : Storage
{
    private readonly BufferPool pool;

    public GpuStorage(Backend backend, BufferPool pool, nint handle, int capacity, int order)
    {
        Backend = backend;
        this.pool = pool;
        Handle = handle;
        Capacity = capacity;
        Order = order;
    }

    ~GpuStorage() => pool.ReturnFromFinaliser(Handle, Capacity, Order);

    public override Backend Backend { get; }

    /// <summary>cl_mem or CUdeviceptr.</summary>
    public nint Handle { get; }

    public int Capacity { get; }

    /// <summary>Place in the order of allocation: among free buffers of a size the pool gives the lowest.</summary>
    public int Order { get; }
}
