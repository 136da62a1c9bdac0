using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Lectures;

public sealed class SaturationTests
{
    [Fact]
    public void UnitsAreSilentOrAlwaysOnAndAnswersSureRightlyOrWrongly()
    {
        Linear hidden = new(1, 4, new Generator(1)), output = new(4, 2, new Generator(1));
        hidden.Weight.Set([1, -1, 0, 0]);
        hidden.Bias!.Set([0, 0, -1, 1]); // the third is below zero for every image, the fourth above
        output.Weight.Set([20, -20, 0, 0, -20, 20, 0, 0]);
        output.Bias!.Set([0, 0]);
        var net = new Sequential(hidden, new NativeNN.Layers.Relu(), output);
        // Sure of the first class, sure of the second, sure of it but wrong, and not sure.
        var images = new TensorDataset(Tensor.From([1, -1, -2, 0.01f], (4, 1)), Labels.From([0, 1, 0, 0]));
        var saturation = Saturation.Of(net, images);
        Assert.Equal(new Saturation(Silent: 0.25, Always: 0.25, Sure: 0.75, SureAndWrong: 0.25), saturation);
        Assert.Equal(saturation, Saturation.Of(net, images)); // no hook is left behind

        var recording = new Recording();
        Assert.Null(Saturation.Of(recording)); // as checkpoints made earlier are
        saturation.AddTo(recording);
        Assert.Equal(saturation, Saturation.Of(Recording.FromJson(recording.ToJson())));
    }
}
