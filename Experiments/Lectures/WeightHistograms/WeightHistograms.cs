using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 000, "Distributions of weights pre- and post-learning": a network's weights start uniform and near zero; training spreads them,
/// the tails grow, and the histogram comes to look more like a Gaussian. About 95% test accuracy on 20,000 images.
/// </summary>
public sealed class WeightHistograms : Lecture
{
    public const double WeightDecay = 0.01;
    private const double AdamLearningRate = 0.001;
    private const int Bins = 100;
    private static readonly (double Low, double High) Range = (-0.8, 0.8);

    public override Recipe Recipe { get; } = new()
    {
        Document = "000",
        Name = "weight-histograms",
        Data = new() { Images = 20_000, TestShare = 0.10, SplitSeed = 42, Normalization = Normalization.Unit },
        Network = new() { Widths = [784, 64, 32, 10], Names = ("MNIST_FFN", ["input", "fc1", "fc2"]), LogSoftmax = true },
        NetworksBefore = 2, // one to look at, one for the histogram of its weights
        BatchSize = 32,
        DropLast = true,
        Loss = LossFunction.NegativeLogLikelihood,
        Optimizer = new(OptimizerKind.Sgd, LearningRate: 0.01),
        Epochs = 100,
        Evaluation = new(BatchSize: 32, DropLast: true),
    };

    public override string Title => "Distributions of weights before and after learning";

    public override string Question =>
        "How does the distribution of a network's weights change from initialisation to a trained network?";

    public override string Cover => "evolution";

    public override void Run(LectureRun run)
    {
        // 1. Data: the first 20,000 images, 0–1, a tenth of them for testing
        var data = run.Load(run.Recipe);
        var recipe = run.Recipe.For(data);
        run.Report.Dataset = (data.Images.Name, data.Train.Count, data.Test.Count);

        // 2. Models. The lecture builds three networks one after the other; each draws its weights from the same generator.
        var generator = run.NewGenerator();
        var inspected = (FeedForward)recipe.Build(generator);
        var input = inspected.Layers[0];
        run.Print("print(net)", inspected.ToString());
        run.Print($"summary(net, ({data.Inputs},))", Summary.Of(inspected, data.Inputs));
        string name = $"net.{recipe.Network.LayerNames[0]}";
        run.Print($"print({name})", input.ToString());
        run.Print($"{name}.weight.shape", input.Weight.Shape.ToString());
        run.Print($"{name}.weight", input.Weight.ToString());
        var initialInput = input.Weight.ToArray();
        WeightHistogramsFigures.InitialInput(run, initialInput);
        WeightHistogramsFigures.AllInitial(run, Snapshot.Of(recipe.Build(generator)));

        // 3. Training: 100 epochs of SGD, a histogram of all weights before each
        var trainings = new List<TrainingEnd>();
        var net = recipe.Build(generator);
        var initial = Snapshot.Of(net);
        byte[] generatorAtStart = generator.GetState();
        var recording = Train(run.MainKey, new TrainingLoop(recipe, net, data, generator));
        var final = Snapshot.Of(net);

        // 4. Figures
        WeightHistogramsFigures.Evolution(run, recording);
        WeightHistogramsFigures.HeatMap(run, recording);
        WeightHistogramsFigures.Curves(run, recording);

        // 5. Further exploration: the same initial weights and shuffles, one thing changed
        var (adam, adamWeights) = Explore("adam", recipe with { Optimizer = new(OptimizerKind.Adam, AdamLearningRate) });
        var (decay, decayWeights) = Explore("weight-decay",
            recipe with { Optimizer = recipe.Optimizer with { WeightDecay = WeightDecay } });
        WeightHistogramsFigures.Optimizers(run, recording, final, adam, adamWeights);
        WeightHistogramsFigures.Layers(run, LayerChange.Between(initial, final));
        WeightHistogramsFigures.WeightDecay(run, final, recording, decayWeights, decay);
        WeightHistogramsFigures.Biases(run, initial, final);
        var (normalized, normalizedWeights) = Explore("batch-norm", recipe with { Network = recipe.Network with { BatchNorm = true } });
        WeightHistogramsFigures.BatchNorm(run, initial, recording, final, normalized, normalizedWeights);
        var biases = BiasPath.Of(recording, final);
        WeightHistogramsDiagnosisFigures.BiasPaths(run, biases);
        WeightHistogramsDiagnosisFigures.PerformanceAndSaturation(run, trainings);
        TestAnswers.Of(net, data).Draw(run, recipe.Optimizer.Name);

        // 6. What the lecture said, beside what was measured
        var claims = new WeightHistogramsClaims(run, initial, final, recording);
        claims.JudgeStart(initialInput);
        claims.JudgeTraining();
        int tested = recipe.Evaluation!.BatchSize;
        claims.JudgeScript(scored: data.Test.Count / tested * tested, data.Test.Count);
        claims.JudgeExplorations(adam, decayWeights);
        claims.JudgeBatchNorm(normalizedWeights);
        var diagnosis = new WeightHistogramsDiagnosis(run, initial, trainings);
        diagnosis.JudgeBiases(biases);
        diagnosis.JudgePerformance();
        diagnosis.JudgeSaturation();
        diagnosis.JudgeUnderTraining();
        diagnosis.JudgeSymmetry(NeuronLikeness.GradientSpreadFromOneValue(recipe, data, run.NewGenerator()));
        diagnosis.JudgeRegularization();

        Recording Train(string key, TrainingLoop loop)
        {
            bool isMain = key == run.MainKey;
            string label = isMain ? recipe.Optimizer.Name : key;
            var result = run.Train(key, loop, beforeEpoch: (_, record) => AddCounts(Snapshot.Of(loop.Net), record, eachLayer: isMain),
                afterEpoch: (_, record, _) => ShowMain(record));
            ShowMain(result);
            trainings.Add(new(label, result, Snapshot.Of(loop.Net), Saturation.Of(loop.Net, data.Test)));
            run.Result($"{label}: final train accuracy {result.TrainAccuracies[^1]:0.00%}, "
                + $"final test accuracy {result.TestAccuracies[^1]:0.00%}");
            return result;

            void ShowMain(Recording record)
            {
                if (isMain)
                    WeightHistogramsFigures.Player(run, record, Snapshot.Of(loop.Net));
            }
        }

        (Recording, Snapshot) Explore(string key, Recipe variant)
        {
            var random = run.NewGenerator();
            var model = variant.Network.Build(random);
            model.LoadStateDict(initial.State, strict: !variant.Network.BatchNorm); // which starts with layers of its own
            random.SetState(generatorAtStart);
            var result = Train(key, new TrainingLoop(variant, model, data, random));
            return (result, Snapshot.Of(model));
        }
    }

    /// <summary>get_weight_histogram: how many of these weights fall into each of the bins.</summary>
    internal static double[] Counts(float[] weights) => [.. Histogram.Of(weights, Bins, Range).Counts.Select(c => (double)c)];

    /// <summary>The middle of each bin.</summary>
    internal static double[] Centers { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, Bins, Range).Centers;

    private static void AddCounts(Snapshot now, Recording recording, bool eachLayer)
    {
        recording.Add("weights", Counts(now.Weights));
        if (!eachLayer)
            return;
        foreach (var layer in LayerMatrix.Of(now))
            recording.Add(layer.Name, Counts(layer.Values));
        BiasPath.AddTo(recording, now);
    }

    /// <summary>The counts of all weights before each epoch.</summary>
    internal static IReadOnlyList<double[]> CountsOf(Recording recording) => recording.Of("weights");
}
