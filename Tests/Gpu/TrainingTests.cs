using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Training;

namespace NativeNN.Tests.Gpu;

/// <summary>A whole training run on a device: the losses are the CPU's, with graphs and without.</summary>
[Collection(DeviceTests.Name)]
public sealed class TrainingTests
{
    private const int Steps = 50, BatchSize = 32;

    public static TheoryData<string> Kinds => [.. TestDevices.Kinds, TestDevices.InUnlikeOrder];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void The_first_losses_are_those_of_the_CPU(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
            CompareSgd(device);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Adam_agrees_too_and_the_steps_go_out_as_graphs_where_there_are_graphs(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
        {
            var (graphs, _) = device.StepsSubmitted;
            CompareAdam(device);
            if (device.HasGraphs)
                Assert.InRange(device.StepsSubmitted.Graphs - graphs, Steps - 5, Steps);
        }
    }

    internal static void CompareSgd(Backend device) =>
        Compare(device, parameters => new Sgd(parameters, learningRate: 0.02, momentum: 0.5));

    internal static void CompareAdam(Backend device) => Compare(device, parameters => new Adam(parameters));

    private static void Compare(Backend device, Func<IEnumerable<Tensor>, Optimizer> optimizerOf) =>
        AssertClose(Losses(Tensor.DefaultBackend, optimizerOf), Losses(device, optimizerOf));

    // The network of lecture 000 on images of its size, 784-64-32-10.
    private static float[] Losses(Backend backend, Func<IEnumerable<Tensor>, Optimizer> optimizerOf)
    {
        var generator = new Generator(1);
        var net = new Sequential(new Linear(784, 64, generator), new Relu(), new Linear(64, 32, generator), new Relu(),
            new Linear(32, 10, generator));
        net.To(backend);
        var optimizer = optimizerOf(net.Parameters());
        var (inputs, labels) = Images(generator, count: 512);
        var loader = new DataLoader(new TensorDataset(inputs, labels).To(backend), BatchSize, shuffle: true, dropLast: true,
            new Generator(2));
        var recorder = new StepRecorder(backend, Steps);
        while (recorder.Steps < Steps)
            foreach (var (x, y) in loader)
            {
                if (recorder.Steps == Steps)
                    break;
                optimizer.ZeroGrad();
                var logits = net.Forward(x);
                var loss = logits.CrossEntropy(y);
                loss.Backward();
                optimizer.Step();
                recorder.Record(loss, logits, y);
            }
        return recorder.Losses();
    }

    // Ten blurred prototypes and noise: learnable, so that the losses fall and the gradients change.
    private static (Tensor Inputs, Labels Labels) Images(Generator generator, int count)
    {
        float[] prototypes = new float[10 * 784], pixels = new float[count * 784];
        generator.Uniform(prototypes, 0, 1);
        generator.Uniform(pixels, -1, 1);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i * 7 % 10;
            for (int j = 0; j < 784; j++)
                pixels[i * 784 + j] += prototypes[labels[i] * 784 + j];
        }
        return (Tensor.From(pixels, (count, 784)), Labels.From(labels, Tensor.DefaultBackend));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.True(expected[^1] < 0.9f * expected[0], $"the run does not learn: {expected[0]} to {expected[^1]}");
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * Math.Abs(expected[i]),
                $"step {i}: {actual[i]}, the CPU has {expected[i]}");
    }
}
