using System.IO.Compression;
using ILGPU.Runtime.Cuda;
using NativeNN.Gpu.Runtime;
using static NativeNN.Gpu.Cuda.CudaGraphApi;

namespace NativeNN.Gpu.Cuda;

/// <summary>
/// Kernels that come as PTX and not through ILGPU, in ILGPU's context and stream. The driver compiles them on first use. Version 5 of the
/// matrix product is one: asynchronous copies and tensor cores, which ILGPU cannot express.
/// </summary>
internal sealed unsafe class PtxModule(GpuRuntime runtime, string name, Func<string> ptx)
{
    private nint module;

    /// <summary>What build-ptx.sh made of gemm5_tensorcores.cl, for Ampere and later.</summary>
    public static string Gemm5() => Unpacked(typeof(PtxModule).Assembly.GetManifestResourceStream("gemm5.ptx.gz")!);

    /// <summary>The text of a .ptx.gz.</summary>
    public static string Unpacked(Stream compressed)
    {
        using var reader = new StreamReader(new GZipStream(compressed, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>One of its kernels.</summary>
    public GpuKernel Load(string function)
    {
        if (module == 0)
            Check((int)CudaAPI.CurrentAPI.LoadModule(out module, ptx(), out string? log), $"loading {name} ({log})");
        Check((int)CudaAPI.CurrentAPI.GetModuleFunction(out nint handle, module, function), $"looking for {function} in {name}");
        return new GpuKernel(function, handle, Start: null) { OwnStart = Launch };
    }

    /// <summary>Into the runtime's stream.</summary>
    private void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        ulong* words = stackalloc ulong[2 * KernelArgument.Most];
        void** pointers = stackalloc void*[KernelArgument.Most];
        KernelArgument.Lay(arguments, words, pointers);
        Check((int)CudaAPI.CurrentAPI.LaunchKernel(kernel.Function, shape.GroupsX, shape.GroupsY, 1, shape.Threads, 1, 1, 0,
            runtime.CudaStream,
            (nint)pointers, 0), $"launching {kernel.Name} {shape}");
    }

    private void Check(int status, string what)
    {
        if (status != 0)
            throw new GpuException($"{runtime.Device.Name}: {what} failed: {Describe(status)}.");
    }
}
