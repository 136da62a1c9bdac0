using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Data;

/// <summary>A batch that a graph holds outlives the next one: gradients of several batches make one step.</summary>
public class AccumulationTests
{
    [Fact]
    public void GradientsAddUpOverBatchesOneBackwardEach()
    {
        var (net, loader) = Start();
        foreach (var (x, labels) in loader)
            (net.Forward(x).CrossEntropy(labels) / loader.Count).Backward();
        Same(WholeSet(), net);
    }

    [Fact]
    public void LossesAddUpOverBatchesWithOneBackwardInTheEnd()
    {
        var (net, loader) = Start();
        Tensor? total = null;
        foreach (var (x, labels) in loader)
        {
            var loss = net.Forward(x).CrossEntropy(labels) / loader.Count;
            total = total is null ? loss : total + loss;
        }
        total!.Backward();
        Same(WholeSet(), net);
    }

    [Fact]
    public void AHeldBatchIsGivenBackByTheBackwardThatReadsIt()
    {
        var (net, loader) = Start();
        var batches = new List<Batch>();
        Tensor? first = null;
        foreach (var batch in loader)
        {
            var loss = net.Forward(batch.Inputs).LogSoftmax().NllLoss(batch.Labels);
            first ??= loss;
            batches.Add(batch);
            Assert.Equal(8, batches[0].Inputs.ToArray().Length); // 4 rows of 2, although the loader moved on
            Assert.Equal(4, batches[0].Labels.Count);
            _ = batches[0].Labels.ToArray();
        }
        first!.Backward();
        Assert.Contains("Clone()", Assert.Throws<InvalidOperationException>(() => batches[0].Inputs.ToArray()).Message);
        Assert.Throws<InvalidOperationException>(() => batches[0].Labels.ToArray());
        _ = batches[1].Inputs.ToArray(); // its graph has not been used up
    }

    private static Sequential WholeSet()
    {
        var (net, loader) = Start();
        net.Forward(loader.Dataset.CopyInputs()).CrossEntropy(loader.Dataset.Labels).Backward();
        return net;
    }

    private static void Same(Sequential expected, Sequential actual)
    {
        foreach (var (e, a) in expected.Parameters().Zip(actual.Parameters()))
            Assert.All(e.Grad!.ToArray().Zip(a.Grad!.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static (Sequential Net, DataLoader Loader) Start()
    {
        var generator = new Generator(3);
        var net = new Sequential(new Linear(2, 5, generator), new NativeNN.Layers.Tanh(), new Linear(5, 3, generator));
        var data = new TensorDataset(Tensor.Randn((20, 2), generator), Labels.From([.. Enumerable.Range(0, 20).Select(k => k % 3)]));
        return (net, new DataLoader(data, batchSize: 4, shuffle: true, dropLast: false, generator));
    }
}
