using NativeNN.Optim;
using NativeNN.Random;
using TorchSharp;
using TorchSharp.Modules;

namespace NativeNN.Tests.LibTorch.Optim;

/// <summary>torch.nn.utils.clip_grad_norm_ and clip_grad_value_.</summary>
public class ClippingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void GradientsOfALargerNormAreScaledDown(double maxNorm)
    {
        var (ours, theirs) = Gradients();
        var near = new Agreement("squares are added in another order", Ulps: 4);
        Assert.Null(near.Difference([(float)torch.nn.utils.clip_grad_norm_(theirs, maxNorm)], [ours.ClipGradNorm(maxNorm)]));
        Same(theirs, ours, near);
    }

    [Fact]
    public void GradientsAreCutOff()
    {
        var (ours, theirs) = Gradients();
        torch.nn.utils.clip_grad_value_(theirs, 0.4);
        ours.ClipGradValue(0.4);
        Same(theirs, ours, Agreement.Bits);
    }

    // Of shapes [7, 11] and [5], whose gradients have a norm of about 9.
    private static (Tensor[] Ours, Parameter[] Torch) Gradients()
    {
        var random = new Generator(3);
        Tensor[] ours = [Tensor.Zeros((7, 11)).WithGrad(), Tensor.Zeros(5).WithGrad()];
        Parameter[] theirs = [.. ours.Select(w => new Parameter(w.ToTorch()))];
        foreach (var (w, torchW) in ours.Zip(theirs))
        {
            var g = Tensor.Randn(w.Shape, random);
            (w * g).Sum().Backward();
            (torchW * g.ToTorch()).sum().backward();
        }
        return (ours, theirs);
    }

    private static void Same(Parameter[] theirs, Tensor[] ours, Agreement agreement)
    {
        foreach (var (torchW, w) in theirs.Zip(ours))
            Assert.Null(agreement.Difference(torchW.grad!.ToArray(), w.Grad!.ToArray()));
    }
}
