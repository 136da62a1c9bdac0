using System.Diagnostics;
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

    // Work is split over output cells: three threads (of which one core or two may be there) give what one gives, to the bit.
    [Fact]
    public void SameBitsForAnyThreadCount()
    {
        foreach (var one in KernelCases.All)
            Assert.Equal(one.Outputs(new Rig(SimdBackend.Create(threads: 1))), one.Outputs(new Rig(SimdBackend.Create(threads: 3))));
    }

    // And the choice between them is made by what the CPU (here: a switch of the runtime) offers.
    [SkippableTheory]
    [InlineData("DOTNET_EnableAVX512", 8)]
    [InlineData("DOTNET_EnableAVX2", 4)]
    [InlineData("DOTNET_EnableHWIntrinsic", 1)]
    public async Task WithoutInstructions(string variable, int lanes)
    {
        Skip.IfNot(SimdBackend.Default.LaneCount > lanes, $"This CPU has {SimdBackend.Default.LaneCount} lanes to begin with.");
        var start = new ProcessStartInfo("dotnet", [typeof(KernelParityTests).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal($"{lanes}", output.Trim() + (await errors).Trim());
    }
}
