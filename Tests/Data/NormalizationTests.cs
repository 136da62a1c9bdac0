using NativeNN.Data;

namespace NativeNN.Tests.Data;

public class NormalizationTests
{
    [Fact]
    public void NoneKeepsTheBytes() => Assert.Equal(Enumerable.Range(0, 256).Select(b => (float)b), Normalization.None.Table.ToArray());

    [Fact]
    public void DividingIsNotMultiplyingByTheReciprocal()
    {
        float[] unit = Normalization.Unit.Table.ToArray();
        Assert.Equal(126, Enumerable.Range(0, 256).Count(b => unit[b] != b * (1f / 255f)));
        Assert.Equal((0f, 1f), (unit[0], unit[255]));
    }

    [Fact]
    public void BadParametersAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Normalization.Standardize(0, 0));
        Assert.Throws<ArgumentException>(() => Normalization.Standardize(double.NaN, 1));
    }
}
