using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Running;

public class GradientNormsTests
{
    [Fact]
    public void ALayersNormIsOverItsWeightAndBias()
    {
        var net = new Sequential(new Linear(2, 1, new Generator(1)), new Linear(1, 1, new Generator(1), bias: false));
        var (first, second) = ((Linear)net.Modules[0], (Linear)net.Modules[1]);
        second.Weight.Set([2]);
        first.Weight.Set([1, 1]);
        first.Bias!.Set([0]);
        net.Forward(Tensor.From([3, 4], (1, 2))).Sum().Backward(); // dW₁ = 2·[3, 4], db₁ = 2, dW₂ = 7
        var recording = new Recording();
        GradientNorms.AddTo(recording, net);
        var norms = GradientNorms.Of(recording);
        Assert.Equal(["0", "1"], norms.Keys);
        Assert.Equal(Math.Sqrt(36 + 64 + 4), norms["0"].Single(), 12);
        Assert.Equal(7, norms["1"].Single(), 12);
    }
}
