using NativeNN.Random;
using NativeNN.Tests.LibTorch.Data;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Random;

/// <summary>The same seed, the same calls in the same order: the same bits as LibTorch's generator.</summary>
public class StreamTests
{
    private const int MostValues = 300;

    public static TheoryData<long> Seeds => [0, 1, 42, -1, 1L << 32, long.MaxValue];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Uniforms(long seed) => Same(seed, (generator, n) => Floats(n, values => generator.Rand(values)), n => torch.rand(n));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void UniformsBetween(long seed) => Same(seed, (generator, n) => Floats(n, values => generator.Uniform(values, -0.3, 1.7)),
        n => torch.empty(n).uniform_(-0.3, 1.7));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Normals(long seed) => Same(seed, (generator, n) => Floats(n, values => generator.Normal(values, 0, 1)),
        n => torch.randn(n));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NormalsWithAMeanAndADeviation(long seed) => Same(seed,
        (generator, n) => Floats(n, values => generator.Normal(values, -3, 0.2)),
        n => torch.empty(n).normal_(-3, 0.2));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void CoinFlips(long seed)
    {
        foreach (double p in new[] { 0, 0.1, 0.5, 0.75, 1 })
            Same(seed, (generator, n) => Floats(n, values => generator.Bernoulli(values, p)), n => torch.empty(n).bernoulli_(p));
    }

    // Beyond ranges of 2²⁸ LibTorch 2.10 draws otherwise: DifferenceTests.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void IntegersOfARange(long seed)
    {
        foreach (var (low, high) in new[] { (0L, 2L), (-5, 5), (7, 1007), (0, (1 << 28) - 1) })
            Same(seed, (generator, n) => Integers(n, () => generator.RandInt(low, high)), n => torch.randint(low, high, [n]));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void SeedsOfLoaders(long seed) => Same(seed, (generator, n) => Integers(n, generator.NextInt64),
        n => TorchOrder.SeedsOfLoaders(n));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Permutations(long seed) => Same<long>(seed,
        (generator, n) => [.. generator.RandPerm(n).Select(i => (long)i)], n => torch.randperm(n));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DropoutMasks(long seed)
    {
        foreach (double p in new[] { 0, 0.1, 0.25, 0.5, 1 })
            Same(seed, (generator, n) => Floats(n, values => generator.DropoutMask(values, p)),
                n => torch.nn.functional.dropout(torch.ones(n), p));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TensorsThatAreDrawn(long seed)
    {
        var generator = new Generator(seed);
        torch.manual_seed(seed);
        Assert.Equal(torch.rand(7, 5).ToArray(), Tensor.Rand((7, 5), generator).ToArray());
        Assert.Equal(torch.randn(7, 5).ToArray(), Tensor.Randn((7, 5), generator).ToArray());
    }

    // Short normals come in pairs and leave one for the next call: no other call may use it up or drop it.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void CallsOfAllKindsInRandomOrder(long seed)
    {
        var which = new Generator(5);
        var generator = new Generator(seed);
        torch.manual_seed(seed);
        for (int call = 0; call < 200; call++)
        {
            int n = (int)which.RandInt(1, which.RandInt(0, 2) == 0 ? 16 : MostValues);
            var (ours, theirs) = which.RandInt(0, 5) switch
            {
                0 => (Floats(n, values => generator.Rand(values)), torch.rand(n)),
                1 => (Floats(n, values => generator.Normal(values, 0, 1)), torch.randn(n)),
                2 => (Floats(n, values => generator.Bernoulli(values, 0.3)), torch.empty(n).bernoulli_(0.3)),
                3 => (Floats(n, values => generator.DropoutMask(values, 0.2)), torch.nn.functional.dropout(torch.ones(n), 0.2)),
                _ => ([.. generator.RandPerm(n).Select(i => (float)i)], torch.randperm(n, torch.float32)),
            };
            Assert.Equal(theirs.ToArray(), ours);
        }
    }

    // Several lengths one after the other: below and above sixteen, where normals change their recipe, and beyond the twister's 624 words.
    private static void Same<T>(long seed, Func<Generator, int, T[]> ours, Func<int, torch.Tensor> theirs) where T : unmanaged
    {
        var generator = new Generator(seed);
        torch.manual_seed(seed);
        foreach (int n in new[] { 1, 3, 15, 16, 17, 31, 64, MostValues, 5, 2000 })
            Assert.Equal(theirs(n).data<T>().ToArray(), ours(generator, n));
    }

    private delegate void Filling(Span<float> values);

    private static float[] Floats(int n, Filling fill)
    {
        var values = new float[n];
        fill(values);
        return values;
    }

    private static long[] Integers(int n, Func<long> draw) => [.. Enumerable.Range(0, n).Select(_ => draw())];
}
