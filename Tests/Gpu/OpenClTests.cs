using NativeNN.Gpu;
using NativeNN.Gpu.Runtime.OpenCl;

namespace NativeNN.Tests.Gpu;

/// <summary>What only the OpenCL runtime does.</summary>
[Collection(DeviceTests.Name)]
public sealed class OpenClTests
{
    [SkippableFact]
    public void Kernels_that_do_not_build_come_with_the_driver_s_log()
    {
        TestDevices.Require("opencl as CPU");
        using var runtime = new OpenClRuntime(OpenClPlatforms.List().Devices[0]);
        string[] lines = Assert.Throws<GpuException>(() => runtime.Build("broken", "__kernel void f(__global float* y) { y[0] = undeclared; }")).Message.Split('\n');
        Assert.Equal("opencl:0: the kernels in broken do not build.", lines[0]);
        Assert.Contains(lines.Skip(1), line => line.Contains("undeclared"));
    }

    [SkippableTheory]
    [InlineData("opencl as CPU")]
    [InlineData("opencl as GPU")]
    public void A_matrix_product_is_not_much_faster_than_the_measured_peak(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
        {
            const int size = 256;
            NativeNN.Backends.Storage a = device.Allocate(size * size), c = device.Allocate(size * size);
            device.Fill(a, 1, size * size);
            device.Gemm(false, a, false, a, c, size, size, size);
            double milliseconds = device.Time(() => device.Gemm(false, a, false, a, c, size, size, size));
            Assert.InRange(2.0 * size * size * size / milliseconds * 1e-6, 0, 3 * device.PeakGflops());
        }
    }
}
