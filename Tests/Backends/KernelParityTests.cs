using System.Diagnostics;
using NativeNN.Backends;
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

    // The same where the cases above are too small to be shared.
    [Fact]
    public void SameBitsWhereEveryKernelIsShared()
    {
        const int Images = 70, Pixels = 784, Batch = 33, Count = 64 * Pixels + 3;
        float[] x = KernelCases.Normal(Count, seed: 1), g = KernelCases.Normal(Count, seed: 2);
        var one = Outputs(threads: 1);
        foreach (int threads in new[] { 2, 3, 7 })
            Assert.Equal(one, Outputs(threads));

        float[][] Outputs(int threads)
        {
            var rig = new Rig(SimdBackend.Create(threads));
            var (w, wAdam, m, v) = (rig.Put(x), rig.Put(x), rig.Put(g), rig.Put([.. g.Select(cell => cell * cell)]));
            rig.Backend.Sgd(w, rig.Put(g), null, Count, new SgdStep(0.1f, Momentum: 0, Keep: 1, WeightDecay: 0, false, FirstStep: false));
            rig.Backend.Adam(wAdam, rig.Put(g), m, v, null, Count, new AdamStep(1e-3, 0.9, 0.999, 1e-8, WeightDecay: 0, false, Step: 3));
            int[] bytes = [.. Enumerable.Range(0, Images * Pixels / 4).Select(i => i * 48271)];
            int[] order = [.. Enumerable.Range(0, Images).Select(i => i * 31 % Images)];
            var batch = rig.Backend.Allocate(Batch * Pixels);
            rig.Backend.GatherBytes(rig.Put(bytes), rig.Put(KernelCases.Normal(256, seed: 3)), rig.Put(order), start: 1, count: Batch,
                rowLength: Pixels, batch);
            var gradient = rig.Backend.Allocate(64 * Pixels);
            rig.Backend.Gemm(true, rig.Put(x), false, batch, gradient, m: 64, n: Pixels, k: Batch);
            return [rig.Get(w, Count), rig.Get(wAdam, Count), rig.Get(m, Count), rig.Get(v, Count), rig.Get(batch, Batch * Pixels),
                rig.Get(gradient, 64 * Pixels)];
        }
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
