using NativeNN.Analysis;

namespace NativeNN.Tests.Analysis;

public class HistogramTests
{
    [Fact]
    public void BinsAreClosedOnTheLeftAndTheLastOnBothSides()
    {
        var equal = Histogram.Of([0.0, 1.0, 2.0, 2.5, 3.0, 3.1, -0.1], bins: 3, range: (0, 3));
        var between = Histogram.Of([0.0, 1.0, 2.0, 2.5, 3.0, 3.1, -0.1], edges: [0.0, 1.0, 2.0, 3.0]);
        Assert.Equal([1, 1, 3], equal.Counts);
        Assert.Equal(equal.Counts, between.Counts);
        Assert.Equal(5, equal.Total);
        Assert.Equal([0.5, 1.5, 2.5], equal.Centers);
    }

    [Fact]
    public void DensityIntegratesToOneOverUnequalBins()
    {
        var histogram = Histogram.Of([0.1f, 0.2f, 1.5f, 7f], edges: [0.0, 1.0, 4.0]);
        Assert.Equal(1, histogram.Density()[0] + (3 * histogram.Density()[1]), 1e-15);
    }

    [Fact]
    public void EqualNeighboursKeepTheirEmptyBin() =>
        Assert.Equal([0, 0, 2], Histogram.Of([1.0, 1.5], edges: [0.0, 1.0, 1.0, 2.0]).Counts);

    [Fact]
    public void EveryValueOfManyLandsWhereTheEdgesSay()
    {
        float[] values = new float[20_000];
        new NativeNN.Random.Generator(3).Normal(values, 0, 0.3);
        var fast = Histogram.Of(values, bins: 100, range: (-0.8, 0.8));
        long[] slow = new long[100];
        foreach (float v in values)
        {
            for (int bin = 0; bin < 100; bin++)
            {
                if (v >= fast.Edges[bin] && (v < fast.Edges[bin + 1] || (bin == 99 && v == fast.Edges[100])))
                    slow[bin]++;
            }
        }
        Assert.Equal(slow, fast.Counts);
    }

    [Theory]
    [InlineData(new[] { 0.0 })]
    [InlineData(new[] { 0.0, 2.0, 1.0 })]
    [InlineData(new[] { 0.0, double.NaN })]
    public void EdgesThatDoNotIncreaseAreRefused(double[] edges) =>
        Assert.Throws<ArgumentException>(() => Histogram.Of([0.5], edges));

    [Fact]
    public void InfiniteRangesAreRefused() =>
        Assert.Throws<ArgumentException>(() => Histogram.Of([0.5], bins: 2, range: (0, double.PositiveInfinity)));
}
