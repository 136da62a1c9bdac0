using NativeNN.Random;

namespace NativeNN.Tests;

/// <summary>Every expected text is what PyTorch 1.13 prints for the same values.</summary>
public class TensorPrintingTests
{
    private static readonly Dictionary<string, (Tensor Tensor, string Text)> Printed = new(
    [
        Case("a number", Shape.Scalar, [1.5f], """
            tensor(1.5000)
            """),
        Case("a whole number", Shape.Scalar, [3.0f], """
            tensor(3.)
            """),
        Case("a tiny number", Shape.Scalar, [1E-05f], """
            tensor(1.0000e-05)
            """),
        Case("a number that wants a gradient", Shape.Scalar, [-2.25f], """
            tensor(-2.2500, requires_grad=True)
            """, requiresGrad: true),
        Case("whole numbers", 3, [1.0f, -2.0f, 30.0f], """
            tensor([ 1., -2., 30.])
            """),
        Case("decimals", 3, [-1.5f, 2.0f, 999.25f], """
            tensor([ -1.5000,   2.0000, 999.2500])
            """),
        Case("a range of more than 1000", 2, [1.5f, 2000.0f], """
            tensor([1.5000e+00, 2.0000e+03])
            """),
        Case("whole numbers over a range of more than 1000", 3, [1.0f, 2000.0f, 3.0f], """
            tensor([1.0000e+00, 2.0000e+03, 3.0000e+00])
            """),
        Case("above 1e8", 2, [200000000.0f, 150000000.0f], """
            tensor([2.0000e+08, 1.5000e+08])
            """),
        Case("just 1e8", 2, [100000000.0f, 15000000.0f], """
            tensor([100000000.,  15000000.])
            """),
        Case("below 1e-4", 2, [9E-05f, 0.05f], """
            tensor([9.0000e-05, 5.0000e-02])
            """),
        Case("just above 1e-4", 2, [0.000101f, 0.05f], """
            tensor([0.0001, 0.0500])
            """),
        Case("nan and infinities", (2, 2), [float.NaN, 1.5f, float.PositiveInfinity, float.NegativeInfinity], """
            tensor([[   nan, 1.5000],
                    [   inf,   -inf]])
            """),
        Case("nan among whole numbers", 3, [float.NaN, 1.0f, -2.0f], """
            tensor([nan,  1., -2.])
            """),
        Case("nothing finite", 2, [float.NaN, float.PositiveInfinity], """
            tensor([nan, inf])
            """),
        Case("negative zero", 3, [-0f, 0.0f, 1.5f], """
            tensor([-0.0000, 0.0000, 1.5000])
            """),
        Case("ties to even", 3, [0.03125f, 0.09375f, 0.15625f], """
            tensor([0.0312, 0.0938, 0.1562])
            """),
        Case("ties to even, scientific", 3, [100005.0f, 100015.0f, 1.0f], """
            tensor([1.0000e+05, 1.0002e+05, 1.0000e+00])
            """),
        Case("a carry into the exponent", 2, [9.99996f, 0.001f], """
            tensor([1.0000e+01, 1.0000e-03])
            """),
        Case("a matrix", (2, 3), [1.0f, 2.0f, 3.0f, -4.5f, 5.0f, 6.0f], """
            tensor([[ 1.0000,  2.0000,  3.0000],
                    [-4.5000,  5.0000,  6.0000]])
            """),
        Case("a matrix that wants a gradient", (2, 2), [1.0f, 2.0f, 3.0f, 4.0f], """
            tensor([[1., 2.],
                    [3., 4.]], requires_grad=True)
            """, requiresGrad: true),
        Case("one row", (1, 2), [0.5f, 0.25f], """
            tensor([[0.5000, 0.2500]])
            """),
        Case("nothing", 0, [], """
            tensor([])
            """),
        Case("no rows", (0, 5), [], """
            tensor([], size=(0, 5))
            """),
        Case("no columns", (3, 0), [], """
            tensor([], size=(3, 0), requires_grad=True)
            """, requiresGrad: true),

        // Values drawn from the generator of that seed, as torch.randn does.
        Drawn("a vector over two lines", seed: 1, 20, """
            tensor([-1.5256, -0.7502, -0.6540, -1.6095,  0.8657,  0.2444, -0.6629,  0.8073,
                     0.4391,  1.1712,  1.7674, -0.0954,  0.0612, -0.6177, -0.7981, -0.1316,
                    -0.7984,  0.3357,  0.2753,  1.7163])
            """),
        Drawn("a vector of 1001", seed: 2, 1001, """
            tensor([-1.0408,  0.9166, -1.3042,  ..., -0.4746,  0.9159,  0.1705],
                   requires_grad=True)
            """, requiresGrad: true),
        Drawn("rows longer than a line", seed: 3, (3, 13), """
            tensor([[-0.0766,  0.3599, -0.7820,  0.0715,  0.6648, -0.2868,  1.6206, -1.5967,
                     -0.0517, -0.3060,  0.2485, -0.2226,  0.9132],
                    [ 0.2043,  0.5740,  0.4163,  0.2615,  0.9311, -0.5145, -1.6517,  1.0460,
                      0.5222, -0.1668, -0.8681, -1.1963,  1.0280],
                    [ 0.0719, -0.1845, -1.5159,  0.9125,  0.2539,  0.8195,  0.5616, -0.2481,
                     -1.0800,  0.5916,  0.7242, -0.3492, -0.5290]])
            """),
        Drawn("a suffix that does not fit", seed: 4, 8, """
            tensor([-1.6053,  0.2325,  2.2399,  0.8473,  1.2006, -0.4016, -1.4260,  0.9039],
                   requires_grad=True)
            """, requiresGrad: true),
        Drawn("a suffix that just fits", seed: 6, 5, """
            tensor([-1.8744, -0.9937,  0.7185, -0.6985, -1.4716], requires_grad=True)
            """, requiresGrad: true),
        Drawn("a matrix of 1001 elements", seed: 5, (7, 143), """
            tensor([[ 1.8423,  0.5189, -1.7119,  ...,  0.5810, -0.2656,  0.4147],
                    [ 2.5220, -1.2157, -0.0171,  ...,  0.2498, -0.9084,  0.0951],
                    [ 0.1134, -1.9077, -0.6359,  ..., -2.0331,  0.5243,  0.8123],
                    ...,
                    [-1.7604, -0.9876,  1.0251,  ..., -0.3334,  0.0829, -0.2841],
                    [ 0.8131,  1.9443,  1.0616,  ..., -2.1062,  1.0418, -0.0168],
                    [-0.3654, -0.0977,  0.7169,  ..., -0.1192,  0.1088,  0.9434]])
            """),
        Drawn("a long thin matrix", seed: 7, (501, 2), """
            tensor([[-0.8201,  0.3956],
                    [ 0.8989, -1.3884],
                    [-0.1670,  0.2851],
                    ...,
                    [ 0.3342,  2.4474],
                    [ 0.1692, -0.8488],
                    [ 0.1082,  1.5214]], requires_grad=True)
            """, requiresGrad: true),
        Drawn("few long rows", seed: 8, (2, 600), """
            tensor([[-1.1892,  1.3932,  2.1059,  ..., -0.3045,  0.1750,  1.9855],
                    [ 1.9085, -1.7719, -0.1128,  ..., -0.1112,  1.2103,  0.2695]])
            """),
        Drawn("one column", seed: 9, (1500, 1), """
            tensor([[-1.0674],
                    [-0.7172],
                    [ 1.0897],
                    ...,
                    [-0.3092],
                    [ 0.3865],
                    [-0.4129]])
            """),
    ]);

