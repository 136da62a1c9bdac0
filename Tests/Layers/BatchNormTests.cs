using NativeNN.Checkpoints;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Tests.Layers;

public sealed class BatchNormTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void BuffersAreStateButNotTrained()
    {
        var net = Net();
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"], net.NamedParameters().Select(p => p.Name));
        Assert.Equal(["1.running_mean", "1.running_var", "1.num_batches_tracked"], net.NamedBuffers().Select(b => b.Name));
        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked", "2.weight", "2.bias"],
            net.StateDict().Keys); // PyTorch's order
        Assert.All(net.NamedBuffers(), b => Assert.False(b.Buffer.RequiresGrad));
    }

    [Fact]
    public void AStateDictAndACheckpointBringTheRunningStatisticsBack()
    {
        var net = Net();
        Train(net);
        net.Eval();
        var x = Tensor.Randn((5, 3), new Generator(9));
        float[] expected = net.Forward(x).ToArray();

        var copy = Net();
        copy.LoadStateDict(net.StateDict());
        Assert.Equal(expected, copy.Eval().Forward(x).ToArray());

        Checkpoint.Save(net, folder.File("net.safetensors"));
        copy = Net();
        Checkpoint.Load(copy, folder.File("net.safetensors"));
        Assert.Equal(expected, copy.Eval().Forward(x).ToArray());
        Assert.Equal(3, copy.NamedBuffers().Last().Buffer.Item());
    }

    [Fact]
    public void PyTorchsCountOfBatchesIsAnInteger()
    {
        var net = Net();
        var tensors = net.StateDict().ToDictionary(s => s.Key, s => new SavedTensor(s.Value.Shape.ToArray(), s.Value.ToArray()));
        tensors["1.num_batches_tracked"] = new SavedTensor([], new long[] { 1234 });
        Safetensors.Write(folder.File("torch.safetensors"), tensors, new Dictionary<string, string>());
        Checkpoint.Load(net, folder.File("torch.safetensors"));
        Assert.Equal(1234, net.NamedBuffers().Last().Buffer.Item());
    }

    [Fact]
    public void WithoutRunningStatisticsEvaluationUsesTheBatchToo()
    {
        var layer = new BatchNorm1d(3, trackRunningStats: false);
        var x = Tensor.Randn((5, 3), new Generator(9));
        Assert.Equal(layer.Forward(x).ToArray(), layer.Eval().Forward(x).ToArray());
        Assert.Empty(layer.NamedBuffers());
    }

    [Fact]
    public void OneRowOrAnotherNumberOfFeaturesIsRefused()
    {
        var layer = new BatchNorm1d(3);
        Assert.Contains("more than one row", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Ones((1, 3)))).Message);
        Assert.Contains("[4, 5]", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Ones((4, 5)))).Message);
        Assert.Equal([1, 3], layer.Eval().Forward(Tensor.Ones((1, 3))).Shape.ToArray());
        var rows = new NativeNN.Layers.LayerNorm(3);
        Assert.Contains("[4, 5]", Assert.Throws<ShapeException>(() => rows.Forward(Tensor.Ones((4, 5)))).Message);
    }

    private static Sequential Net()
    {
        var generator = new Generator(1);
        return new Sequential(new Linear(3, 4, generator), new BatchNorm1d(4), new Linear(4, 2, generator));
    }

    private static void Train(Module net)
    {
        var optimizer = new Sgd(net.Parameters(), 0.1);
        for (int step = 0; step < 3; step++)
        {
            optimizer.ZeroGrad();
            net.Forward(Tensor.Randn((6, 3), new Generator(step))).Square().Mean().Backward();
            optimizer.Step();
        }
    }
}
