using System.Diagnostics;
using System.Runtime.InteropServices;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>Builds cuda_stub.c and puts it in the place of NVIDIA's library, where there is none: the CUDA calls then run on an OpenCL device.</summary>
internal static class CudaStub
{
    private static readonly Lazy<string?> Installed = new(Install);
    private static nint library;

    /// <summary>Null if the stand-in is in place, else why it is not. Must come before anything asks for CUDA devices.</summary>
    public static string? Missing => Installed.Value;

    public static int Calls(string function) => Marshal.GetDelegateForFunctionPointer<CallsFunction>(NativeLibrary.GetExport(library, "stub_calls"))(function);

    /// <summary>The next calls of the function fail with that status.</summary>
    public static void Fail(string function, int status, int times = 1) =>
        Marshal.GetDelegateForFunctionPointer<FailFunction>(NativeLibrary.GetExport(library, "stub_fail"))(function, status, times);

    private delegate int CallsFunction([MarshalAs(UnmanagedType.LPUTF8Str)] string function);

    private delegate void FailFunction([MarshalAs(UnmanagedType.LPUTF8Str)] string function, int status, int times);

    private static string? Install()
    {
        if (!OperatingSystem.IsLinux())
            return "the stand-in for CUDA is built on Linux only";
        if (NativeLibrary.TryLoad("libcuda.so.1", out nint real))
        {
            NativeLibrary.Free(real);
            return "NVIDIA's own library is here";
        }
        if (!NativeLibraries.HasOpenCl)
            return "the stand-in for CUDA needs OpenCL";
        var folder = Directory.CreateTempSubdirectory("nativenn-cuda-stub");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true); // its kernels are compiled when first used
        string file = Path.Combine(folder.FullName, "libcuda_stub.so");
        foreach (string module in KernelSource.Modules.Keys)
            File.WriteAllText(Path.Combine(folder.FullName, module + ".cl"), KernelSource.OpenCl(module));
        string source = Path.Combine(AppContext.BaseDirectory, "Gpu", "CudaStub", "cuda_stub.c");
        if (!Compile(source, file))
            return "the stand-in for CUDA needs a C compiler (cc)";
        SetForNativeCode("STUB_KERNELS", folder.FullName);
        library = NativeLibrary.Load(file);
        NativeLibraries.CudaPath = file;
        return null;
    }

    private static bool Compile(string source, string target)
    {
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-O1", "-w", "-shared", "-fPIC", "-o", target, source, "-ldl"]))!;
            compiler.WaitForExit();
            return compiler.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    // .NET keeps its own copy of the environment; C code reads the process's.
    private static void SetForNativeCode(string name, string value) => _ = setenv(name, value, 1);

    [DllImport("libc")]
    private static extern int setenv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
