using NativeNN.Backends;
using NativeNN.Experiments.Lectures;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Compare;

/// <summary>A lecture's main training, as both sides run it: ours from the recipe, PyTorch's by the script.</summary>
/// <param name="Document">000 to 004.</param>
/// <param name="Lecture">The lecture's command.</param>
/// <param name="Recipe">Data, layers, optimiser.</param>
/// <param name="Epochs">The lecture's own number of epochs.</param>
internal sealed record LectureComparison(string Document, string Lecture, TrainingRecipe Recipe, int Epochs)
{
    private const double DefaultSigma = 0.03162277660168379; // 10^−1.5, the thirteenth of the lecture's 25

    private static readonly TrainingRecipe MnistFfn = new()
    {
        Widths = [784, 64, 32, 10],
        Data = DataPart.Small,
        BatchSize = 32,
        DropLast = true,
        TestBatchSize = 32,
        TestDropLast = true,
        LearningRate = 0.01,
        LogSoftmax = true,
    };

    /// <summary>The five lectures.</summary>
    public static IReadOnlyList<LectureComparison> All { get; } =
    [
        new("000", "weight-histograms", MnistFfn, Epochs: 100) { Build = (generator, _) => Third(generator) },
        new("001", "weight-distributions", MnistFfn with
        {
            Widths = [784, 64, 32, 32, 10],
            Dropout = 0.25,
            LogSoftmax = false,
            TestBatchSize = 2000,
            TestDropLast = false,
        }, Epochs: 60)
        { Build = (generator, _) => Second(generator), SplitsBySeed = true },
        new("002", "init-variance", new()
        {
            Widths = [784, 128, 64, 10],
            Data = DataPart.Standardized,
            BatchSize = 64,
            TestBatchSize = 64,
            Adam = true,
            LearningRate = 0.001,
        }, Epochs: 10)
        { Build = (generator, sigma) => InitPoint.Of(sigma).Network(generator) },
        new("003", "weight-changes", new()
        {
            Widths = [784, 64, 32, 16, 10],
            Data = DataPart.Standardized,
            BatchSize = 64,
            TestBatchSize = 64,
            LearningRate = 0.005,
        }, Epochs: 50)
        { Build = (generator, _) => new WeightChanges.MnistNet(generator) },
        new("004", "weight-init", new()
        {
            Widths = [784, 32, 32, 10],
            Data = DataPart.Half,
            BatchSize = 4,
            LearningRate = 0.001,
            Relu = false,
        }, Epochs: 3)
        { Build = (generator, _) => Zeros(generator) },
    ];

    /// <summary>The file name of PyTorch's side.</summary>
    public string Script => Lecture.Replace('-', '_') + ".py";

    /// <summary>Whether the training depends on a σ.</summary>
    public bool TakesSigma => Document == "002";

    /// <summary>Draws what the document draws up to the trained network, the initial weights included.</summary>
    public required Func<Generator, double, Module> Build { get; init; }

    /// <summary>The document does not seed its split; the lecture takes the run's seed. Else it is the document's own, 42.</summary>
    private bool SplitsBySeed { get; init; }

    /// <summary>The lecture of that document number or command.</summary>
    public static LectureComparison Of(string name) => All.Single(l => l.Document == name || l.Lecture == name);

    /// <summary>The data, split as the lecture run with that seed splits them.</summary>
    public ComparedData Load(string folder, long seed, Backend? backend = null) =>
        ComparedData.Load(Recipe.Data, folder, splitSeed: SplitsBySeed ? unchecked((uint)seed) : 42, backend: backend);

    /// <summary>The network that is trained, after all that the document draws before it.</summary>
    public Module Network(Generator generator, double sigma = DefaultSigma) => Build(generator, sigma);

    // The document looks at one network, draws the weights of a second, and trains the third.
    private static WeightHistograms.MnistFfn Third(Generator generator)
    {
        _ = new WeightHistograms.MnistFfn(generator);
        _ = new WeightHistograms.MnistFfn(generator);
        return new WeightHistograms.MnistFfn(generator);
    }

    // The document looks at one network and trains the next.
    private static WeightDistributions.MnistFfn Second(Generator generator)
    {
        _ = new WeightDistributions.MnistFfn(0, generator);
        return new WeightDistributions.MnistFfn(WeightDistributions.DropRate, generator);
    }

    private static Sequential Zeros(Generator generator)
    {
        var net = WeightInit.Linear(generator);
        WeightInit.FillConstant(net, 0);
        return net;
    }
}
