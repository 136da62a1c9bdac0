using System.Text;
using static NativeNN.Gpu.Runtime.OpenCl.OpenClNative;

namespace NativeNN.Gpu.Runtime.OpenCl;

/// <summary>All OpenCL devices of all platforms, numbered in the order the drivers give them.</summary>
internal static unsafe class OpenClPlatforms
{
    /// <summary>The devices, or none and the reason.</summary>
    public static (IReadOnlyList<OpenClDevice> Devices, string? Missing) List()
    {
        if (!NativeLibraries.HasOpenCl)
            return ([], "no OpenCL library is installed (Debian: ocl-icd-libopencl1 and a driver, for CPUs pocl-opencl-icd)");
        uint count;
        int status = clGetPlatformIDs(0, null, &count);
        if (status == PlatformNotFound || (status == 0 && count == 0))
            return ([], "the OpenCL library finds no driver (Debian, for CPUs: pocl-opencl-icd)");
        if (status != 0)
            return ([], $"OpenCL's clGetPlatformIDs failed with status {status}");
        var platforms = new nint[count];
        fixed (nint* pointer = platforms)
            if ((status = clGetPlatformIDs(count, pointer, null)) != 0)
                return ([], $"OpenCL's clGetPlatformIDs failed with status {status}");

        var devices = new List<OpenClDevice>();
        foreach (nint platform in platforms)
        {
            if (clGetDeviceIDs(platform, DeviceTypeAll, 0, null, &count) != 0 || count == 0)
                continue;
            var ids = new nint[count];
            fixed (nint* pointer = ids)
                if (clGetDeviceIDs(platform, DeviceTypeAll, count, pointer, null) != 0)
                    continue;
            foreach (nint id in ids)
                devices.Add(new OpenClDevice(id, Describe(id, devices.Count), (long)Number(id, LocalMemorySize), (int)Number(id, MaxWorkGroupSize)));
        }
        return (devices, devices.Count == 0 ? "the OpenCL drivers find no device" : null);
    }

    private static GpuDevice Describe(nint id, int index) => new(
        Name: $"opencl:{index}", Text(id, OpenClNative.DeviceName), $"{Text(id, DeviceVersion)}, driver {Text(id, DriverVersion)}",
        Memory: (long)Number(id, GlobalMemorySize), ComputeUnits: (int)Number(id, MaxComputeUnits),
        IsCpu: (Number(id, DeviceType) & DeviceTypeCpu) != 0, PeakGflops: null, PeakTf32Gflops: null);

    private static ulong Number(nint device, uint name)
    {
        ulong value = 0; // drivers write 4 or 8 bytes
        int status = clGetDeviceInfo(device, name, sizeof(ulong), &value, null);
        return status == 0 ? value : throw new GpuException($"OpenCL's clGetDeviceInfo({name:X}) failed with status {status}.");
    }

    private static string Text(nint device, uint name)
    {
        nuint size;
        if (clGetDeviceInfo(device, name, 0, null, &size) != 0)
            return "?";
        var bytes = new byte[size];
        fixed (byte* pointer = bytes)
            return clGetDeviceInfo(device, name, size, pointer, null) == 0 ? Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim() : "?";
    }
}

/// <summary>A device's handle, its description, its local memory in bytes and its largest group.</summary>
internal sealed record OpenClDevice(nint Id, GpuDevice Description, long LocalMemory, int MaxGroupThreads);
