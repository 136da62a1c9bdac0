using NativeNN.Analysis;
using NativeNN.Random;

namespace NativeNN.Tests.Analysis;

public class StatisticsTests
{
    private static readonly double[] Sample = [1, 2, 4, 8, 16];

    [Fact]
    public void MomentsOfASmallSample()
    {
        // By hand: mean 6.2; central moments m₂ = 29.76, m₃ = 144.336 and m₄ = 2059.9872
        Assert.Equal(6.2, Statistics.Mean(Sample), 1e-14);
        Assert.Equal(Math.Sqrt(29.76), Statistics.Std(Sample), 1e-13);
        Assert.Equal(Math.Sqrt(29.76 * 5 / 4), Statistics.Std(Sample, ddof: 1), 1e-13);
        Assert.Equal(144.336 / Math.Pow(29.76, 1.5), Statistics.Skewness(Sample), 1e-12);
        Assert.Equal((2059.9872 / (29.76 * 29.76)) - 3, Statistics.ExcessKurtosis(Sample), 1e-12);
    }

    [Fact]
    public void CorrelationOfLinesAndOfUnrelatedSeries()
    {
        Assert.Equal(1, Statistics.Correlation(Sample, [.. Sample.Select(x => (3 * x) + 1)]), 1e-14);
        Assert.Equal(-1, Statistics.Correlation(Sample, [.. Sample.Select(x => -x)]), 1e-14);
        Assert.Equal(0, Statistics.Correlation([-1, 0, 1], [1, -2, 1]), 1e-14);
        Assert.Throws<ArgumentException>(() => Statistics.Correlation([1], [1, 2]));
    }

    [Fact]
    public void DistancesTellUniformFromNormal()
    {
        float[] uniform = new float[20_000], normal = new float[20_000];
        new Generator(1).Uniform(uniform, -0.25, 0.25);
        new Generator(1).Normal(normal, 0.5, 2);
        Assert.InRange(Statistics.UniformDistance(uniform, -0.25, 0.25), 0, 1.63 / Math.Sqrt(20_000)); // the 1% point of the test
        Assert.InRange(Statistics.NormalDistance(normal), 0, 1.63 / Math.Sqrt(20_000));
        Assert.InRange(Statistics.NormalDistance(uniform), 0.04, 0.08);
        Assert.Equal(-1.2, Statistics.ExcessKurtosis(uniform), 0.05);
        Assert.Equal(0.0, Statistics.Skewness(normal), 0.06);
    }

    [Fact]
    public void UniformDistanceOfThreeValuesByHand() =>
        // F = 0.2, 0.4, 0.9 against steps of 1/3: the largest gap is 2/3 - 0.4
        Assert.Equal((2 / 3.0) - 0.4, Statistics.UniformDistance([0.9f, 0.2f, 0.4f], 0, 1), 1e-7);

    // By hand, steps of 1/n up at each value of a and of 1/m at each of b:
    [Theory]
    [InlineData(new[] { 1f, 2, 3 }, new[] { 2f, 1, 3 }, 0)] // the same values in another order
    [InlineData(new[] { 1f, 2 }, new[] { 3f, 4, 5 }, 1)] // all of a before all of b
    [InlineData(new[] { 3f, 1, 2 }, new[] { 2.5f, 4 }, 2 / 3.0)] // at 2: 2/3 of a, none of b
    [InlineData(new[] { 1f, 1, 2, 2 }, new[] { 1f, 2 }, 0)] // ties are no gap: 1/2 and 1/2 at 1
    [InlineData(new[] { 1f, 1, 1, 2 }, new[] { 1f, 2 }, 0.25)] // at 1: 3/4 and 1/2
    [InlineData(new[] { 1f, float.NaN }, new[] { 1f, 2 }, double.NaN)]
    public void DistanceOfTwoSamplesByHand(float[] a, float[] b, double expected)
    {
        Assert.Equal(expected, Statistics.KolmogorovSmirnovDistance(a, b), 1e-15);
        Assert.Equal(expected, Statistics.KolmogorovSmirnovDistance(b, a), 1e-15);
    }

    [Fact]
    public void DistancesNeedValues()
    {
        Assert.Throws<ArgumentException>(() => Statistics.KolmogorovSmirnovDistance([], [1]));
        Assert.Throws<ArgumentException>(() => Statistics.KolmogorovSmirnovDistance([1], []));
        Assert.Throws<ArgumentException>(() => Statistics.NormalDistance([]));
    }

    [Theory]
    [InlineData(0, new float[0])]
    [InlineData(1, new[] { 2f })]
    [InlineData(3, new[] { 2f, 3f, 4f })]
    public void SpacingOfFewValues(int count, float[] expected)
    {
        Assert.Equal(expected, Statistics.TorchLinSpace(2, 4, count));
        Assert.Equal(expected, Statistics.LinSpace(2, 4, count).Select(x => (float)x));
    }
}
