using System.Diagnostics;
using System.Text;
using static NativeNN.Gpu.Runtime.OpenCl.OpenClNative;

namespace NativeNN.Gpu.Runtime.OpenCl;

/// <summary>One OpenCL device with an in-order queue. Modules are compiled by its driver from the embedded text, each on first use.</summary>
internal sealed unsafe class OpenClRuntime : GpuRuntime
{
    // A driver may hold work back until it is flushed or waited for.
    private const int LaunchesPerFlush = 16;

    private readonly OpenClDevice device;
    private readonly nint context, queue;
    private readonly Dictionary<string, nint> programs = [];
    private readonly List<nint> kernels = [];
    private int unflushed;

    /// <summary>usesCpuKernels: null chooses by the device's type.</summary>
    public OpenClRuntime(OpenClDevice device, bool? usesCpuKernels = null)
    {
        this.device = device;
        UsesCpuKernels = usesCpuKernels ?? device.Description.IsCpu;
        if (device.MaxGroupThreads < GroupThreads)
            throw new GpuException($"{device.Description.Name} allows {device.MaxGroupThreads} threads a group; the kernels need {GroupThreads}.");
        int status;
        nint id = device.Id;
        context = clCreateContext(0, 1, &id, 0, 0, &status);
        Check(status, "clCreateContext");
        queue = clCreateCommandQueue(context, id, 0, &status);
        Check(status, "clCreateCommandQueue");
    }

    public override GpuDevice Device => device.Description;

    public override bool UsesCpuKernels { get; }

    public override bool HasTensorCores => false;

    public override long LocalMemory => device.LocalMemory;

    public override nint TryAllocate(long bytes)
    {
        int status;
        // PoCL otherwise allocates at the first use, and without memory then it ends the process.
        ulong flags = device.Description.IsCpu ? ReadWrite | AllocateHostMemory : ReadWrite;
        nint buffer = clCreateBuffer(context, flags, (nuint)bytes, null, &status);
        if (status is OutOfDeviceMemory or OutOfResources or OutOfHostMemory or InvalidBufferSize)
            return 0;
        Check(status, "clCreateBuffer");
        return buffer;
    }

    public override void Free(nint buffer) => Check(clReleaseMemObject(buffer), "clReleaseMemObject");

    public override void Write(nint buffer, long offset, void* source, long bytes) =>
        Check(clEnqueueWriteBuffer(queue, buffer, 1, (nuint)offset, (nuint)bytes, source, 0, null, null), "clEnqueueWriteBuffer");

    public override void Read(nint buffer, long offset, void* target, long bytes) =>
        Check(clEnqueueReadBuffer(queue, buffer, 1, (nuint)offset, (nuint)bytes, target, 0, null, null), "clEnqueueReadBuffer");

    public override GpuKernel Load(string module, string name)
    {
        if (!programs.TryGetValue(module, out nint program))
            programs[module] = program = Build(module, KernelSource.OpenCl(module));
        int status;
        nint kernel = clCreateKernel(program, name, &status);
        Check(status, $"clCreateKernel({name})");
        kernels.Add(kernel);
        return new GpuKernel(name, kernel);
    }

    public override void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            ulong bits = arguments[i].Bits; // little-endian: the low 4 bytes come first
            int status = clSetKernelArg(kernel.Handle, (uint)i, (nuint)arguments[i].Size, &bits);
            if (status != 0)
                Check(status, $"clSetKernelArg({kernel.Name}, {i})");
        }
        nuint* total = stackalloc nuint[2] { (nuint)((long)shape.GroupsX * shape.Threads), (nuint)shape.GroupsY };
        nuint* group = stackalloc nuint[2] { (nuint)shape.Threads, 1 };
        int launched = clEnqueueNDRangeKernel(queue, kernel.Handle, 2, null, total, group, 0, null, null);
        if (launched != 0)
            Check(launched, $"clEnqueueNDRangeKernel({kernel.Name}, {shape})");
        if (++unflushed >= LaunchesPerFlush)
        {
            Check(clFlush(queue), "clFlush");
            unflushed = 0;
        }
    }

    public override void Synchronize()
    {
        Check(clFinish(queue), "clFinish");
        unflushed = 0;
    }

    // Host time around an empty queue: command profiling would have to sum over every launch, and gaps between launches are part of the answer.
    public override double Time(Action work)
    {
        Synchronize();
        long start = Stopwatch.GetTimestamp();
        work();
        Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public override void Dispose()
    {
        // A queue still at work is waited for; statuses no longer matter to anyone.
        _ = clFinish(queue);
        foreach (nint kernel in kernels)
            _ = clReleaseKernel(kernel);
        foreach (nint program in programs.Values)
            _ = clReleaseProgram(program);
        _ = clReleaseCommandQueue(queue);
        _ = clReleaseContext(context);
    }

    /// <summary>Compiles a module. Throws GpuException with the driver's log.</summary>
    internal nint Build(string module, string source)
    {
        byte[] text = Encoding.UTF8.GetBytes(source);
        nint program;
        int status;
        fixed (byte* start = text)
        {
            byte* pointer = start;
            nuint length = (nuint)text.Length;
            program = clCreateProgramWithSource(context, 1, &pointer, &length, &status);
        }
        Check(status, "clCreateProgramWithSource");
        nint id = device.Id;
        string options = $"-cl-std=CL1.2 -D ROW_LANES={(UsesCpuKernels ? 1 : 32)}";
        if (clBuildProgram(program, 1, &id, options, 0, 0) != 0)
            throw new GpuException($"{Device.Name}: the kernels in {module} do not build.\n{Log(program)}");
        return program;
    }

    private string Log(nint program)
    {
        nuint size;
        if (clGetProgramBuildInfo(program, device.Id, BuildLog, 0, null, &size) != 0 || size == 0)
            return "The driver gives no log.";
        var bytes = new byte[size];
        fixed (byte* pointer = bytes)
            return clGetProgramBuildInfo(program, device.Id, BuildLog, size, pointer, null) == 0
                ? Encoding.UTF8.GetString(bytes).TrimEnd('\0', '\n') : "The driver gives no log.";
    }

    private void Check(int status, string call)
    {
        if (status != 0)
            throw new GpuException($"{Device.Name}: {call} failed: {Describe(status)}.");
    }
}
