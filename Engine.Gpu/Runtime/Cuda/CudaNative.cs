using System.Runtime.InteropServices;

namespace NativeNN.Gpu.Runtime.Cuda;

/// <summary>The part of NVIDIA's driver API used here (cuda.h). Every function returns a CUresult; 0 is success. _v2 is the 64-bit form.</summary>
internal static unsafe partial class CudaNative
{
    public const int OutOfMemory = 2, NoDevice = 100;
    public const int MaxSharedMemoryPerBlock = 8, ClockRate = 13, MultiprocessorCount = 16, ComputeCapabilityMajor = 75, ComputeCapabilityMinor = 76;
    public const uint NonBlockingStream = 1;
    public const uint JitErrorLogBuffer = 5, JitErrorLogBufferSize = 6;

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuInit(uint flags);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDriverGetVersion(int* version);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGetErrorName(int error, byte** text);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGetErrorString(int error, byte** text);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDeviceGetCount(int* count);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDeviceGet(int* device, int ordinal);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDeviceGetAttribute(int* value, int attribute, int device);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDeviceTotalMem_v2(nuint* bytes, int device);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDevicePrimaryCtxRetain(nint* context, int device);

    // _v2 came with CUDA 11.
    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDevicePrimaryCtxRelease(int device);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuDevicePrimaryCtxRelease_v2(int device);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuMemAlloc_v2(nint* buffer, nuint bytes);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuMemFree_v2(nint buffer);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuMemcpyHtoDAsync_v2(nint target, void* source, nuint bytes, nint stream);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuMemcpyDtoHAsync_v2(void* target, nint source, nuint bytes, nint stream);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuStreamCreate(nint* stream, uint flags);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuStreamSynchronize(nint stream);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuStreamDestroy_v2(nint stream);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuEventCreate(nint* created, uint flags);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuEventRecord(nint recorded, nint stream);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuEventSynchronize(nint recorded);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuEventElapsedTime(float* milliseconds, nint start, nint end);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuEventDestroy_v2(nint destroyed);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuModuleLoadDataEx(nint* module, byte* image, uint count, uint* options, nint* values);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuModuleUnload(nint module);

    [LibraryImport(NativeLibraries.Cuda, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int cuModuleGetFunction(nint* function, nint module, string name);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuLaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ,
        uint sharedBytes, nint stream, void** parameters, void** extra);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphCreate(nint* graph, uint flags);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphAddKernelNode(nint* node, nint graph, nint* dependencies, nuint count, KernelNodeParameters* parameters);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphInstantiateWithFlags(nint* executable, nint graph, ulong flags);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphExecKernelNodeSetParams(nint executable, nint node, KernelNodeParameters* parameters);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphExecDestroy(nint executable);

    [LibraryImport(NativeLibraries.Cuda)]
    public static partial int cuGraphDestroy(nint graph);

    /// <summary>CUDA_KERNEL_NODE_PARAMS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct KernelNodeParameters
    {
        public nint Function;
        public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
        public void** Parameters;
        public void** Extra;
    }

    public static string Describe(int status)
    {
        byte* name = null, text = null;
        _ = cuGetErrorName(status, &name);
        _ = cuGetErrorString(status, &text);
        return $"{Marshal.PtrToStringUTF8((nint)name) ?? "CUresult"} ({status}{(text is not null ? ": " + Marshal.PtrToStringUTF8((nint)text) : "")})";
    }
}
