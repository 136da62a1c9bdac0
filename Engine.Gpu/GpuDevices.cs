using NativeNN.Backends;
using NativeNN.Gpu.Cuda;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu;

/// <summary>Which devices there are, and opening one by name.</summary>
public static class GpuDevices
{
    // One thread at a time: while PoCL's first clGetDeviceIDs is under way, another thread is given devices that have no name yet, and
    // asking for it ends the process (strlen of NULL, PoCL 3.1).
    private static readonly Lock Asking = new();

    /// <summary>
    /// Every CUDA and OpenCL device, and for each of the two that has none, one line with the reason. Never throws for lack of a driver.
    /// </summary>
    public static DeviceList List()
    {
        var (cuda, cudaMissing) = Ask(DriverDevices.Cuda);
        var (openCl, openClMissing) = Ask(DriverDevices.OpenCl);
        var missing = new List<string>();
        if (cudaMissing is not null)
            missing.Add($"cuda: {cudaMissing}");
        if (openClMissing is not null)
            missing.Add($"opencl: {openClMissing}");
        return new([.. cuda.Select(device => device.Description), .. openCl.Select(device => device.Description)], missing);
    }

    /// <summary>
    /// The device of that name (<see cref="DeviceName.Forms"/>) as a backend. cpu is what "cpu" means to the caller. "auto" takes the first
    /// CUDA device, else the first OpenCL device that is no CPU, else the CPU, and tells say why. Throws <see cref="GpuException"/> with
    /// one line.
    /// </summary>
    public static Backend Open(string name, Backend cpu, Action<string>? say = null) => Open(DeviceName.Parse(name), cpu, say);

    /// <inheritdoc cref="Open(string, Backend, Action{string})"/>
    public static Backend Open(DeviceName name, Backend cpu, Action<string>? say = null) => name.Kind switch
    {
        DeviceKind.Cpu => cpu,
        DeviceKind.Reference => Backends.Reference.ReferenceBackend.Instance,
        DeviceKind.OpenCl => OpenOpenCl(name.Index),
        DeviceKind.Cuda => new GpuBackend(CudaDevice.Open(Found(name, Ask(DriverDevices.Cuda)))),
        DeviceKind.IlgpuCpu => new GpuBackend(new GpuRuntime(DriverDevices.IlgpuCpu())),
        _ => OpenBest(cpu, say ?? (_ => { })),
    };

    /// <summary>
    /// An OpenCL device with the kernels for GPUs or for CPUs, whichever it is (null: by its type): the tests run both everywhere.
    /// </summary>
    internal static GpuBackend OpenOpenCl(int index, bool? cpuKernels = null) =>
        new(new GpuRuntime(Found(new DeviceName(DeviceKind.OpenCl, index), Ask(DriverDevices.OpenCl)), cpuKernels));

    private static ListedDevice Found(DeviceName name, (IReadOnlyList<ListedDevice> Devices, string? Missing) list) =>
        name.Index < list.Devices.Count ? list.Devices[name.Index] : throw NoSuch(name, list.Devices.Count, list.Missing);

    // A driver that fails while it describes its devices has none to offer, and the reason.
    private static (IReadOnlyList<T> Devices, string? Missing) Ask<T>(Func<(IReadOnlyList<T>, string?)> driver)
    {
        lock (Asking)
        {
            try
            {
                return driver();
            }
            catch (GpuException failure)
            {
                return ([], failure.Message.TrimEnd('.'));
            }
        }
    }

    private static Backend OpenBest(Backend cpu, Action<string> say)
    {
        var devices = List();
        var reasons = new List<string>(devices.Missing);
        foreach (var device in devices.Devices)
        {
            if (device.IsCpu)
            {
                reasons.Add($"{device.Name} is a CPU");
                continue;
            }
            try
            {
                var backend = Open(device.Name, cpu);
                say($"auto: running on {device}");
                return backend;
            }
            catch (GpuException failure)
            {
                reasons.Add(failure.Message.Split('\n')[0]);
            }
        }
        say($"auto: running on the CPU ({string.Join("; ", reasons)})");
        return cpu;
    }

    private static GpuException NoSuch(DeviceName name, int count, string? missing) => new(missing is not null
        ? $"There is no device {name}: {missing}."
        : $"There is no device {name}: {(count == 1 ? "the only one is" : $"they are numbered 0 to {count - 1}, the first is")} "
            + $"{name with { Index = 0 }}.");
}

/// <summary>The devices there are, and a line for each kind that is missing.</summary>
public sealed record DeviceList(IReadOnlyList<GpuDevice> Devices, IReadOnlyList<string> Missing);
