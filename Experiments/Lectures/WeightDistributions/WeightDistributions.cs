using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 001, "Distribution of weights pre- and post-learning" with dropout: the histogram of all parameters, drawn epoch by epoch,
/// spreads into an image like Sauron's eye. Its exercises ask what differs between layers, without normalised pixels, and with other
/// dropout rates.
/// </summary>
public sealed class WeightDistributions : Lecture
{
    private const double AdamLearningRate = 0.001;
    private const double RawLearningRate = 1e-4; // of our second run of exercise 2
    private const int FirstSteps = 100; // of a training whose losses are kept one by one

    public override Recipe Recipe { get; } = new()
    {
        Document = "001",
        Name = "weight-distributions",
        Data = new() { Images = 20_000, TestShare = 0.10, Normalization = Normalization.Unit },
        Network = new()
        {
            Widths = [784, 64, 32, 32, 10],
            Names = ("mnist_FFN", ["input", "fc1", "fc2", "output"]),
            Dropout = 0.25,
        },
        NetworksBefore = 1, // the one to look at
        BatchSize = 32,
        DropLast = true,
        Loss = LossFunction.CrossEntropy,
        Optimizer = new(OptimizerKind.Sgd, LearningRate: 0.01),
        Epochs = 60,
        Evaluation = new(Evaluation.WholeSet),
    };

    public override string Title => "Weight distributions by layer, with dropout, with raw pixels";

    public override string Question =>
        "How do the weights of each layer spread while a network with dropout learns, and what does the scale of its data change?";

    public override string Cover => "figure34-saurons-eye";

    public override void Run(LectureRun run)
    {
        // 1. Data: the first 20,000 images, 0–1, a tenth of them for testing. The document's split is not seeded; ours is, with --seed.
        var data = run.Load(run.Recipe);
        var recipe = run.Recipe.For(data);
        run.Report.Dataset = (data.Images.Name, data.Train.Count, data.Test.Count);
        run.Result($"data: the first {data.Images.Count} images of {data.Images.Name}; "
            + "Colab's mnist_train_small.csv holds 20,000 training images in another order");

        // 2. The model to look at, its weights drawn first
        var generator = run.NewGenerator();
        var example = (FeedForward)recipe.Build(generator);
        var input = example.Layers[0];
        run.Print("print(example_net)", example.ToString());
        string name = $"example_net.{recipe.Network.LayerNames[0]}";
        run.Print($"vars({name})",
            $"{input}\nin_features: {input.InFeatures}, out_features: {input.OutFeatures}, training: {input.IsTraining}\n"
            + $"bias: {input.Bias}");
        run.Print($"{name}.weight.shape", input.Weight.Shape.ToString());
        run.Print($"{name}.weight", input.Weight.ToString());
        var first = Snapshot.Of(example);
        WeightDistributionsFigures.Initial(run, first);

        // 3. Training with dropout: a histogram of all parameters before each epoch
        var mainNet = (FeedForward)recipe.Build(generator);
        var main = Train("main", recipe, mainNet, data, generator,
            measure: Densities.AddAll, show: WeightDistributionsFigures.AllPlayer);
        WeightDistributionsFigures.Curves(run, main.Recording, data.ClassCount);
        WeightDistributionsFigures.Evolution(run, main.Recording);

        // 4. Exercise 1: the same without dropout, a histogram for each layer. The document's script goes on with the same generator.
        var withoutDropout = WithDropout(0);
        var byLayer = Train("exercise-1", withoutDropout, (FeedForward)withoutDropout.Build(generator), data, generator,
            measure: Densities.AddLayers, show: WeightDistributionsFigures.LayersPlayer);
        WeightDistributionsFigures.Layers(run, byLayer);

        // 5. Exercise 2: pixels from 0 to 255; first with the document's learning rate, then with one that suits them
        var rawPixels = recipe with { Data = recipe.Data with { Normalization = Normalization.None } };
        var rawData = run.Load(rawPixels);
        var raw = Again("raw-pixels", rawPixels, rawData);
        var slower = rawPixels with { Optimizer = rawPixels.Optimizer with { LearningRate = RawLearningRate } };
        var rawSlow = Again("raw-pixels-slower", slower, rawData);
        WeightDistributionsFigures.RawPixels(run, main, raw, rawSlow);

        // 6. Exercise 3: other dropout rates, from the same initial weights as the main training
        var none = Again("dropout-0", withoutDropout, data);
        var half = Again("dropout-0.5", WithDropout(0.5), data);
        WeightDistributionsFigures.DropRates(run, [("0", none), ($"{recipe.Network.Dropout}", main), ("0.5", half)]);

        // 7. 'SGD to slow down learning': slower than what?
        var adam = Again("adam", recipe with { Optimizer = new(OptimizerKind.Adam, AdamLearningRate) }, data);

        TestAnswers.Of(mainNet, data).Draw(run, "Main training");

        // 8. What the document said, beside what was measured
        var claims = new WeightDistributionsClaims(run, main);
        claims.JudgeMain(adam);
        claims.JudgeLayers(first, byLayer);
        claims.JudgeRawPixels(raw, rawSlow, PixelScale.Of(data.Images));
        claims.JudgeDropout(none, half);

        Recipe WithDropout(double p) => recipe with { Network = recipe.Network with { Dropout = p } };

        // The document's script from its first line, so with the main training's initial weights, and one thing changed.
        Trained Again(string key, Recipe variant, TrainingData images)
        {
            var again = run.NewGenerator();
            return Train(key, variant, (FeedForward)variant.NewNetwork(again), images, again);
        }

        Trained Train(string key, Recipe variant, FeedForward net, TrainingData images, Generator random,
            Action<Snapshot, Recording>? measure = null, Action<LectureRun, Recording, Snapshot>? show = null)
        {
            var initial = Snapshot.Of(net);
            var recording = run.Train(key, new TrainingLoop(variant, net, images, random),
                beforeEpoch: (_, record) =>
                {
                    var now = Snapshot.Of(net);
                    LayerSpreads.AddTo(record, now);
                    measure?.Invoke(now, record);
                },
                afterEpoch: (epoch, record, losses) =>
                {
                    FirstLosses.AddTo(record, epoch, losses, FirstSteps);
                    show?.Invoke(run, record, Snapshot.Of(net));
                });
            show?.Invoke(run, recording, Snapshot.Of(net));
            var trained = new Trained(key, variant.Optimizer.LearningRate, initial, Snapshot.Of(net), recording,
                DeadUnits(net.Layers[0], images.Test.CopyInputs()));
            run.Result($"{key}: final train accuracy {recording.TrainAccuracies[^1]:0.00%}, "
                + $"test accuracy {recording.TestAccuracies[^1]:0.00%}, loss {recording.TrainLosses[^1]:F4}");
            return trained;
        }
    }

    /// <summary>A training: its weights before and after, and the share of its first hidden units silent on every test image.</summary>
    internal sealed record Trained(
        string Key, double LearningRate, Snapshot Initial, Snapshot Final, Recording Recording, double DeadUnits);

    /// <summary>Share of the layer's units that are at or below zero for every image [n, in].</summary>
    internal static double DeadUnits(Linear layer, Tensor images)
    {
        using var _ = new NoGrad();
        var hidden = layer.Forward(images);
        float[] values = hidden.ToArray();
        int dead = Enumerable.Range(0, hidden.Columns).Count(unit =>
            !Enumerable.Range(0, hidden.Rows).Any(row => values[row * hidden.Columns + unit] > 0));
        return dead / (double)hidden.Columns;
    }
}
