using System.Diagnostics;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using NativeNN.Gpu.Kernels;

namespace NativeNN.Gpu.Runtime;

/// <summary>
/// One device and one in-order stream of ILGPU's. What fails there is a <see cref="GpuException"/> here. Calls may come from any thread,
/// one at a time (GpuBackend holds a lock).
/// </summary>
internal sealed class GpuRuntime : IDisposable
{
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly KernelArgument[] given = new KernelArgument[KernelArgument.Most];

    /// <summary>usesCpuKernels: null chooses by the device's type.</summary>
    public GpuRuntime(ListedDevice device, bool? usesCpuKernels = null)
    {
        Device = device.Description;
        UsesCpuKernels = usesCpuKernels ?? Device.IsCpu;
        if (device.Device.MaxNumThreadsPerGroup < ThreadGrid.PerGroup)
            throw new GpuException(
                $"{Device.Name} allows {device.Device.MaxNumThreadsPerGroup} threads a group; the kernels need {ThreadGrid.PerGroup}.");
        context = GpuContext.Create();
        try
        {
            accelerator = device.Device.CreateAccelerator(context);
            // On CUDA the default stream can't start graphs, nor run beside other streams.
            stream = accelerator.CreateStream();
        }
        catch (Exception failure) when (failure is AcceleratorException or NotSupportedException)
        {
            context.Dispose();
            throw new GpuException($"{Device.Name} does not start: {failure.Message}", failure);
        }
    }

    public GpuDevice Device { get; }

    /// <summary>Whether kernels for CPU devices (no barriers) are to be used.</summary>
    public bool UsesCpuKernels { get; }

    /// <summary>Whether the TF32 tensor-core product can run.</summary>
    public bool HasTensorCores => LoadTensorCoreProduct is not null;

    /// <summary>Loads that product for one pair of transposes; null where it can't run.</summary>
    public Func<bool, bool, GpuKernel>? LoadTensorCoreProduct { get; set; }

    /// <summary>Shared memory of a group in bytes.</summary>
    public long SharedMemory => accelerator.MaxSharedMemoryPerGroup;

    /// <summary>Makes recorded launches a graph that one call starts; null where there are none.</summary>
    public Func<LaunchRecord, LaunchGraph>? BuildGraph { get; set; }

    /// <summary>The generation of an NVIDIA GPU; null elsewhere.</summary>
    public CudaArchitecture? Architecture => (accelerator as CudaAccelerator)?.Architecture;

    /// <summary>CUDA's stream.</summary>
    public nint CudaStream => ((CudaStream)stream).StreamPtr;

    /// <summary>A buffer of that many floats, or null if there is no room.</summary>
    public MemoryBuffer? TryAllocate(int cells)
    {
        // Drivers for CPUs promise more than there is, and end the process at the first use.
        if (cells * 4L > Device.Memory)
            return null;
        accelerator.Bind();
        try
        {
            return accelerator.Allocate1D<float>(cells);
        }
        catch (CLException failure) when (failure.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES
            or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE)
        {
            return null;
        }
        catch (CudaException failure) when (failure.Error == nameof(CudaError.CUDA_ERROR_OUT_OF_MEMORY))
        {
            return null;
        }
        catch (AcceleratorException failure)
        {
            throw Failed("an allocation", failure);
        }
    }

    public void Free(MemoryBuffer buffer) => Try("freeing memory", buffer.Dispose);

    /// <summary>Host to device; source may be reused when the call returns.</summary>
    public void Write<T>(ArrayView<T> target, ReadOnlySpan<T> source)
        where T : unmanaged
    {
        accelerator.Bind();
        try
        {
            target.CopyFromCPU(stream, source);
        }
        catch (AcceleratorException failure)
        {
            throw Failed("a transfer to the device", failure);
        }
    }

    /// <summary>Device to host, after all queued work.</summary>
    public void Read<T>(ArrayView<T> source, Span<T> target)
        where T : unmanaged
    {
        accelerator.Bind();
        try
        {
            source.CopyToCPU(stream, target);
        }
        catch (AcceleratorException failure)
        {
            throw Failed("a transfer from the device", failure);
        }
    }

