using System.Text;
using static NativeNN.Gpu.Runtime.Cuda.CudaNative;

namespace NativeNN.Gpu.Runtime.Cuda;

/// <summary>One CUDA device: its primary context, one stream, modules from the embedded PTX, each compiled by the driver on first use.</summary>
internal sealed unsafe class CudaRuntime : GpuRuntime
{
    // Graphs need cuGraphInstantiateWithFlags: CUDA 11.4.
    private static readonly bool DriverHasGraphs = NativeLibraries.HasCudaFunction("cuGraphInstantiateWithFlags");

    [ThreadStatic]
    private static nint currentContext;

    private readonly CudaDevice device;
    private readonly nint context, stream, start, end;
    private readonly Dictionary<string, nint> modules = [];

    public CudaRuntime(CudaDevice device)
    {
        this.device = device;
        nint handle;
        Check(cuDevicePrimaryCtxRetain(&handle, device.Handle), "cuDevicePrimaryCtxRetain");
        context = handle;
        MakeCurrent();
        Check(cuStreamCreate(&handle, NonBlockingStream), "cuStreamCreate");
        stream = handle;
        Check(cuEventCreate(&handle, 0), "cuEventCreate");
        start = handle;
        Check(cuEventCreate(&handle, 0), "cuEventCreate");
        end = handle;
    }

    public override GpuDevice Device => device.Description;

    public override bool UsesCpuKernels => false;

    public override bool HasTensorCores => device.PtxTarget == "sm_80";

    public override long LocalMemory => device.SharedMemory;

    public nint Stream => stream;

    public override nint TryAllocate(long bytes)
    {
        MakeCurrent();
        nint buffer;
        int status = cuMemAlloc_v2(&buffer, (nuint)bytes);
        if (status == OutOfMemory)
            return 0;
        Check(status, "cuMemAlloc");
        return buffer;
    }

    public override void Free(nint buffer)
    {
        MakeCurrent();
        Check(cuMemFree_v2(buffer), "cuMemFree");
    }

    // Pageable memory: the driver has taken its copy when the call returns.
    public override void Write(nint buffer, long offset, void* source, long bytes)
    {
        MakeCurrent();
        Check(cuMemcpyHtoDAsync_v2(buffer + (nint)offset, source, (nuint)bytes, stream), "cuMemcpyHtoDAsync");
    }

    public override void Read(nint buffer, long offset, void* target, long bytes)
    {
        MakeCurrent();
        Check(cuMemcpyDtoHAsync_v2(target, buffer + (nint)offset, (nuint)bytes, stream), "cuMemcpyDtoHAsync");
        Check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    public override GpuKernel Load(string module, string name)
    {
        MakeCurrent();
        if (!modules.TryGetValue(module, out nint handle))
            modules[module] = handle = LoadModule(module);
        nint function;
        Check(cuModuleGetFunction(&function, handle, name), $"cuModuleGetFunction({name})");
        return new GpuKernel(name, function);
    }

    public override void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        MakeCurrent();
        fixed (KernelArgument* first = arguments)
        {
            void** pointers = stackalloc void*[arguments.Length];
            Point(pointers, first, arguments.Length);
            int status = cuLaunchKernel(kernel.Handle, (uint)shape.GroupsX, (uint)shape.GroupsY, 1, (uint)shape.Threads, 1, 1, 0, stream, pointers, null);
            if (status != 0)
                Check(status, $"cuLaunchKernel({kernel.Name}, {shape})");
        }
    }

    public override void Synchronize()
    {
        MakeCurrent();
        Check(cuStreamSynchronize(stream), "cuStreamSynchronize");
    }

    public override double Time(Action work)
    {
        MakeCurrent();
        Check(cuEventRecord(start, stream), "cuEventRecord");
        work();
        Check(cuEventRecord(end, stream), "cuEventRecord");
        Check(cuEventSynchronize(end), "cuEventSynchronize");
        float milliseconds;
        Check(cuEventElapsedTime(&milliseconds, start, end), "cuEventElapsedTime");
        return milliseconds;
    }

    public override bool HasGraphs => DriverHasGraphs;

    public override LaunchGraph BuildGraph(LaunchRecord record)
    {
        MakeCurrent();
        return new CudaGraph(this, record);
    }

    public override void Dispose()
    {
        // Whatever fails here has failed before, or no longer matters.
        _ = cuCtxSetCurrent(context);
        _ = cuStreamSynchronize(stream);
        foreach (nint module in modules.Values)
            _ = cuModuleUnload(module);
        _ = cuEventDestroy_v2(start);
        _ = cuEventDestroy_v2(end);
        _ = cuStreamDestroy_v2(stream);
        _ = NativeLibraries.HasCudaFunction("cuDevicePrimaryCtxRelease_v2")
            ? cuDevicePrimaryCtxRelease_v2(device.Handle) : cuDevicePrimaryCtxRelease(device.Handle);
        currentContext = 0;
    }

    internal void Check(int status, string call)
    {
        if (status != 0)
            throw new GpuException($"{Device.Name}: {call} failed: {CudaNative.Describe(status)}.");
    }

    /// <summary>The driver wants an array of pointers to the values; Bits is the first field of each argument.</summary>
    internal static void Point(void** pointers, KernelArgument* first, int count)
    {
        for (int i = 0; i < count; i++)
            pointers[i] = first + i;
    }

    private void MakeCurrent()
    {
        if (currentContext == context)
            return;
        Check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
        currentContext = context;
    }

    private nint LoadModule(string module)
    {
        byte[] text = Encoding.UTF8.GetBytes(KernelSource.Ptx(device.PtxTarget, module) + '\0');
        var log = new byte[4096];
        nint handle;
        int status;
        fixed (byte* image = text, logStart = log)
        {
            uint* options = stackalloc uint[] { JitErrorLogBuffer, JitErrorLogBufferSize };
            nint* values = stackalloc nint[] { (nint)logStart, log.Length };
            status = cuModuleLoadDataEx(&handle, image, 2, options, values);
        }
        if (status != 0)
            throw new GpuException($"{Device.Name}: the kernels in {module} do not load: {CudaNative.Describe(status)}.\n"
                + Encoding.UTF8.GetString(log).TrimEnd('\0'));
        return handle;
    }
}
