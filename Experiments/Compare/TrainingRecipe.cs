using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Experiments.Compare;

/// <summary>What a training of a fully connected network depends on besides its initial weights: one row of a table of lectures.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Inputs, hidden layers, outputs.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    public required DataPart Data { get; init; }

    public required int BatchSize { get; init; }

    public bool DropLast { get; init; }

    /// <summary>Batch size of the evaluation after each epoch; 0 where the lecture does not test.</summary>
    public int TestBatchSize { get; init; }

    public bool TestDropLast { get; init; }

    /// <summary>Adam, else plain SGD.</summary>
    public bool Adam { get; init; }

    public required double LearningRate { get; init; }

    /// <summary>ReLU after each hidden layer, else the network is linear.</summary>
    public bool Relu { get; init; } = true;

    /// <summary>Probability of dropping after each hidden layer.</summary>
    public double Dropout { get; init; }

    /// <summary>Log-softmax and negative log-likelihood, else logits and cross-entropy.</summary>
    public bool LogSoftmax { get; init; }

    /// <summary>The network with PyTorch's default weights, drawn layer by layer.</summary>
    public Sequential Network(Generator generator)
    {
        var modules = new List<Module>();
        for (int k = 0; k + 1 < Widths.Count; k++)
        {
            modules.Add(new Linear(Widths[k], Widths[k + 1], generator));
            if (k + 2 == Widths.Count)
                break;
            if (Relu)
                modules.Add(new Relu());
            if (Dropout > 0)
                modules.Add(new Dropout(Dropout, generator));
        }
        if (LogSoftmax)
            modules.Add(new LogSoftmax());
        return new Sequential([.. modules]);
    }

    public Optimizer Optimizer(Module net) => Adam ? new Adam(net.Parameters(), LearningRate) : new Sgd(net.Parameters(), LearningRate);

    public Tensor Loss(Tensor output, Labels labels) => LogSoftmax ? output.NllLoss(labels) : output.CrossEntropy(labels);
}

/// <summary>The three ways the lectures take MNIST.</summary>
public enum DataPart
{
    /// <summary>20,000 training images in [0, 1], a tenth of them split off for testing.</summary>
    Small,

    /// <summary>All images, (x − 0.1307)/0.3081.</summary>
    Standardized,

    /// <summary>All images in [−1, 1].</summary>
    Half,
}

/// <summary>A training and a test set.</summary>
public sealed record ComparedData(TensorDataset Train, TensorDataset Test)
{
    private const int SmallImages = 20_000;
    private const double SmallTestShare = 0.1;

    /// <summary>Loads from a folder of IDX files (the bundled one if none is given); first and splitSeed matter to Small only.</summary>
    public static ComparedData Load(DataPart part, string? folder = null, int first = 0, uint splitSeed = 42, Backend? backend = null)
    {
        var images = Mnist.LoadTrain(folder);
        if (part == DataPart.Small)
        {
            images = images.Select([.. Enumerable.Range(first, Math.Min(SmallImages, images.Count - first))]);
            var (train, test) = TrainTestSplit.Indices(images.Count, SmallTestShare, splitSeed);
            return new(Set(images.Select(train), Normalization.Unit), Set(images.Select(test), Normalization.Unit));
        }
        var scale = part == DataPart.Standardized ? Normalization.Mnist : Normalization.Half;
        return new(Set(images, scale), Set(Mnist.LoadTest(folder), scale));

        TensorDataset Set(ImageSet set, Normalization normalization) => new(set, normalization, backend);
    }
}
