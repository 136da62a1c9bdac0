using System.Text;
using static NativeNN.Gpu.Runtime.Cuda.CudaNative;

namespace NativeNN.Gpu.Runtime.Cuda;

/// <summary>A CUDA device's handle, its description, compute capability as 10·major + minor, and shared memory of a block in bytes.</summary>
internal sealed record CudaDevice(int Handle, GpuDevice Description, int ComputeCapability, int DriverVersion, long SharedMemory)
{
    /// <summary>The embedded PTX for it: sm_80 needs Ampere and a driver that knows CUDA 11.0.</summary>
    public string PtxTarget => ComputeCapability >= 80 && DriverVersion >= 11000 ? "sm_80" : "sm_60";
}

/// <summary>All CUDA devices.</summary>
internal static unsafe class CudaDevices
{
    private const int OldestDriver = 9000; // PTX 6.0

    /// <summary>The devices, or none and the reason.</summary>
    public static (IReadOnlyList<CudaDevice> Devices, string? Missing) List()
    {
        if (!NativeLibraries.HasCuda)
            return ([], "no NVIDIA driver is installed");
        int status = cuInit(0);
        if (status == NoDevice)
            return ([], "the NVIDIA driver finds no CUDA device");
        if (status != 0)
            return ([], $"the NVIDIA driver does not start: {CudaNative.Describe(status)}");
        int version, count;
        if ((status = cuDriverGetVersion(&version)) != 0 || (status = cuDeviceGetCount(&count)) != 0)
            return ([], $"the NVIDIA driver does not answer: {CudaNative.Describe(status)}");
        if (version < OldestDriver)
            return ([], $"the NVIDIA driver is too old (CUDA {version / 1000}.{version % 1000 / 10}; 9.0 is needed)");
        if (count == 0)
            return ([], "the NVIDIA driver finds no CUDA device");
        var devices = new CudaDevice[count];
        for (int i = 0; i < count; i++)
            devices[i] = Device(i, version);
        return (devices, null);
    }

    private static CudaDevice Device(int index, int version)
    {
        int device;
        nuint memory;
        byte* name = stackalloc byte[256];
        Check(cuDeviceGet(&device, index), index);
        Check(cuDeviceGetName(name, 256, device), index);
        Check(cuDeviceTotalMem_v2(&memory, device), index);
        int capability = 10 * Attribute(device, ComputeCapabilityMajor) + Attribute(device, ComputeCapabilityMinor);
        int units = Attribute(device, MultiprocessorCount);
        double gigahertz = Attribute(device, ClockRate) * 1e-6; // the driver says kHz
        var description = new GpuDevice(
            Name: $"cuda:{index}", Encoding.UTF8.GetString(name, Length(name)),
            FormattableString.Invariant($"compute capability {capability / 10}.{capability % 10}, driver for CUDA {version / 1000}.{version % 1000 / 10}"),
            Memory: (long)memory, units, IsCpu: false,
            PeakGflops: Peak(capability is 60 or 70 or 72 or 75 or 80 ? 64 : 128),
            PeakTf32Gflops: capability switch { 80 => Peak(512), 90 => Peak(1024), _ => null });
        return new CudaDevice(device, description, capability, version, Attribute(device, MaxSharedMemoryPerBlock));

        double? Peak(int multiplyAddsPerClock) => gigahertz > 0 ? 2.0 * multiplyAddsPerClock * units * gigahertz : null;
    }

    private static int Attribute(int device, int attribute)
    {
        int value;
        return cuDeviceGetAttribute(&value, attribute, device) == 0 ? value : 0;
    }

    private static int Length(byte* text)
    {
        int length = 0;
        while (length < 256 && text[length] != 0)
            length++;
        return length;
    }

    private static void Check(int status, int index)
    {
        if (status != 0)
            throw new GpuException($"cuda:{index} does not answer: {CudaNative.Describe(status)}");
    }
}