    /// <summary>Compiles a kernel, a method of Kernels/, for arguments like these.</summary>
    public GpuKernel Load(Delegate method, ReadOnlySpan<KernelArgument> example)
    {
        string name = NameOf(method);
        accelerator.Bind();
        try
        {
            // Two groups of 256 threads a multiprocessor leave 128 registers a thread.
            var kernel = accelerator.LoadKernel(method.Method, new KernelSpecialization(ThreadGrid.PerGroup, 2));
            return new GpuKernel(name, (kernel as CudaKernel)?.FunctionPtr ?? 0, GpuKernel.Starter(kernel, method.Method, example))
            {
                OpenCl = kernel is CLKernel openCl ? new OpenClLauncher(openCl.KernelPtr) : null,
            };
        }
        catch (Exception failure) when (IsOfCompiling(failure))
        {
            string log = CompilerLog(method);
            throw new GpuException($"{Device.Name}: the kernel {name} does not compile: {Messages(failure)}.\n{log}".TrimEnd(), failure);
        }
    }

    /// <summary>Version 5's kernel for one pair of transposes.</summary>
    public GpuKernel LoadGemm5(bool transposeA, bool transposeB)
    {
        accelerator.Bind();
        return LoadTensorCoreProduct!(transposeA, transposeB);
    }

    public void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        accelerator.Bind();
        if (kernel.Start is null)
        {
            kernel.OwnStart!(kernel, shape, arguments);
            return;
        }
        arguments.CopyTo(given);
        try
        {
            if (kernel.OpenCl is { } launcher)
                CLException.ThrowIfFailed(launcher.Start(((CLStream)stream).CommandQueue, shape, arguments));
            else
                kernel.Start(stream, shape.Config, given);
        }
        catch (AcceleratorException failure)
        {
            throw Failed($"launching {kernel.Name} {shape}", failure);
        }
    }

    public void Synchronize() => Try("waiting for the device", stream.Synchronize);

    /// <summary>Milliseconds from an idle device to the end of what work queues.</summary>
    public double Time(Action work)
    {
        Synchronize();
        long start = Stopwatch.GetTimestamp();
        work();
        Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public void Dispose()
    {
        try
        {
            accelerator.Bind();
            stream.Synchronize();
            stream.Dispose();
            accelerator.Dispose();
            context.Dispose();
        }
        catch (AcceleratorException)
        {
            // A lost device has nothing to give back.
        }
    }

    internal GpuException Failed(string what, Exception failure) => new($"{Device.Name}: {what} failed: {Messages(failure)}.", failure);

    private void Try(string what, Action call)
    {
        accelerator.Bind();
        try
        {
            call();
        }
        catch (AcceleratorException failure)
        {
            throw Failed(what, failure);
        }
    }

    // ILGPU compiles on several threads, hence the aggregate.
    private static bool IsOfCompiling(Exception failure) =>
        failure is AcceleratorException or InternalCompilerException or NotSupportedException or AggregateException;

    // "Gemm3Registers.Run<Plain>".
    private static string NameOf(Delegate method)
    {
        var types = method.Method.GetGenericArguments().Select(type => type.Name);
        string name = $"{method.Method.DeclaringType!.Name}.{method.Method.Name}";
        return method.Method.IsGenericMethod ? $"{name}<{string.Join(", ", types)}>" : name;
    }

    // ILGPU says what went wrong in the innermost exception; on one line.
    private static string Messages(Exception failure)
    {
        var messages = new List<string>();
        for (var one = failure; one is not null; one = one.InnerException)
            messages.Add(one.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.'));
        return string.Join(": ", messages.Distinct());
    }

    // What the OpenCL driver's compiler says to ILGPU's text; ILGPU itself keeps that to itself.
    private string CompilerLog(Delegate method)
    {
        if (accelerator is not CLAccelerator openCl)
            return "";
        try
        {
            var compiled = (CLCompiledKernel)openCl.CompileKernel(EntryPointDescription.FromExplicitlyGroupedKernel(method.Method));
            CLKernel.LoadKernel(openCl, compiled.Name, compiled.Source, compiled.CVersion, out _, out _, out string? log);
            return log?.TrimEnd('\0', '\n') ?? "";
        }
        catch (Exception failure) when (IsOfCompiling(failure))
        {
            return ""; // it was ILGPU's compiler that refused
        }
    }
}
