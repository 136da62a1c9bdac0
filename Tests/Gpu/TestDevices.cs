using ILGPU.Runtime.OpenCL;
using NativeNN.Gpu;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>Tests of devices take turns: they share the devices, and drivers that compile for a CPU want all of it.</summary>
[CollectionDefinition(Name)]
public sealed class DeviceTests
{
    public const string Name = "devices";
}

/// <summary>
/// The devices of this machine, each opened once: every OpenCL device with the kernels for GPUs and with those for CPUs, every CUDA device.
/// Debian 12's PoCL 3.1 lacks what ILGPU asks for (a generic address space) but runs these kernels, so here, and only here, it passes for
/// newer.
/// </summary>
internal static class TestDevices
{
    // Names of what a machine may have: theories need them before any driver is asked, and skip the absent ones with the reason.
    public static readonly string[] Kinds = ["opencl as GPU", "opencl as CPU", "cuda"];

    /// <summary>
    /// An OpenCL device that sends steps out as graphs, in the order most unlike the recorded one: a missing dependency shows.
    /// </summary>
    public const string InUnlikeOrder = "opencl in unlike order";

    private static readonly Dictionary<string, Lazy<GpuBackend[]>> Opened = new()
    {
        ["opencl as GPU"] = new(() => OpenCl(cpuKernels: false)),
        ["opencl as CPU"] = new(() => OpenCl(cpuKernels: true)),
        ["cuda"] = new(Cuda),
        [InUnlikeOrder] = new(() => [.. DriverDevices.OpenCl().Devices.Take(1).Select(UnlikeOrder.Backend)]),
    };

    /// <summary>What there is; the stand-in for CUDA is put in place first, if it can be.</summary>
    public static DeviceList All
    {
        get
        {
            AcceptOldPocl();
            _ = FakeCuda.Missing;
            return GpuDevices.List();
        }
    }

    /// <summary>The switch for PoCL 3.1. Must come before anything asks for OpenCL devices.</summary>
    public static void AcceptOldPocl() => DriverDevices.BeforeJudging = device =>
        typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device.Capabilities, true);

    /// <summary>The devices of a kind; skips the test, with the driver's reason, where there is none.</summary>
    public static GpuBackend[] Require(string kind)
    {
        var devices = Opened[kind].Value;
        Skip.If(kind == "cuda" && FakeCuda.Missing is null, "no NVIDIA driver is installed");
        Skip.If(devices.Length == 0, All.Missing.FirstOrDefault(line =>
            line.StartsWith(kind[..4], StringComparison.Ordinal)) ?? $"no {kind} device");
        return devices;
    }

    private static GpuBackend[] OpenCl(bool cpuKernels)
    {
        int count = All.Devices.Count(device => device.Name.StartsWith("opencl", StringComparison.Ordinal));
        return [.. Enumerable.Range(0, count).Select(index => GpuDevices.OpenOpenCl(index, cpuKernels))];
    }

    // The stand-in runs no kernel.
    private static GpuBackend[] Cuda() => FakeCuda.Missing is null ? [] :
        [.. All.Devices.Where(device => device.Name.StartsWith("cuda", StringComparison.Ordinal))
            .Select(device => (GpuBackend)GpuDevices.Open(device.Name, NativeNN.Backends.Reference.ReferenceBackend.Instance))];
}
