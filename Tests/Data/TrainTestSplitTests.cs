using NativeNN.Data;

namespace NativeNN.Tests.Data;

public class TrainTestSplitTests
{
    [Theory]
    [InlineData(10, 0.1)]
    [InlineData(11, 0.1)]
    [InlineData(1000, 0.333)]
    public void EveryRowIsInOnePart(int count, double share)
    {
        var (train, test) = TrainTestSplit.Indices(count, share, seed: 1);
        Assert.Equal((int)Math.Ceiling(share * count), test.Length);
        Assert.Equal(Enumerable.Range(0, count), train.Concat(test).Order());
    }

    [Theory]
    [InlineData(10, 0.0)]
    [InlineData(10, 1.0)]
    [InlineData(10, double.NaN)]
    [InlineData(1, 0.5)]
    [InlineData(0, 0.5)]
    public void EmptyPartsAreRefused(int count, double share) =>
        Assert.Throws<ArgumentException>(() => TrainTestSplit.Indices(count, share, seed: 1));
}
