using System.Diagnostics;
using System.Runtime.InteropServices;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// Builds fake_cuda.c and puts it in the place of NVIDIA's library, where there is none. It runs no kernel, so only CudaCallTests use it.
/// </summary>
internal static class FakeCuda
{
    private static readonly Lazy<string?> Installed = new(Install);
    private static nint library;

    /// <summary>Null if it is in place, else why it is not. Must come before anything asks for CUDA devices.</summary>
    public static string? Missing => Installed.Value;

    public static int Calls(string function) =>
        Marshal.GetDelegateForFunctionPointer<CallsFunction>(NativeLibrary.GetExport(library, "fake_calls"))(function);

    /// <summary>The next calls of the function fail with that status.</summary>
    public static void Fail(string function, int status, int times = 1) =>
        Marshal.GetDelegateForFunctionPointer<FailFunction>(NativeLibrary.GetExport(library, "fake_fail"))(function, status, times);

    /// <summary>Bytes of device memory in use.</summary>
    public static long Bytes => Marshal.GetDelegateForFunctionPointer<BytesFunction>(NativeLibrary.GetExport(library, "fake_bytes"))();

    /// <summary>What the device was told since the last call: "launch Kernel_Fill 1,1,256 …", "node …".</summary>
    public static string[] Told()
    {
        string text = Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<TextFunction>(NativeLibrary.GetExport(library,
            "fake_text"))())!;
        Marshal.GetDelegateForFunctionPointer<ForgetFunction>(NativeLibrary.GetExport(library, "fake_forget"))();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private delegate int CallsFunction([MarshalAs(UnmanagedType.LPUTF8Str)] string function);

    private delegate void FailFunction([MarshalAs(UnmanagedType.LPUTF8Str)] string function, int status, int times);

    private delegate long BytesFunction();

    private delegate nint TextFunction();

    private delegate void ForgetFunction();

    private static string? Install()
    {
        if (!OperatingSystem.IsLinux())
            return "the stand-in for CUDA is built on Linux only";
        if (NativeLibrary.TryLoad("libcuda.so.1", out nint real))
        {
            NativeLibrary.Free(real);
            return "NVIDIA's own library is here";
        }
        var folder = Directory.CreateTempSubdirectory("nativenn-fake-cuda");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        string file = Path.Combine(folder.FullName, "libfake_cuda.so"),
            source = Path.Combine(AppContext.BaseDirectory, "Gpu", "FakeCuda", "fake_cuda.c");
        if (!Compile(source, file))
            return "the stand-in for CUDA needs a C compiler (cc)";
        library = NativeLibrary.Load(file);
        GpuContext.CudaPath = file;
        return null;
    }

    private static bool Compile(string source, string target)
    {
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("cc", ["-O1", "-w", "-shared", "-fPIC", "-o", target, source]))!;
            compiler.WaitForExit();
            return compiler.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
