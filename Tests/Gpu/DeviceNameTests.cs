using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Gpu;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

[Collection(DeviceTests.Name)]
public sealed class DeviceNameTests
{
    private static Backend Cpu => Tensor.DefaultBackend;

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("reference", "reference")]
    [InlineData("OpenCL", "opencl:0")]
    [InlineData("opencl:3", "opencl:3")]
    [InlineData("cuda:12", "cuda:12")]
    [InlineData("auto", "auto")]
    [InlineData("ilgpu-cpu", "ilgpu-cpu")]
    public void Names_are_read(string text, string expected) => Assert.Equal(expected, DeviceName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:1:2")]
    [InlineData("opencl:x")]
    [InlineData("cpu:0")]
    [InlineData("ilgpu-cpu:0")]
    public void Anything_else_is_refused_with_the_forms(string text) =>
        Assert.Contains(DeviceName.Forms, Assert.Throws<GpuException>(() => DeviceName.Parse(text)).Message);

    [Fact]
    public void Every_kind_has_devices_or_a_reason()
    {
        var all = TestDevices.All;
        foreach (string kind in new[] { "cuda", "opencl" })
            Assert.True(all.Devices.Any(device => device.Name.StartsWith(kind, StringComparison.Ordinal))
                != all.Missing.Any(line => line.StartsWith(kind, StringComparison.Ordinal)));
        Assert.All(all.Devices, device => Assert.True(device.Memory > 0 && device.ComputeUnits > 0, device.ToString()));
    }

    [Fact]
    public void A_device_that_is_not_there_is_one_clear_line()
    {
        _ = TestDevices.All;
        foreach (string name in new[] { "opencl:77", "cuda:77" })
        {
            string message = Assert.Throws<GpuException>(() => GpuDevices.Open(name, Cpu)).Message;
            Assert.StartsWith($"There is no device {name}: ", message);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void The_CPU_and_the_reference_are_devices_too()
    {
        Assert.Same(Cpu, GpuDevices.Open("cpu", Cpu));
        Assert.Same(ReferenceBackend.Instance, GpuDevices.Open("reference", Cpu));
    }

    [Fact]
    public void Auto_takes_the_first_GPU_or_says_why_it_is_the_CPU()
    {
        var gpu = TestDevices.All.Devices.FirstOrDefault(device => !device.IsCpu);
        var said = new List<string>();
        var backend = GpuDevices.Open("auto", Cpu, said.Add);
        Assert.Equal(gpu?.Name ?? Cpu.Name, backend.Name);
        string line = Assert.Single(said);
        Assert.StartsWith(gpu is null ? "auto: running on the CPU (" : $"auto: running on {gpu.Name}", line);
        (backend as GpuBackend)?.Dispose();
    }
}
