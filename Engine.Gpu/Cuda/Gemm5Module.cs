using System.IO.Compression;
using ILGPU.Runtime.Cuda;
using NativeNN.Gpu.Runtime;
using static NativeNN.Gpu.Cuda.CudaGraphApi;

namespace NativeNN.Gpu.Cuda;

/// <summary>
/// Version 5 of the matrix product, gemm5_tensorcores.cl: asynchronous copies and tensor cores, which ILGPU cannot express. It travels as PTX for
/// Ampere and later, is compiled by the driver on first use, and runs in ILGPU's context and stream.
/// </summary>
internal sealed unsafe class Gemm5Module(GpuRuntime runtime)
{
    private nint module;

    /// <summary>The PTX that build-ptx.sh made of gemm5_tensorcores.cl.</summary>
    public static string Ptx()
    {
        using var compressed = typeof(Gemm5Module).Assembly.GetManifestResourceStream("gemm5.ptx.gz")!;
        using var reader = new StreamReader(new GZipStream(compressed, CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>The kernel for one pair of transposes.</summary>
    public GpuKernel Load(bool transposeA, bool transposeB)
    {
        if (module == 0)
            Check((int)CudaAPI.CurrentAPI.LoadModule(out module, Ptx(), out string? log), $"loading gemm5.ptx ({log})");
        string name = $"gemm_tensorcores_{(transposeA ? 't' : 'n')}{(transposeB ? 't' : 'n')}";
        Check((int)CudaAPI.CurrentAPI.GetModuleFunction(out nint function, module, name), $"looking for {name}");
        return new GpuKernel(name, function, Start: null);
    }

    /// <summary>Into the runtime's stream.</summary>
    public void Launch(GpuKernel kernel, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        ulong* words = stackalloc ulong[2 * KernelArgument.Most];
        void** pointers = stackalloc void*[KernelArgument.Most];
        KernelArgument.Lay(arguments, words, pointers);
        Check((int)CudaAPI.CurrentAPI.LaunchKernel(kernel.Function, shape.GroupsX, shape.GroupsY, 1, shape.Threads, 1, 1, 0, runtime.CudaStream,
            (nint)pointers, 0), $"launching {kernel.Name} {shape}");
    }

    private void Check(int status, string what)
    {
        if (status != 0)
            throw new GpuException($"{runtime.Device.Name}: {what} failed: {Describe(status)}.");
    }
}
