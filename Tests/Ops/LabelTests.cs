using NativeNN.Random;

namespace NativeNN.Tests.Ops;

public class LabelTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void ALabelThatIsNoClassIsRefusedBeforeAnyKernelRuns(int label)
    {
        var x = Tensor.Zeros((2, 10)).WithGrad();
        var labels = Labels.From([3, label]);
        Assert.Contains($"label {label}", Assert.Throws<ShapeException>(() => x.CrossEntropy(labels)).Message);
        Assert.Contains("[2, 10]", Assert.Throws<ShapeException>(() => x.LogSoftmax().NllLoss(labels)).Message);
        Assert.Throws<ShapeException>(() => x.CrossEntropy(labels, labelSmoothing: 0.1f));
    }

    [Fact]
    public void AnIgnoredLabelMayBeAnyNumberAndABatchKnowsItsDataSetsLabels()
    {
        Assert.Equal(MathF.Log(10), Tensor.Zeros((2, 10)).CrossEntropy(Labels.From([3, 255]), ignoreIndex: 255).Item(), 1e-5f);
        var data = new NativeNN.Data.TensorDataset(Tensor.Zeros((4, 3)), Labels.From([0, 1, 2, 3]));
        var (x, labels) = new NativeNN.Data.DataLoader(data, batchSize: 4, shuffle: true, dropLast: false, new Generator(1)).First();
        Assert.Contains("label 3", Assert.Throws<ShapeException>(() => x.CrossEntropy(labels)).Message);
    }
}
