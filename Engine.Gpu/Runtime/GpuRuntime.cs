namespace NativeNN.Gpu.Runtime;

/// <summary>
/// What GpuBackend needs of a driver: one device, one in-order queue. Buffers and kernels are the driver's handles. Every call's status is checked;
/// a failure is a <see cref="GpuException"/>. Calls may come from any thread, one at a time (GpuBackend holds a lock).
/// </summary>
internal abstract unsafe class GpuRuntime : IDisposable
{
    /// <summary>Threads of a group unless a kernel says otherwise: GROUP_THREADS in Kernels/prelude.cl.</summary>
    public const int GroupThreads = 256;

    public abstract GpuDevice Device { get; }

    /// <summary>Whether kernels for CPU devices (no barriers) are to be used.</summary>
    public abstract bool UsesCpuKernels { get; }

    /// <summary>Whether the TF32 tensor-core product can run.</summary>
    public abstract bool HasTensorCores { get; }

    /// <summary>Local memory of a group in bytes.</summary>
    public abstract long LocalMemory { get; }

    /// <summary>A buffer, or 0 if there is no room.</summary>
    public abstract nint TryAllocate(long bytes);

    public abstract void Free(nint buffer);

    /// <summary>Host to device; source may be reused when the call returns.</summary>
    public abstract void Write(nint buffer, long offset, void* source, long bytes);

    /// <summary>Device to host, after all queued work.</summary>
    public abstract void Read(nint buffer, long offset, void* target, long bytes);

    /// <summary>Compiles the module if it is the first kernel of it.</summary>
    public abstract GpuKernel Load(string module, string name);

    public abstract void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments);

    public abstract void Synchronize();

    /// <summary>Milliseconds on the device from the start to the end of what work queues.</summary>
    public abstract double Time(Action work);

    /// <summary>Whether BuildGraph works.</summary>
    public virtual bool HasGraphs => false;

    /// <summary>Recorded launches as a graph that one call starts.</summary>
    public virtual LaunchGraph BuildGraph(LaunchRecord record) => throw new NotSupportedException($"{Device.Name} has no graphs.");

    public abstract void Dispose();
}

/// <summary>A kernel of a compiled module.</summary>
internal sealed record GpuKernel(string Name, nint Handle);

/// <summary>Groups in both directions, and the threads of each.</summary>
internal readonly record struct LaunchShape(int GroupsX, int GroupsY = 1, int Threads = GpuRuntime.GroupThreads);