    public static TheoryData<string> Names => [.. Printed.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void PrintsAsPyTorch(string name) => Assert.Equal(Printed[name].Text.ReplaceLineEndings("\n"), Printed[name].Tensor.ToString());

    [Fact]
    public void AFreshInputLayerPrintsAsPyTorchs()
    {
        var layer = new NativeNN.Layers.Linear(784, 64, new Generator(42));
        Assert.Equal("""
            tensor([[ 0.0273,  0.0296, -0.0084,  ..., -0.0142,  0.0093,  0.0135],
                    [-0.0188, -0.0354,  0.0187,  ..., -0.0106, -0.0001,  0.0115],
                    [-0.0008,  0.0017,  0.0045,  ..., -0.0127, -0.0188,  0.0059],
                    ...,
                    [-0.0141, -0.0243,  0.0114,  ...,  0.0268, -0.0158,  0.0333],
                    [ 0.0172, -0.0045,  0.0321,  ...,  0.0190,  0.0077, -0.0114],
                    [ 0.0308, -0.0262,  0.0271,  ...,  0.0297, -0.0043,  0.0139]])
            """.ReplaceLineEndings("\n"), layer.Weight.Detach().ToString());
    }

    [Fact]
    public void AComputedTensorNamesItsOp() => Assert.Equal("tensor([2., 4.], op=Scale)", (Tensor.From(1, 2).WithGrad() * 2f).ToString());

    [Fact]
    public void AReleasedTensorSaysSo()
    {
        var hidden = Tensor.From(1, 2).WithGrad() * 2f;
        hidden.Sum().Backward();
        (Tensor.From(1, 2).WithGrad() * 2f).Sum().Backward();
        Assert.Equal("tensor(released, shape=[2])", hidden.ToString());
    }

    private static KeyValuePair<string, (Tensor Tensor, string Text)> Case(
        string name, Shape shape, float[] values, string text, bool requiresGrad = false) =>
        new(name, (Tensor.From(values, shape).WithGrad(requiresGrad), text));

    private static KeyValuePair<string, (Tensor Tensor, string Text)> Drawn(
        string name, int seed, Shape shape, string text, bool requiresGrad = false)
    {
        var values = new float[shape.Length];
        new Generator(seed).Normal(values, 0, 1);
        return Case(name, shape, values, text, requiresGrad);
    }
}
