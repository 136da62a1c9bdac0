using System.Diagnostics;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends;

public class KernelParityTests
{
    [Theory]
    [MemberData(nameof(KernelCases.Names), MemberType = typeof(KernelCases))]
    public void WidestLanes(string name) => KernelCases.Named(name).Run(SimdBackend.Default);

    // The kernels of narrower CPUs run on this one as well: they agree with the reference, and with the widest to the bit.
    [Fact]
    public void EveryWidth()
    {
        foreach (var backend in TestBackends.Widths)
            foreach (var one in KernelCases.All)
                one.Run(backend);
    }

    [SkippableFact]
    public void SameBitsForAnyWidth()
    {
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        foreach (var one in KernelCases.All)
        {
            float[] expected = one.Outputs(new Rig(SimdBackend.Default));
            foreach (var backend in TestBackends.Widths)
                Assert.True(ResultDigest.Of([expected]) == ResultDigest.Of([one.Outputs(new Rig(backend))]),
                    $"{one.Name}: {backend.LaneCount} lanes give other bits than {SimdBackend.Default.LaneCount}");
        }
    }

    // Work is split over output cells: three threads (of which one core or two may be there) give what one gives, to the bit.
    [Fact]
    public void SameBitsForAnyThreadCount()
    {
        foreach (var one in KernelCases.All)
            Assert.Equal(one.Outputs(new Rig(SimdBackend.Create(threads: 1))), one.Outputs(new Rig(SimdBackend.Create(threads: 3))));
    }

    // And the choice between them is made by what the CPU (here: a switch of the runtime) offers. A process of its own computes every case
    // and every op: with the same bits as this one, or where FMA goes with AVX2, the same sums at least. (Without any vectors the C library
    // fuses.)
    [SkippableTheory]
    [InlineData("DOTNET_EnableAVX512=0", 8, "same bits")]
    [InlineData("DOTNET_PreferredVectorBitWidth=256", 8, "same bits")]
    [InlineData("DOTNET_PreferredVectorBitWidth=128", 4, "same bits")]
    [InlineData("DOTNET_EnableAVX2=0", 4, "same sums")]
    [InlineData("DOTNET_EnableHWIntrinsic=0", 1, "same bits")]
    public async Task WithoutInstructions(string settings, int lanes, string same)
    {
        Skip.IfNot(SimdBackend.Default.LaneCount > lanes, $"This CPU has {SimdBackend.Default.LaneCount} lanes to begin with.");
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        var start = new ProcessStartInfo("dotnet", [typeof(KernelParityTests).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[settings.Split('=')[0]] = settings.Split('=')[1];
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        Assert.Equal("", (await errors).Trim());
        string sums = ResultDigest.OfSums(), bits = ResultDigest.OfEverything();
        string[] words = output.Trim().Split(' ');
        Assert.Equal([$"{lanes}", $"{same == "same bits"}", sums], words[..3]);
        Assert.Equal(same == "same bits", words[3] == bits);
    }
}
