using NativeNN.Random;
using TorchSharp;

namespace NativeNN.Tests.LibTorch;

/// <summary>Where LibTorch 2.10 differs from PyTorch 1.13, and so from the engine, by itself: what README.md lists is still so.</summary>
public class DifferenceTests
{
    private const int Count = 100_000;

    // The engine's root is the nearest number; MKL's may be the one beside it: √0.11454725 is 0.33844832 here and 0.3384483 there.
    [Fact]
    public void ItsSquareRootIsUpToAnUlpOff()
    {
        torch.manual_seed(1);
        var x = torch.empty(Count).uniform_(0, 4);
        float[] ours = Tensor.From(x.ToArray(), Count).Sqrt().ToArray();
        Assert.Equal(x.ToArray().Select(v => (float)Math.Sqrt(v)), ours);
        Assert.True(x.sqrt().ToArray().Zip(ours, Agreement.Distance).Max() <= 1);
    }

    [Fact]
    public void ItsErfinvIsUpTo32UlpOff()
    {
        torch.manual_seed(1);
        var x = torch.empty(Count).uniform_(-1, 1);
        var nearest = x.ToArray().Select(v => (float)MathNet.Numerics.SpecialFunctions.ErfInv(v));
        Assert.InRange(x.erfinv().ToArray().Zip(nearest, Agreement.Distance).Max(), 1, 32);
    }

    // 1.13 takes one word for any range below 2³².
    [Fact]
    public void ItsIntegersTakeTwoWordsForARangeOf2To28()
    {
        const long Range = 1L << 28;
        torch.manual_seed(42);
        var generator = new Generator(42);
        Assert.Equal(torch.randint(0, Range, [20]).data<long>().ToArray(),
            Enumerable.Range(0, 20).Select(_ => (long)(generator.NextUInt64() % Range)));
    }
}
