using NativeNN.Layers;
using NativeNN.Random;
using TorchSharp;
using static TorchSharp.torch.nn.init;

namespace NativeNN.Tests.LibTorch.Initialisers;

/// <summary>nn.init from the same seed: bits, but for the two that compute with what they drew.</summary>
public class InitTests
{
    private static readonly Dictionary<string, (Action<Tensor, Generator> Ours, Func<torch.Tensor, torch.Tensor> Torch)> Drawn = new()
    {
        ["Uniform"] = ((w, g) => Init.Uniform(w, g, -0.3, 0.7), w => uniform_(w, -0.3, 0.7)),
        ["Normal"] = ((w, g) => Init.Normal(w, g, 1, 0.02), w => normal_(w, 1, 0.02)),
        ["XavierUniform"] = ((w, g) => Init.XavierUniform(w, g), w => xavier_uniform_(w)),
        ["XavierUniform, gain 5/3"] = ((w, g) => Init.XavierUniform(w, g, 5.0 / 3), w => xavier_uniform_(w, 5.0 / 3)),
        // TorchSharp's own xavier_normal_ draws uniforms.
        ["XavierNormal"] = ((w, g) => Init.XavierNormal(w, g), w => normal_(w, 0, Math.Sqrt(2.0 / (w.shape[0] + w.shape[1])))),
        ["KaimingUniform"] = ((w, g) => Init.KaimingUniform(w, g, a: Math.Sqrt(5)), w => kaiming_uniform_(w, Math.Sqrt(5))),
        ["KaimingUniform for ReLU"] = ((w, g) => Init.KaimingUniform(w, g, nonlinearity: Nonlinearity.Relu),
            w => kaiming_uniform_(w, nonlinearity: NonlinearityType.ReLU)),
        ["KaimingNormal"] = ((w, g) => Init.KaimingNormal(w, g, nonlinearity: Nonlinearity.Tanh),
            w => kaiming_normal_(w, nonlinearity: NonlinearityType.Tanh)),
        ["KaimingNormal, outputs"] = ((w, g) => Init.KaimingNormal(w, g, mode: FanMode.FanOut),
            w => kaiming_normal_(w, mode: FanInOut.FanOut)),
        ["Sparse"] = ((w, g) => Init.Sparse(w, g, 0.3, 0.1), w => sparse_(w, 0.3, 0.1)),
        ["Eye"] = ((w, _) => Init.Eye(w), w => eye_(w)),
        ["Constant"] = ((w, _) => Init.Constant(w, 0.1), w => constant_(w, 0.1)),
    };

    public static TheoryData<string> Names => [.. Drawn.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void EqualBitForBit(string name)
    {
        var (ours, theirs) = Drawn[name];
        foreach (Shape shape in new Shape[] { (64, 784), (10, 33), (3, 2), (1, 1), (17, 5) })
            Assert.Equal(Torch(shape, theirs), Ours(shape, ours));
    }

    // A layer draws its weight, then its bias.
    [Fact]
    public void ANewLayer()
    {
        foreach (var (features, outputs) in new[] { (784, 128), (64, 10), (3, 1) })
        {
            torch.manual_seed(42);
            var theirs = torch.nn.Linear(features, outputs);
            var ours = new Linear(features, outputs, new Generator(42));
            Assert.Equal(theirs.weight.ToArray(), ours.Weight.ToArray());
            Assert.Equal(theirs.bias!.ToArray(), ours.Bias!.ToArray());
        }
    }

    // PyTorch's trunc_normal_ in LibTorch's operations; TorchSharp's own is wrong.
    [Fact]
    public void TruncatedNormalToTheDigitsOfErfinv()
    {
        static torch.Tensor Truncated(torch.Tensor w)
        {
            const double Inside = 0.9544997361036416; // 2Φ(2) − 1
            return w.uniform_(-Inside, Inside).erfinv_().mul_(0.5 * Math.Sqrt(2)).add_(0.1).clamp_(-0.9, 1.1);
        }

        var near = new Agreement("MKL's erfinv is up to 32 ulp off; ours is computed in float64", OfLargest: 2e-6);
        Assert.Null(near.Difference(Torch((64, 784), Truncated),
            Ours((64, 784), (w, g) => Init.TruncatedNormal(w, g, mean: 0.1, std: 0.5, low: -0.9, high: 1.1))));
    }

    [Fact]
    public void OrthogonalToTheDigitsOfAQrDecomposition()
    {
        var near = new Agreement("Householder reflections of LAPACK round otherwise than ours in float64", OfLargest: 2e-6);
        foreach (Shape shape in new Shape[] { (64, 784), (33, 10), (5, 5) })
            Assert.Null(near.Difference(Torch(shape, w => orthogonal_(w, 1.5)), Ours(shape, (w, g) => Init.Orthogonal(w, g, 1.5))));
    }

    private static float[] Torch(Shape shape, Func<torch.Tensor, torch.Tensor> fill)
    {
        torch.manual_seed(7);
        using var _ = torch.no_grad();
        return fill(torch.empty(shape.ToTorch())).ToArray();
    }

    private static float[] Ours(Shape shape, Action<Tensor, Generator> fill)
    {
        var weight = Tensor.Zeros(shape);
        fill(weight, new Generator(7));
        return weight.ToArray();
    }
}
