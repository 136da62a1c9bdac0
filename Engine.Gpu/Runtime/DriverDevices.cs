using ILGPU.Backends.OpenCL;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace NativeNN.Gpu.Runtime;

/// <summary>A device with its description.</summary>
internal sealed record ListedDevice(GpuDevice Description, Device Device);

/// <summary>The devices of each driver, or none and the reason.</summary>
internal static class DriverDevices
{
    /// <summary>Called with every OpenCL device before it is judged: the tests' switch for drivers that ILGPU refuses.</summary>
    internal static Action<CLDevice> BeforeJudging { get; set; } = _ => { };

    /// <summary>All OpenCL devices that ILGPU can use, numbered in the order the drivers give them.</summary>
    public static (IReadOnlyList<ListedDevice> Devices, string? Missing) OpenCl()
    {
        if (GpuContext.OpenClLibrary == 0)
            return ([], "no OpenCL library is installed (Debian: ocl-icd-libopencl1 and a driver, for CPUs pocl-opencl-icd)");
        var refused = new List<string>();
        var devices = CLDevice.GetDevices(device =>
        {
            BeforeJudging(device);
            string? reason = ReasonAgainst(device);
            if (reason is not null)
                refused.Add($"{device.Name} {reason}");
            return reason is null;
        });
        if (devices.Length == 0)
            return ([], refused.Count > 0 ? string.Join("; ", refused)
                : "the OpenCL library finds no driver or device (Debian, for CPUs: pocl-opencl-icd)");
        return ([.. devices.Select((device, index) => new ListedDevice(Describe((CLDevice)device, index), device))], null);
    }

    /// <summary>All CUDA devices.</summary>
    public static (IReadOnlyList<ListedDevice> Devices, string? Missing) Cuda()
    {
        if (GpuContext.CudaLibrary == 0)
            return ([], "no NVIDIA driver is installed");
        var status = CudaAPI.CurrentAPI.GetDeviceCount(out int count);
        if (status == CudaError.CUDA_ERROR_NO_DEVICE || (status == CudaError.CUDA_SUCCESS && count == 0))
            return ([], "the NVIDIA driver finds no CUDA device");
        if (status != CudaError.CUDA_SUCCESS)
            return ([], $"the NVIDIA driver does not start: {status} ({(int)status})");
        var devices = CudaDevice.GetDevices(_ => true);
        if (devices.Length == 0)
            return ([], "the NVIDIA driver does not answer when asked for its devices");
        if (devices.Cast<CudaDevice>().All(device => device.InstructionSet is null))
            return ([], $"the NVIDIA driver is too old ({Version((CudaDevice)devices[0])})");
        return ([.. devices.Select((device, index) => new ListedDevice(Describe((CudaDevice)device, index), device))], null);
    }

    /// <summary>ILGPU's own: runs the kernels' C# on threads of this process, slowly, where a debugger can stop in them.</summary>
    public static ListedDevice IlgpuCpu()
    {
        // One group of 256 threads at a time, in warps of 32.
        var device = new CPUDevice(numThreadsPerWarp: 32, numWarpsPerMultiprocessor: 8, numMultiprocessors: 1);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new ListedDevice(new GpuDevice("ilgpu-cpu", "the kernels' C# on this CPU, for debuggers", "slow", memory, ComputeUnits: 1,
            IsCpu: true,
            PeakGflops: null, PeakTf32Gflops: null), device);
    }

    private static string? ReasonAgainst(CLDevice device) =>
        device.CLStdVersion < CLBackend.MinimumVersion ? "needs OpenCL C 2.0 or newer"
        : !device.Capabilities.GenericAddressSpace ? "needs generic address space: PoCL 4 or newer"
        : null;

    private static GpuDevice Describe(CLDevice device, int index) => new(
        $"opencl:{index}", device.Name.Trim(), $"{device.DeviceVersion.ToString()!.Trim()}", device.MemorySize, device.NumMultiprocessors,
        IsCpu: device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU), PeakGflops: null, PeakTf32Gflops: null);

    private static GpuDevice Describe(CudaDevice device, int index)
    {
        var architecture = device.Architecture!.Value;
        int capability = 10 * architecture.Major + architecture.Minor;
        double gigahertz = device.ClockRate * 1e-3;
        return new GpuDevice($"cuda:{index}", device.Name.TrimEnd('\0'),
            FormattableString.Invariant($"compute capability {architecture.Major}.{architecture.Minor}, {Version(device)}"),
                device.MemorySize,
            device.NumMultiprocessors, IsCpu: false,
            PeakGflops: Peak(capability is 60 or 70 or 72 or 75 or 80 ? 64 : 128),
            PeakTf32Gflops: capability switch { 80 => Peak(512), 90 => Peak(1024), _ => null });

        double? Peak(int multiplyAddsPerClock) => gigahertz > 0 ? 2.0 * multiplyAddsPerClock * device.NumMultiprocessors * gigahertz : null;
    }

    private static string Version(CudaDevice device) =>
        FormattableString.Invariant($"driver for CUDA {device.DriverVersion.Major}.{device.DriverVersion.Minor}");
}
