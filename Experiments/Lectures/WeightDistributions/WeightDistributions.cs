using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 001, "Distribution of weights pre- and post-learning" with dropout: the histogram of all parameters, drawn epoch by epoch, spreads
/// into an image like Sauron's eye. Its exercises ask what differs between layers, without normalised pixels, and with other dropout rates.
/// </summary>
public sealed class WeightDistributions : Lecture
{
    private const int Images = 20_000;
    private const double TestSize = 0.10;
    private const int BatchSize = 32;
    internal const double DropRate = 0.25;
    private const double LearningRate = 0.01;
    private const double AdamLearningRate = 0.001;
    private const double RawLearningRate = 1e-4; // of our second run of exercise 2
    private const int FirstSteps = 100; // of a training whose losses are kept one by one
    internal const int Bins = 100;

    public override string Name => "weight-distributions";

    public override string Title => "Weight distributions by layer, with dropout, with raw pixels";

    public override int DefaultEpochs => 60;

    public override void Run(LectureRun run)
    {
        // 1. Data: the first 20,000 images, 0–1, a tenth of them for testing. The document's split is not seeded; ours is, with --seed.
        var images = run.LoadTrain().Take(Images);
        var (trainRows, testRows) = TrainTestSplit.Indices(images.Count, TestSize, unchecked((uint)run.Seed));
        var (trainSet, testSet) = Sets(Normalization.Unit);
        run.Report.Dataset = (images.Name, trainSet.Count, testSet.Count);
        run.Result($"data: the first {images.Count} images of {images.Name}; Colab's mnist_train_small.csv holds 20,000 training images in another order");

        // 2. The model to look at: 784-64-32-32-10, its weights drawn first
        var generator = run.NewGenerator();
        var example = new MnistFfn(0, generator);
        run.Print("print(example_net)", example.ToString());
        run.Print("vars(example_net.input)",
            $"{example.Input}\nin_features: {example.Input.InFeatures}, out_features: {example.Input.OutFeatures}, training: {example.Input.IsTraining}\nbias: {example.Input.Bias}");
        run.Print("example_net.input.weight.shape", example.Input.Weight.Shape.ToString());
        run.Print("example_net.input.weight", example.Input.Weight.ToString());
        var first = Snapshot.Of(example);
        WeightDistributionsFigures.Initial(run, first);

        // 3. Training with dropout 0.25: a histogram of all parameters before each epoch
        var main = Train("main", new MnistFfn(DropRate, generator), generator, (trainSet, testSet),
            measure: (now, recording) => recording.Add("all", Density(now.All, AllEdges)));
        WeightDistributionsFigures.Curves(run, main.Recording);
        WeightDistributionsFigures.Evolution(run, main.Recording);

        // 4. Exercise 1: the same without dropout, a histogram for each layer. The document's script goes on with the same generator.
        var byLayer = Train("exercise-1", new MnistFfn(0, generator), generator, (trainSet, testSet), measure: (now, recording) =>
        {
            foreach (var (name, values) in LayersOf(now))
                recording.Add(name, Density(values, LayerEdges));
        });
        WeightDistributionsFigures.Layers(run, byLayer);

        // 5. Exercise 2: pixels from 0 to 255; first with the document's learning rate, then with one that suits them
        var rawSets = Sets(Normalization.None);
        var raw = Again("raw-pixels", DropRate, rawSets, LearningRate);
        var rawSlow = Again("raw-pixels-slower", DropRate, rawSets, RawLearningRate);
        WeightDistributionsFigures.RawPixels(run, main, raw, rawSlow);

        // 6. Exercise 3: other dropout rates, from the same initial weights as the main training
        var none = Again("dropout-0", 0, (trainSet, testSet), LearningRate);
        var half = Again("dropout-0.5", 0.5, (trainSet, testSet), LearningRate);
        WeightDistributionsFigures.DropRates(run, [("0", none), ("0.25", main), ("0.5", half)]);

        // 7. 'SGD to slow down learning': slower than what?
        var adam = Again("adam", DropRate, (trainSet, testSet), AdamLearningRate, adam: true);

        // 8. What the document said, beside what was measured
        var claims = new WeightDistributionsClaims(run, main);
        claims.JudgeMain(adam);
        claims.JudgeLayers(first, byLayer);
        claims.JudgeRawPixels(raw, rawSlow, PixelScale.Of(images));
        claims.JudgeDropout(none, half);

        (TensorDataset Train, TensorDataset Test) Sets(Normalization normalization) => (
            new(images.Select(trainRows), normalization, run.Backend),
            new(images.Select(testRows), normalization, run.Backend));

        // The document's script from its first line, so with the main training's initial weights, and one thing changed.
        Trained Again(string key, double dropRate, (TensorDataset, TensorDataset) sets, double learningRate, bool adam = false)
        {
            var again = run.NewGenerator();
            _ = new MnistFfn(0, again); // the model to look at
            return Train(key, new MnistFfn(dropRate, again), again, sets, learningRate, adam);
        }

        Trained Train(string key, MnistFfn net, Generator random, (TensorDataset Train, TensorDataset Test) sets,
            double learningRate = LearningRate, bool adam = false, Action<Snapshot, Recording>? measure = null)
        {
            var initial = Snapshot.Of(net);
            net.To(run.Backend);
            Optimizer optimizer = adam ? new Adam(net.Parameters(), learningRate) : new Sgd(net.Parameters(), learningRate);
            var recording = run.Train(
                new TrainingSetup(key, net, optimizer, (logits, labels) => logits.CrossEntropy(labels), random,
                    new DataLoader(sets.Train, BatchSize, shuffle: true, dropLast: true, random),
                    new DataLoader(sets.Test, sets.Test.Count, shuffle: false, dropLast: false, random)),
                run.Epochs,
                beforeEpoch: (_, record) => Measure(Snapshot.Of(net), record, measure),
                afterEpoch: (epoch, record, losses) =>
                {
                    if (epoch == 1)
                        record.Add("first-losses", [.. losses.Take(FirstSteps).Select(loss => (double)loss)]);
                });
            var trained = new Trained(key, learningRate, initial, Snapshot.Of(net), recording, net.DeadUnits(sets.Test.CopyInputs()));
            run.Result(
                $"{key}: final train accuracy {recording.TrainAccuracies[^1]:0.00%}, test accuracy {recording.TestAccuracies[^1]:0.00%}, loss {recording.TrainLosses[^1]:F4}");
            return trained;
        }
    }

