using NativeNN.Experiments.Lectures;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Compare;

/// <summary>A lecture's main training, as both sides run it: ours from the recipe, PyTorch's by the script.</summary>
/// <param name="Document">000 to 004.</param>
/// <param name="Lecture">The lecture's command.</param>
/// <param name="Recipe">Data, layers, optimiser.</param>
/// <param name="Epochs">The lecture's own number of epochs.</param>
public sealed record LectureComparison(string Document, string Lecture, TrainingRecipe Recipe, int Epochs)
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
        new("000", "weight-histograms", MnistFfn, Epochs: 100) { Build = (_, generator, _) => Third(generator) },
        new("001", "weight-distributions", MnistFfn with
        {
            Widths = [784, 64, 32, 32, 10],
            Dropout = 0.25,
            LogSoftmax = false,
            TestBatchSize = 2000,
            TestDropLast = false,
        }, Epochs: 60)
        { Build = (recipe, generator, _) => Second(recipe, generator) },
        new("002", "init-variance", new()
        {
            Widths = [784, 128, 64, 10],
            Data = DataPart.Standardized,
            BatchSize = 64,
            TestBatchSize = 64,
            Adam = true,
            LearningRate = 0.001,
        }, Epochs: 10)
        { Build = Normal },
        new("003", "weight-changes", new()
        {
            Widths = [784, 64, 32, 16, 10],
            Data = DataPart.Standardized,
            BatchSize = 64,
            TestBatchSize = 64,
            LearningRate = 0.005,
        }, Epochs: 50),
        new("004", "weight-init", new()
        {
            Widths = [784, 32, 32, 10],
            Data = DataPart.Half,
            BatchSize = 4,
            LearningRate = 0.001,
            Relu = false,
        }, Epochs: 3)
        { Build = (recipe, generator, _) => Zeros(recipe, generator) },
    ];

    /// <summary>The file name of PyTorch's side.</summary>
    public string Script => Lecture.Replace('-', '_') + ".py";

    /// <summary>Whether the training depends on a σ.</summary>
    public bool TakesSigma => Document == "002";

    private Func<TrainingRecipe, Generator, double, Module> Build { get; init; } = (recipe, generator, _) => recipe.Network(generator);

    /// <summary>The lecture of that document number or command.</summary>
    public static LectureComparison Of(string name) => All.Single(l => l.Document == name || l.Lecture == name);

    /// <summary>The network that is trained, after all that the document draws before it.</summary>
    public Module Network(Generator generator, double sigma = DefaultSigma) => Build(Recipe, generator, sigma);

    // The document looks at one network, draws the weights of a second, and trains the third.
    private static WeightHistograms.MnistFfn Third(Generator generator)
    {
        _ = new WeightHistograms.MnistFfn(generator);
        _ = new WeightHistograms.MnistFfn(generator);
        return new WeightHistograms.MnistFfn(generator);
    }

    // The document looks at one network and trains the next.
    private static Sequential Second(TrainingRecipe recipe, Generator generator)
    {
        recipe.Network(generator);
        return recipe.Network(generator);
    }

    // randn_like(p)·σ for every parameter: drawn with deviation 1 and scaled in float32, which is not always normal(0, σ) to the last bit.
    private static Sequential Normal(TrainingRecipe recipe, Generator generator, double sigma)
    {
        var net = recipe.Network(generator);
        foreach (var parameter in net.Parameters())
        {
            var values = new float[parameter.Length];
            generator.Normal(values, mean: 0, std: 1);
            parameter.Set([.. values.Select(v => v * (float)sigma)]);
        }
        return net;
    }

    private static Sequential Zeros(TrainingRecipe recipe, Generator generator)
    {
        var net = recipe.Network(generator);
        foreach (var parameter in net.Parameters())
            Init.Zeros(parameter);
        return net;
    }
}
