using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Samples;

namespace NativeNN.Tests.Samples;

public class OnePageTests
{
    private const int Steps = 100;

    [Fact]
    public void TheFirstHundredLossesAreTheEngines()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Data", "mnist");
        float[] page = [.. OnePage.Losses(folder, seed: 42, learningRate: 0.1f).Take(Steps)];
        float[] engine = EngineLosses();
        for (int step = 0; step < Steps; step++)
            Assert.True(MathF.Abs(page[step] - engine[step]) <= 1e-5f, $"step {step}: {page[step]:R} here, {engine[step]:R} there");
        Assert.InRange(page[^1], 0.1f, 0.7f); // it learns: 2.3 at first
    }

    [Fact]
    public void ItIsOnePage()
    {
        string file = Path.Combine(Repository.Root, "Experiments", "Samples", "OnePage", "OnePage.cs");
        Assert.InRange(File.ReadAllLines(file).Length, 1, 150);
    }

    private static float[] EngineLosses()
    {
        var generator = new Generator(42);
        var net = new Sequential(new Linear(784, 64, generator), new Relu(), new Linear(64, 10, generator));
        var optimizer = new Sgd(net.Parameters(), learningRate: 0.1);
        var loader = new DataLoader(new TensorDataset(Mnist.LoadTrain().Take(Steps * 32), Normalization.Unit), batchSize: 32,
            shuffle: false, dropLast: true, generator);
        var losses = new List<float>();
        foreach (var (x, labels) in loader)
        {
            optimizer.ZeroGrad();
            var loss = net.Forward(x).CrossEntropy(labels);
            loss.Backward();
            optimizer.Step();
            losses.Add(loss.Item());
        }
        return [.. losses];
    }
}