    /// <summary>A finished training: its weights before and after, and the share of its first hidden units that are silent on every test image.</summary>
    internal sealed record Trained(string Key, double LearningRate, Snapshot Initial, Snapshot Final, Recording Recording, double DeadUnits);

    /// <summary>784-64-32-32-10; dropout after each hidden ReLU; logits at the end, as the document's mnist_FFN.</summary>
    internal sealed class MnistFfn : Module
    {
        private readonly Linear fc1, fc2, output;
        private readonly double dropRate;
        private readonly Generator generator;

        public MnistFfn(double dropRate, Generator generator)
        {
            (this.dropRate, this.generator) = (dropRate, generator);
            Input = Register("input", new Linear(784, 64, generator));
            fc1 = Register("fc1", new Linear(64, 32, generator));
            fc2 = Register("fc2", new Linear(32, 32, generator));
            output = Register("output", new Linear(32, 10, generator));
        }

        public override string TypeName => "mnist_FFN";

        public Linear Input { get; }

        public double DeadUnits(Tensor images)
        {
            using var _ = new NoGrad();
            var hidden = Input.Forward(images);
            float[] values = hidden.ToArray();
            int dead = Enumerable.Range(0, hidden.Columns).Count(unit =>
                !Enumerable.Range(0, hidden.Rows).Any(row => values[row * hidden.Columns + unit] > 0));
            return dead / (double)hidden.Columns;
        }

        protected override Tensor Compute(Tensor x)
        {
            x = Drop(Input.Forward(x).Relu());
            x = Drop(fc1.Forward(x).Relu());
            x = Drop(fc2.Forward(x).Relu());
            return output.Forward(x);
        }

        private Tensor Drop(Tensor x) => IsTraining ? x.Dropout(dropRate, generator) : x;
    }

    /// <summary>The document's bins: of all parameters, and of one layer's weights.</summary>
    internal static double[] AllEdges { get; } = Statistics.LinSpace(-0.3, 0.3, Bins + 1);

    internal static double[] LayerEdges { get; } = Statistics.LinSpace(-0.7, 0.7, Bins + 1);

    /// <summary>The weight matrices, without biases.</summary>
    internal static List<(string Name, float[] Values)> LayersOf(Snapshot snapshot) =>
        [.. snapshot.ByName.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal))];

    // np.concatenate onto an empty float64 array makes the document's values float64; comparing float32 with float64 edges is the same.
    private static double[] Density(float[] values, double[] edges) => Histogram.Of(values, edges).Density();

    private static void Measure(Snapshot now, Recording recording, Action<Snapshot, Recording>? more)
    {
        recording.Add("spread", [.. LayersOf(now).Select(layer => Statistics.Std(layer.Values))]);
        more?.Invoke(now, recording);
    }
}
