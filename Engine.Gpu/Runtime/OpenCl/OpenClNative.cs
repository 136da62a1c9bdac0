using System.Runtime.InteropServices;

namespace NativeNN.Gpu.Runtime.OpenCl;

/// <summary>The part of OpenCL 1.1 used here. Every function returns or writes a status; 0 is success.</summary>
internal static unsafe partial class OpenClNative
{
    public const ulong DeviceTypeAll = 0xFFFFFFFF, DeviceTypeCpu = 1 << 1;
    public const uint DeviceType = 0x1000, MaxComputeUnits = 0x1002, MaxWorkGroupSize = 0x1004, GlobalMemorySize = 0x101F, LocalMemorySize = 0x1023;
    public const uint DeviceName = 0x102B, DriverVersion = 0x102D, DeviceVersion = 0x102F;
    public const uint BuildLog = 0x1183;
    public const ulong ReadWrite = 1 << 0, AllocateHostMemory = 1 << 4;
    public const int DeviceNotAvailable = -2, OutOfDeviceMemory = -4, OutOfResources = -5, OutOfHostMemory = -6, InvalidBufferSize = -61, PlatformNotFound = -1001;

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clGetPlatformIDs(uint capacity, nint* platforms, uint* count);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clGetDeviceIDs(nint platform, ulong type, uint capacity, nint* devices, uint* count);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clGetDeviceInfo(nint device, uint name, nuint size, void* value, nuint* needed);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial nint clCreateContext(nint properties, uint count, nint* devices, nint callback, nint data, int* status);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clReleaseContext(nint context);

    // Deprecated since 2.0, but the only one macOS has.
    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial nint clCreateCommandQueue(nint context, nint device, ulong properties, int* status);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clReleaseCommandQueue(nint queue);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial nint clCreateBuffer(nint context, ulong flags, nuint size, void* host, int* status);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clReleaseMemObject(nint buffer);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clEnqueueReadBuffer(
        nint queue, nint buffer, uint blocking, nuint offset, nuint size, void* target, uint waits, nint* waitList, nint* completed);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clEnqueueWriteBuffer(
        nint queue, nint buffer, uint blocking, nuint offset, nuint size, void* source, uint waits, nint* waitList, nint* completed);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial nint clCreateProgramWithSource(nint context, uint count, byte** texts, nuint* lengths, int* status);

    [LibraryImport(NativeLibraries.OpenCl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int clBuildProgram(nint program, uint count, nint* devices, string options, nint callback, nint data);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clGetProgramBuildInfo(nint program, nint device, uint name, nuint size, void* value, nuint* needed);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clReleaseProgram(nint program);

    [LibraryImport(NativeLibraries.OpenCl, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint clCreateKernel(nint program, string name, int* status);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clReleaseKernel(nint kernel);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clSetKernelArg(nint kernel, uint index, nuint size, void* value);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clEnqueueNDRangeKernel(
        nint queue, nint kernel, uint dimensions, nuint* offsets, nuint* total, nuint* group, uint waits, nint* waitList, nint* completed);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clFlush(nint queue);

    [LibraryImport(NativeLibraries.OpenCl)]
    public static partial int clFinish(nint queue);

    /// <summary>What a status means, for those a user may meet; a device's memory may run out in a launch, as many drivers allocate at first use.</summary>
    public static string Describe(int status) => status switch
    {
        DeviceNotAvailable => $"the device is not available (OpenCL status {status})",
        OutOfDeviceMemory => $"the device is out of memory (OpenCL status {status})",
        OutOfResources => $"the device is out of resources, or a kernel crashed (OpenCL status {status})",
        OutOfHostMemory => $"the host is out of memory (OpenCL status {status})",
        _ => $"OpenCL status {status}",
    };
}
