using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Frontend;
using ILGPU.Frontend.Intrinsic;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using NativeNN.Backends;
using NativeNN.Gpu.Kernels;

namespace NativeNN.Gpu.Runtime;

/// <summary>How ILGPU is set up here: where it finds the drivers, how far it optimises, and the two functions it is told about.</summary>
internal static class GpuContext
{
    private static readonly string[] OpenClNames = ["libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll",
        "/System/Library/Frameworks/OpenCL.framework/OpenCL"];
    private static readonly string[] CudaNames = ["libcuda.so.1", "libcuda.so", "nvcuda.dll"];

    private static readonly Lazy<nint> OpenCl = new(() => Load(OpenClNames)),
        CudaDriver = new(() => Load(CudaPath is { } path ? [path] : CudaNames));

    /// <summary>
    /// The OpenCL loader's library, or 0. ILGPU asks for libOpenCL.so, which systems without development packages do not have.
    /// </summary>
    public static nint OpenClLibrary => OpenCl.Value;

    /// <summary>NVIDIA's library, or 0.</summary>
    public static nint CudaLibrary => CudaDriver.Value;

    /// <summary>Another library in the place of NVIDIA's, set before the first use: the tests' stand-in.</summary>
    internal static string? CudaPath { get; set; }

    static GpuContext()
    {
        NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(typeof(GpuContext).Assembly, Resolve);
        // a·b + c, rounded once: the engine's formulas say where, every device has the instruction, ILGPU knows no name for it in C#.
        RemappedIntrinsics.AddRemapping(typeof(ScalarMath).GetMethod(nameof(ScalarMath.MultiplyAdd))!,
            (ref InvocationContext call) => call.Method = typeof(ThreadGrid).GetMethod(nameof(ThreadGrid.MultiplyAdd))!);
    }

    /// <summary>A context. At O1 ILGPU 1.5.3's kernels are far slower (no 16-byte loads) or do not compile at all.</summary>
    public static Context Create() => Context.Create(builder =>
    {
        builder.EnableAlgorithms().Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive);
        var intrinsics = builder.GetIntrinsicManager();
        var (barrier, multiplyAdd) = (typeof(ThreadGrid).GetMethod(nameof(ThreadGrid.Barrier))!,
            typeof(ThreadGrid).GetMethod(nameof(ThreadGrid.MultiplyAdd))!);
        intrinsics.RegisterMethod(barrier, new CLIntrinsic(typeof(OnOpenCl), barrier.Name, IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(barrier, new PTXIntrinsic(typeof(OnCuda), barrier.Name, IntrinsicImplementationMode.Redirect));
        intrinsics.RegisterMethod(multiplyAdd, new CLIntrinsic(typeof(OnOpenCl), multiplyAdd.Name,
            IntrinsicImplementationMode.GenerateCode));
        intrinsics.RegisterMethod(multiplyAdd, new PTXIntrinsic(typeof(OnCuda), multiplyAdd.Name,
            IntrinsicImplementationMode.GenerateCode));
    });

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name.ToLowerInvariant() switch
    {
        "opencl" => OpenClLibrary,
        "cuda" or "nvcuda" => CudaLibrary,
        _ => 0,
    };

    private static nint Load(string[] names)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint handle))
                return handle;
        return 0;
    }
}
