using NativeNN.Gpu;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// What Engine.Gpu/check-oclgrind.sh runs: each kernel on few and small shapes, as Oclgrind interprets every thread. It writes its findings to a log
/// that the script reads; the results are compared here as everywhere.
/// </summary>
[Collection(DeviceTests.Name)]
public sealed class OclgrindTests
{
    // One shape that fills tiles and one that does not, for each kernel; the larger ones take the interpreter minutes.
    private static readonly string[] Words = ["17x18x19", "12x1x65", "9x17", "33x10", "5x3", "7x10", "100", "9", "65"];

    [SkippableFact]
    public void Every_kernel_runs_without_a_fault()
    {
        Skip.If(Environment.GetEnvironmentVariable("NATIVENN_OCLGRIND") != "1", "run by Engine.Gpu/check-oclgrind.sh");
        var device = GpuDevices.OpenOpenCl(0, cpuKernels: false);
        Assert.Contains("Oclgrind", device.Device.Description);
        var chosen = KernelCases.All.Where(one => one.Name.Split(' ').Any(Words.Contains)).ToList();
        Assert.All(KernelCases.All.Select(one => one.Name.Split(' ')[0]).Distinct().Where(kernel => kernel is not ("Fill" or "Elementwise" or "CrossEntropy")),
            kernel => Assert.Contains(chosen, one => one.Name.StartsWith(kernel, StringComparison.Ordinal)));
        foreach (var one in chosen.Concat(KernelCases.All.Where(one => one.Name.Split(' ')[0] is "Fill" or "Elementwise" or "CrossEntropy")))
            one.Run(device);
        foreach (var version in Enum.GetValues<GemmVersion>().Where(version => device.Supports(version)))
        {
            device.GemmVersion = version;
            foreach (var one in chosen.Where(one => one.Name.StartsWith("Gemm 17x18x19", StringComparison.Ordinal)))
                one.Run(device);
        }
    }
}
