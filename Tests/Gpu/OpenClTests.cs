using System.Text.RegularExpressions;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>What only OpenCL does.</summary>
[Collection(DeviceTests.Name)]
public sealed partial class OpenClTests
{
    [SkippableFact]
    public void Every_barrier_fences_shared_memory()
    {
        TestDevices.Require("opencl as CPU");
        using var context = GpuContext.Create();
        using var accelerator = (CLAccelerator)DriverDevices.OpenCl().Devices[0].Device.CreateAccelerator(context);
        int barriers = 0;
        foreach (var kernel in KernelMethods.All)
        {
            var compiled = (CLCompiledKernel)accelerator.CompileKernel(EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Value));
            foreach (Match barrier in Barriers().Matches(compiled.Source))
            {
                Assert.True(barrier.Value.Contains("CLK_LOCAL_MEM_FENCE"), $"{kernel.Key}: {barrier.Value}");
                barriers++;
            }
        }
        Assert.True(barriers > 50, $"only {barriers} barriers found: has ILGPU's text changed?");
    }

    [SkippableFact]
    public void A_kernel_that_does_not_compile_is_one_line_with_the_reason()
    {
        TestDevices.Require("opencl as CPU");
        using var runtime = new GpuRuntime(DriverDevices.OpenCl().Devices[0]);
        string message = Assert.Throws<GpuException>(() => runtime.Load(Undeclared, [1])).Message;
        Assert.StartsWith("opencl:0: the kernel OpenClTests.Undeclared does not compile: ", message);
        Assert.Contains("throw", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', message);
    }

    [SkippableFact]
    public void Arguments_that_do_not_fit_a_kernel_are_refused()
    {
        TestDevices.Require("opencl as CPU");
        using var runtime = new GpuRuntime(DriverDevices.OpenCl().Devices[0]);
        Assert.Contains("parameter count is Int32; it was given Float",
            Assert.Throws<InvalidOperationException>(() => runtime.Load(Nothing, [1f])).Message);
        Assert.Contains("has 1 parameters; it was given 2", Assert.Throws<InvalidOperationException>(() =>
            runtime.Load(Nothing, [1, 2])).Message);
    }

    internal static void Nothing(int count) { }

    // ILGPU has no exceptions on devices.
    internal static void Undeclared(int count)
    {
        if (count > 0)
            throw new InvalidOperationException("thrown on a device");
    }

    [GeneratedRegex("barrier *\\(.*\\)")]
    private static partial Regex Barriers();
}
