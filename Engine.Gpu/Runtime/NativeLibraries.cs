using System.Runtime.InteropServices;

namespace NativeNN.Gpu.Runtime;

/// <summary>Finds the drivers' libraries under the names they have on Linux, Windows and macOS; a missing one is no error until it is used.</summary>
internal static class NativeLibraries
{
    public const string OpenCl = "OpenCL";
    public const string Cuda = "cuda";

    private static readonly string[] OpenClNames =
        ["libOpenCL.so.1", "libOpenCL.so", "OpenCL.dll", "/System/Library/Frameworks/OpenCL.framework/OpenCL"];
    private static readonly string[] CudaNames = ["libcuda.so.1", "libcuda.so", "nvcuda.dll"];

    private static readonly Lazy<nint> OpenClHandle = new(() => Load(OpenClNames));
    private static readonly Lazy<nint> CudaHandle = new(() => Load(CudaPath is { } path ? [path] : CudaNames));

    static NativeLibraries() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => name switch
        {
            OpenCl => OpenClHandle.Value,
            Cuda => CudaHandle.Value,
            _ => 0,
        });

    public static bool HasOpenCl => OpenClHandle.Value != 0;

    public static bool HasCuda => CudaHandle.Value != 0;

    /// <summary>Another library in the place of NVIDIA's, set before the first use: the tests' stand-in.</summary>
    internal static string? CudaPath { get; set; } = Environment.GetEnvironmentVariable("NATIVENN_CUDA_LIBRARY");

    public static bool HasCudaFunction(string name) => HasCuda && NativeLibrary.TryGetExport(CudaHandle.Value, name, out _);

    private static nint Load(string[] names)
    {
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint handle))
                return handle;
        return 0;
    }
}
