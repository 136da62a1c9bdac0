using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Bench;

/// <summary>The network, loss and optimiser of a lecture, as its lecture trains it.</summary>
internal sealed record LectureSetup(string Name, int[] Widths, int Batch, string Optimizer, double LearningRate)
{
    public string Activation { get; init; } = "relu";

    public double DropoutRate { get; init; }

    /// <summary>log-softmax and NLL in two steps instead of cross-entropy.</summary>
    public bool LogSoftmaxLoss { get; init; }

    public static IReadOnlyList<LectureSetup> All { get; } =
    [
        new("weight-histograms", [784, 64, 32, 10], Batch: 32, "sgd", LearningRate: 0.01) { LogSoftmaxLoss = true },
        new("weight-distributions", [784, 64, 32, 32, 10], Batch: 32, "sgd", LearningRate: 0.01) { DropoutRate = 0.25 },
        new("init-variance", [784, 128, 64, 10], Batch: 64, "adam", LearningRate: 1e-3),
        new("weight-changes", [784, 64, 32, 16, 10], Batch: 64, "sgd", LearningRate: 0.005),
        new("weight-init", [784, 32, 32, 10], Batch: 4, "sgd", LearningRate: 0.001) { Activation = "none" },
    ];

    /// <summary>2·multiply–adds of one step: forward, weight gradients, and input gradients of all layers but the first.</summary>
    public double FlopPerStep
    {
        get
        {
            double products = 0;
            for (int i = 1; i < Widths.Length; i++)
                products += (double)Widths[i - 1] * Widths[i] * (i == 1 ? 2 : 3);
            return 2 * products * Batch;
        }
    }

    public Module Net(Generator generator, Backend backend)
    {
        var modules = new List<Module>();
        for (int i = 1; i < Widths.Length; i++)
        {
            modules.Add(new Layers.Linear(Widths[i - 1], Widths[i], generator));
            bool last = i == Widths.Length - 1;
            if (!last && Activation == "relu")
                modules.Add(new Layers.Relu());
            if (!last && DropoutRate > 0)
                modules.Add(new Layers.Dropout(DropoutRate, generator));
        }
        return new Sequential([.. modules]).To(backend);
    }

    public Optimizer OptimizerOf(Module net) =>
        Optimizer == "adam" ? new Adam(net.Parameters(), LearningRate) : new Sgd(net.Parameters(), LearningRate);

    public Tensor Loss(Tensor logits, Labels labels) => LogSoftmaxLoss ? logits.LogSoftmax().NllLoss(labels) : logits.CrossEntropy(labels);

    public static IEnumerable<LectureSetup> Named(string? name) => All.Where(setup => name is null || setup.Name == name);
}

/// <summary>MNIST on a backend, read once.</summary>
internal static class Dataset
{
    public static TensorDataset Train(Backend backend) => new(Mnist.LoadTrain(), Normalization.Mnist, backend);

    public static TensorDataset Test(Backend backend) => new(Mnist.LoadTest(), Normalization.Mnist, backend);
}
