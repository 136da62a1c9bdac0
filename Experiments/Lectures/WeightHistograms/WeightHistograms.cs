using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 000, "Distributions of weights pre- and post-learning": a network's weights start uniform and near zero; training spreads them,
/// the tails grow, and the histogram comes to look more like a Gaussian. About 95% test accuracy on 20,000 images.
/// </summary>
public sealed class WeightHistograms : Lecture
{
    private const int Images = 20_000;
    private const double TestSize = 0.10;
    private const uint SplitSeed = 42;
    private const int BatchSize = 32;
    private const double LearningRate = 0.01;
    public const double WeightDecay = 0.01;
    private const double AdamLearningRate = 0.001;
    private const int Bins = 100;
    private static readonly (double Low, double High) Range = (-0.8, 0.8);

    public override string Name => "weight-histograms";

    public override string Title => "Distributions of weights before and after learning";

    public override int DefaultEpochs => 100;

    public override void Run(LectureRun run)
    {
        // 1. Data: the first 20,000 images, 0–1, a tenth of them for testing
        var images = run.LoadTrain().Take(Images);
        var (trainRows, testRows) = TrainTestSplit.Indices(images.Count, TestSize, SplitSeed);
        var trainSet = new TensorDataset(images.Select(trainRows), Normalization.Unit, run.Backend);
        var testSet = new TensorDataset(images.Select(testRows), Normalization.Unit, run.Backend);
        run.Report.Dataset = (images.Name, trainSet.Count, testSet.Count);

        // 2. Models. The lecture builds three networks one after the other; each draws its weights from the same generator.
        var generator = new Generator(run.Seed);
        var inspected = new MnistFfn(generator);
        run.Print("print(net)", inspected.ToString());
        run.Print("summary(net, (784,))", Summary.Of(inspected, 784));
        run.Print("print(net.input)", inspected.Input.ToString());
        run.Print("net.input.weight.shape", inspected.Input.Weight.Shape.ToString());
        run.Print("net.input.weight", inspected.Input.Weight.ToString());
        var initialInput = inspected.Input.Weight.ToArray();
        WeightHistogramsFigures.InitialInput(run, initialInput);
        WeightHistogramsFigures.AllInitial(run, Snapshot.Of(new MnistFfn(generator)));

        // 3. Training: 100 epochs of SGD, a histogram of all weights before each
        var net = new MnistFfn(generator);
        net.To(run.Backend);
        var initial = Snapshot.Of(net);
        byte[] generatorAtStart = generator.GetState();
        var recording = Train("sgd", net, new Sgd(net.Parameters(), LearningRate), generator);
        var final = Snapshot.Of(net);
        run.Result($"SGD: final train accuracy {recording.TrainAccuracies[^1]:0.00%}, final test accuracy {recording.TestAccuracies[^1]:0.00%}");

        // 4. Figures
        WeightHistogramsFigures.Evolution(run, recording);
        WeightHistogramsFigures.HeatMap(run, recording);
        WeightHistogramsFigures.Curves(run, recording);

        // 5. Further exploration: the same initial weights and shuffles, one thing changed
        var (adam, adamWeights) = Explore("adam", parameters => new Adam(parameters, AdamLearningRate));
        var (decay, decayWeights) = Explore("weight-decay", parameters => new Sgd(parameters, LearningRate, weightDecay: WeightDecay));
        WeightHistogramsFigures.Optimizers(run, recording, final, adam, adamWeights);
        WeightHistogramsFigures.Layers(run, LayerChange.Between(initial, final));
        WeightHistogramsFigures.WeightDecay(run, final, recording, decayWeights, decay);
        WeightHistogramsFigures.Biases(run, initial, final);

        // 6. What the lecture said, beside what was measured
        var claims = new WeightHistogramsClaims(run, initial, final, recording);
        claims.JudgeStart(initialInput);
        claims.JudgeTraining();
        claims.JudgeScript(scored: testSet.Count / BatchSize * BatchSize, testSet.Count);
        claims.JudgeExplorations(adam, decayWeights);

        Recording Train(string key, MnistFfn model, Optimizer optimizer, Generator random) => run.Train(
            new TrainingSetup(key, model, optimizer, (logProbabilities, labels) => logProbabilities.NllLoss(labels), random,
                new DataLoader(trainSet, BatchSize, shuffle: true, dropLast: true, random),
                new DataLoader(testSet, BatchSize, shuffle: false, dropLast: true, random)),
            run.Epochs, beforeEpoch: (_, record) => record.Add("weights", Counts(Snapshot.Of(model).Weights)));

        (Recording, Snapshot) Explore(string key, Func<IEnumerable<Tensor>, Optimizer> optimizer)
        {
            var random = new Generator(run.Seed);
            var model = new MnistFfn(random);
            model.LoadStateDict(initial.State);
            model.To(run.Backend);
            random.SetState(generatorAtStart);
            var result = Train(key, model, optimizer(model.Parameters()), random);
            run.Result($"{key}: final train accuracy {result.TrainAccuracies[^1]:0.00%}, final test accuracy {result.TestAccuracies[^1]:0.00%}");
            return (result, Snapshot.Of(model));
        }
    }

    /// <summary>784-64-32-10, log-softmax at the end, as the lecture's MNIST_FFN.</summary>
    internal sealed class MnistFfn : Module
    {
        private readonly Linear fc1, fc2;

        public MnistFfn(Generator generator)
        {
            Input = Register("input", new Linear(784, 64, generator));
            fc1 = Register("fc1", new Linear(64, 32, generator));
            fc2 = Register("fc2", new Linear(32, 10, generator));
        }

        public override string TypeName => "MNIST_FFN";

        public Linear Input { get; }

        protected override Tensor Compute(Tensor x)
        {
            x = Input.Forward(x).Relu();
            x = fc1.Forward(x).Relu();
            return fc2.Forward(x).LogSoftmax();
        }
    }

    /// <summary>get_weight_histogram: how many of these weights fall into each of the bins.</summary>
    internal static double[] Counts(float[] weights) => [.. Histogram.Of(weights, Bins, Range).Counts.Select(c => (double)c)];

    /// <summary>The middle of each bin.</summary>
    internal static double[] Centers { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, Bins, Range).Centers;

    /// <summary>The counts of all weights before each epoch.</summary>
    internal static IReadOnlyList<double[]> CountsOf(Recording recording) => recording.Of("weights");
}
