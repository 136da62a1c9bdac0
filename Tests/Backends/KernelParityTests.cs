using System.Runtime.Intrinsics;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends;

public class KernelParityTests
{
    [Theory]
    [MemberData(nameof(KernelCases.Names), MemberType = typeof(KernelCases))]
    public void WidestLanes(string name) => KernelCases.Named(name).Run(SimdBackend.Default);

    // The kernels of narrower CPUs run on this one as well.
    [SkippableFact]
    public void Lanes256()
    {
        Skip.IfNot(Vector256.IsHardwareAccelerated, "This CPU has no 256-bit vectors.");
        foreach (var one in KernelCases.All)
            one.Run(new SimdBackend<Lanes256>(threads: 1));
    }

    [Fact]
    public void Lanes128()
    {
        foreach (var one in KernelCases.All)
            one.Run(new SimdBackend<Lanes128>(threads: 1));
    }

    [Fact]
    public void Lanes1()
    {
        foreach (var one in KernelCases.All)
            one.Run(new SimdBackend<Lanes1>(threads: 1));
    }
}
