using NativeNN.Backends;

namespace NativeNN.Tests.Ops;

/// <summary>Slices, joins, choices and powers at their edges.</summary>
public class SliceTests
{
    [Fact]
    public void SlicesAreCopiesOfWhatIsThere()
    {
        var x = Tensor.Arange(12).Reshape((3, 4));
        Assert.Equal([4, 5, 6, 7], x[1..2].ToArray());
        Assert.Equal([1, 2, 5, 6, 9, 10], x[.., 1..3].ToArray());
        Assert.Equal([0, 4], x[2..2].Shape.ToArray());
        Assert.Equal([2, 3], Tensor.From(0, 1, 2, 3)[2..].ToArray());
        Assert.Equal(5, x[1, 1]); // an element is a number still
        Assert.Contains("[3, 4]", Assert.Throws<ShapeException>(() => x[2..5]).Message);
        Assert.Contains("≤ 4", Assert.Throws<ShapeException>(() => x[.., 3..7].ToArray()).Message);
        Assert.Throws<ShapeException>(() => Tensor.Scalar(1)[..]);
        Assert.Throws<ShapeException>(() => Tensor.Ones(3)[.., ..2]);
    }

    [Fact]
    public void PartsThatDoNotFitAreNamed()
    {
        Tensor[] unequal = [Tensor.Ones((2, 3)), Tensor.Ones((2, 4))];
        Assert.Contains("[2, 3], [2, 4]", Assert.Throws<ShapeException>(() => Tensor.Cat(unequal)).Message);
        Assert.Throws<ShapeException>(() => Tensor.Cat([Tensor.Ones(3), Tensor.Ones((1, 3))]));
        Assert.Throws<ShapeException>(() => Tensor.Cat([Tensor.Ones(3), Tensor.Ones(3)], Axis.Columns));
        Assert.Throws<ArgumentException>(() => Tensor.Cat([]));
        Assert.Throws<ArgumentException>(() => Tensor.Arange(0, 1, -0.1));
        Assert.Throws<ArgumentException>(() => Tensor.Arange(0, 1, 0));
    }

    [Fact]
    public void WhatIsNotChosenMayBeAnything()
    {
        var x = Tensor.From(-4, 9).WithGrad();
        var y = Tensor.Where(x > 0, x, x * float.PositiveInfinity);
        Assert.Equal([float.NegativeInfinity, 9], y.ToArray());
        Assert.Equal([1, 0], (Tensor.From(1, 2) < 1.5f).ToArray());
        var kept = Tensor.Where(Tensor.From(1, 0), x, Tensor.From(float.NaN, float.NaN));
        Assert.Equal(-4, kept.ToArray()[0]);
        kept.Sum().Backward();
        Assert.Equal([1, 0], x.Grad!.ToArray()); // no NaN comes back from the other side
    }

    [Fact]
    public void PowersOfCornersAreAsPyTorchs()
    {
        var x = Tensor.From(float.NaN, float.PositiveInfinity, 0, -3).WithGrad();
        var ones = x.Pow(0);
        Assert.Equal([1, 1, 1, 1], ones.ToArray());
        ones.Sum().Backward();
        Assert.Equal([0, 0, 0, 0], x.Grad!.ToArray());
        Assert.Equal([float.PositiveInfinity, 0, float.NaN], Tensor.From(0, float.PositiveInfinity, -1).Pow(-0.5f).ToArray());
        var log = Tensor.From(0, -1, float.PositiveInfinity).Log();
        Assert.Equal([float.NegativeInfinity, float.NaN, float.PositiveInfinity], log.ToArray());
        Assert.Equal([8192, -8192], Tensor.From(2, -2).Pow(13).ToArray());
    }

    [Fact]
    public void TheSpreadOfEqualNumbersHasGradientZero()
    {
        var x = Tensor.From(2, 2, 2).WithGrad();
        x.Std().Backward();
        Assert.Equal([0, 0, 0], x.Grad!.ToArray());
        Assert.True(float.IsNaN(Tensor.From(2).Std().Item()));
        Assert.Equal(0, Tensor.From(2).Std(unbiased: false).Item());
    }

    [Fact]
    public void AnEmptyTensorIsBroadcastToo()
    {
        Tensor none = Tensor.Zeros((0, 3)).WithGrad(), row = Tensor.Ones(3).WithGrad();
        var y = (none + row) * row;
        Assert.Equal([0, 3], y.Shape.ToArray());
        y.Sum().Backward();
        Assert.Equal([0, 0, 0], row.Grad!.ToArray());
    }

    [Fact]
    public void TheDivergenceOfAZeroTargetIsZero()
    {
        Tensor logP = Tensor.From(new float[,] { { 0.25f, 0.75f } }).Log(), target = Tensor.From(new float[,] { { 0, 1 } });
        float[] losses = logP.KlDivLoss(target, Reduction.None).ToArray();
        Assert.Equal(0, losses[0]);
        Assert.Equal(-MathF.Log(0.75f), losses[1], 1e-6f);
    }
}
