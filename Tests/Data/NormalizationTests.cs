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

    [Fact]
    public void ANameLeadsBackToTheTable()
    {
        Normalization[] all =
            [Normalization.None, Normalization.Unit, Normalization.Mnist, Normalization.Half, Normalization.Standardize(1 / 3.0, 0.2)];
        Assert.All(all, n => Assert.Equal(n.Table.ToArray(), Normalization.Named(n.Name).Table.ToArray()));
        string[] none = ["", "(1, 0)", "(1, 2, 3)", "(NaN, 1)", "mean"];
        Assert.All(none, n => Assert.Throws<FormatException>(() => Normalization.Named(n)));
    }
}
