using NativeNN.Layers;
using NativeNN.Random;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Layers;

/// <summary>Layers with state beside LibTorch's: what they compute is OpCaseTests' matter, here is what they keep.</summary>
public class NormalizationTests
{
    private static readonly Agreement Moments = new("means and squares around them are added in another order", Absolute: 1e-6);

    [Fact]
    public void BatchNormKeepsRunningStatisticsAndUsesThemInEvaluation()
    {
        const int Features = 11;
        var ours = new BatchNorm1d(Features, momentum: 0.3);
        var theirs = torch.nn.BatchNorm1d(Features, momentum: 0.3);
        var random = new Generator(1);
        for (int step = 0; step < 5; step++)
        {
            var x = Tensor.Randn((17, Features), random);
            Same(theirs.call(x.ToTorch()), ours.Forward(x));
            Same(theirs.running_mean!, ours.RunningMean!);
            Same(theirs.running_var!, ours.RunningVar!);
        }
        ours.Eval();
        theirs.eval();
        var test = Tensor.Randn((3, Features), random);
        Same(theirs.call(test.ToTorch()), ours.Forward(test));
    }

    private static void Same(torch.Tensor torch, Tensor ours) => Assert.Null(Moments.Difference(torch.ToArray(), ours.ToArray()));
}
