using NativeNN.Gpu;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// The device on which a debugger stops in kernels: it runs them as C#, a thread for each of theirs, so only a little is tried here.
/// </summary>
[Collection(DeviceTests.Name)]
public sealed class IlgpuCpuTests
{
    [Fact]
    public void Kernels_compute_what_the_reference_does()
    {
        using var device = (GpuBackend)GpuDevices.Open("ilgpu-cpu", NativeNN.Backends.Simd.SimdBackend.Default, _ => { });
        foreach (string kernel in new[] { "Fill and Copy", "ArgMax of infinities" })
            KernelCases.All.First(one => one.Name.StartsWith(kernel, StringComparison.Ordinal)).Run(device);
    }
}
