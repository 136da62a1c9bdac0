using NativeNN.Backends;

namespace NativeNN.Tests.Ops;

/// <summary>Corners where a formula written down plainly gives NaN or the wrong shape; the expected values are PyTorch's.</summary>
public class SpecialValueTests
{
    private const float Infinity = float.PositiveInfinity;

    public static TheoryData<string> BackendNames => [.. TestBackends.All.Keys];

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void AMaskedElementAddsNothingToLogSumExp(string backend)
    {
        var x = Leaf(backend, (1, 3), 1, -Infinity, 2);
        var y = x.LogSumExp();
        y.Backward(Leaf(backend, 1, 1));
        Assert.Equal(2.3132617f, y.Item(), 2e-6f);
        Near([0.26894143f, 0, 0.7310586f], x.Grad!);
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void LogSumExpOfLargeNumbersNeitherOverflowsNorLosesDigits(string backend)
    {
        var x = Leaf(backend, (2, 2), 1000, 1000, -3e38f, 5);
        Assert.Equal([1000 + MathF.Log(2), 5], x.LogSumExp().ToArray());
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void AnInfiniteLogitMakesItsRowNaN(string backend)
    {
        var x = Leaf(backend, (2, 3), Infinity, 0, 0, 0, 0, 0);
        foreach (var y in new[] { x.Softmax(), x.LogSoftmax() })
            Assert.Equal([true, true, true, false, false, false], y.ToArray().Select(float.IsNaN));
        Assert.Equal([true, false], x.CrossEntropy(Labels.From([1, 1], x.Backend), Reduction.None).ToArray().Select(float.IsNaN));
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void AMaskedClassCostsNothingUnderClassWeights(string backend)
    {
        var x = Leaf(backend, (1, 3), 1, -Infinity, 2);
        var loss = x.CrossEntropy(Labels.From([0], x.Backend), labelSmoothing: 0, weight: [1, 2, 3]);
        loss.Backward();
        Assert.Equal(1.3132617f, loss.Item(), 2e-6f);
        Near([-0.7310586f, 0, 0.7310586f], x.Grad!);
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void TheMeanOverNoLabelsIsNaNWithGradientZero(string backend)
    {
        foreach (var (smoothing, weight) in new[] { (0f, new float[0]), (0.1f, []), (0f, [1f, 2, 3]), (0.1f, [1f, 2, 3]) })
        {
            var x = Leaf(backend, (1, 3), 1, 3, 2);
            var loss = x.CrossEntropy(Labels.From([-100], x.Backend), labelSmoothing: smoothing, weight: weight);
            loss.Backward();
            Assert.True(float.IsNaN(loss.Item()));
            Assert.Equal([0, 0, 0], x.Grad!.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void TheNormOfZerosHasGradientZero(string backend)
    {
        var x = Leaf(backend, 3, 0, 0, 0);
        var norm = x.Norm();
        norm.Backward();
        Assert.Equal(0, norm.Item());
        Assert.Equal([0, 0, 0], x.Grad!.ToArray());
        var y = Leaf(backend, 2, 3, 4);
        (y.Norm() * 2f).Backward();
        Near([1.2f, 1.6f], y.Grad!);
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void AVectorHasOneDimension(string backend)
    {
        var x = Leaf(backend, 3, 1, 2, 4);
        foreach (var axis in new[] { Axis.Rows, Axis.Columns })
        {
            Assert.Equal(7, Number(x.Sum(axis)));
            Assert.Equal(7f / 3, Number(x.Mean(axis)), 1e-6f);
            Assert.Equal((Shape)3, x.Softmax(axis).Shape);
            Assert.Equal(1, x.Softmax(axis).Sum().Item(), 1e-6f);
            Near([0.04201007f, 0.1141952f, 0.8437947f], x.Softmax(axis));
        }
        Assert.Equal(4, Number(x.Max()));
        Assert.Equal(4.169846f, Number(x.LogSumExp()), 2e-6f);
        x.Max().Backward();
        Assert.Equal([0, 0, 1], x.Grad!.ToArray());

        static float Number(Tensor y)
        {
            Assert.Equal(Shape.Scalar, y.Shape);
            return y.Item();
        }
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void AVectorAndANumberAreTheirOwnTranspose(string backend)
    {
        foreach (var x in new[] { Leaf(backend, 3, 1, 2, 4), Leaf(backend, Shape.Scalar, 5) })
            Assert.Same(x, x.Transpose());
        Assert.Equal((3, 1), Leaf(backend, (1, 3), 1, 2, 4).Transpose().Shape);
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void CountCorrectTakesTheFirstOfEqualsAndNaNAsLargest(string backend)
    {
        var x = Leaf(backend, (3, 3), 1, 5, 5, 2, 1, 0, 9, float.NaN, 9);
        Assert.Equal(3, x.CountCorrect(Labels.From([1, 0, 1], x.Backend)));
        Assert.Equal(0, x.CountCorrect(Labels.From([2, 1, 0], x.Backend)));
    }

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void ReluStopsEveryGradientAtZeroAndPassesItAtNaN(string backend)
    {
        const float NaN = float.NaN;
        float[] x = [NaN, Infinity, -Infinity, 0, -0f, 2, -3];
        foreach (float g in new[] { -2, Infinity, NaN })
        {
            Assert.Equal([NaN, Infinity, 0, 0, 0, 2, 0], Gradient(x, t => t.Relu(), g, out float[] dX));
            Assert.Equal([g, g, 0, 0, 0, g, 0], dX);
            Assert.Equal([NaN, Infinity, -Infinity, 0, -0f, 2, -1.5f], Gradient(x, t => t.LeakyRelu(0.5f), g, out dX));
            Assert.Equal([g / 2, g, g / 2, g / 2, g / 2, g, g / 2], dX);
        }

        float[] Gradient(float[] values, Func<Tensor, Tensor> f, float gradient, out float[] dX)
        {
            var leaf = Leaf(backend, values.Length, values);
            var y = f(leaf);
            y.Backward(Tensor.From([.. values.Select(_ => gradient)], y.Shape, leaf.Backend));
            dX = leaf.Grad!.ToArray();
            return y.ToArray();
        }
    }

    private static Tensor Leaf(string backend, Shape shape, params float[] values) =>
        Tensor.From(values, shape, TestBackends.All[backend]).WithGrad();

    private static void Near(float[] expected, Tensor actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }
}
