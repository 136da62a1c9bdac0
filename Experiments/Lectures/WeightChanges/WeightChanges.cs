using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 003, "Learning-related changes in weights": how far each layer's weights move in an epoch (Frobenius distance) and how skewed
/// they are (condition number). When learning is fastest, weights are said to move most; over time the moves shrink, and condition numbers
/// drift upward in hidden layers.
/// </summary>
public sealed class WeightChanges : Lecture
{
    private const int BatchSize = 64;
    private const double LearningRate = 0.005;

    /// <summary>The weight-carrying layers, as the lecture's legends name them.</summary>
    internal static readonly string[] LayerNames = ["fc1", "fc2", "fc3", "out"];

    public override string Name => "weight-changes";

    public override string Title => "How weights change while learning";

    public override int DefaultEpochs => 50;

    public override int QuickEpochs => 4; // fewer leave no correlation to compute

    public override void Run(LectureRun run)
    {
        // 1. Data: all of MNIST, standardised
        var (trainImages, testImages) = (run.LoadTrain(), run.LoadTest());
        var trainSet = new TensorDataset(trainImages, Normalization.Mnist, run.Backend);
        var testSet = new TensorDataset(testImages, Normalization.Mnist, run.Backend);
        run.Report.Dataset = (trainImages.Name, trainSet.Count, testSet.Count);

        // 2. Model
        var generator = new Generator(run.Seed);
        var net = new MnistNet(generator);
        net.To(run.Backend);
        run.Print("print(net)", net.ToString());
        var initial = Snapshot.Of(net);

        // 3. Training, slow on purpose; the weights of every layer at both ends of each epoch
        var tracker = new WeightTracker(net);
        var recording = run.Train(
            new TrainingSetup("sgd", net, new Sgd(net.Parameters(), LearningRate), (logits, labels) => logits.CrossEntropy(labels), generator,
                new DataLoader(trainSet, BatchSize, shuffle: true, dropLast: false, generator),
                new DataLoader(testSet, BatchSize, shuffle: false, dropLast: false, generator)),
            run.Epochs, beforeEpoch: tracker.EpochStarts, afterEpoch: tracker.EpochEnds);
        run.Result($"final train accuracy {recording.TrainAccuracies[^1]:0.00%}, final test accuracy {recording.TestAccuracies[^1]:0.00%}");

        // 4. Figures
        var final = Snapshot.Of(net);
        var dynamics = Dynamics.Of(recording);
        WeightChangesFigures.AccuracyAndChanges(run, recording);
        WeightChangesFigures.Conditions(run, recording);
        WeightChangesFigures.LearningDynamics(run, dynamics);
        WeightChangesFigures.Spectra(run, initial, final);
        WeightChangesFigures.RelativeChanges(run, recording);

        // 5. What the lecture said, beside what was measured
        new WeightChangesClaims(run, initial, final, recording, dynamics).Judge();
    }

    /// <summary>784-64-32-16-10 with ReLU between, raw logits at the end.</summary>
    internal sealed class MnistNet : Module
    {
        private readonly Linear fc1, fc2, fc3, output;

        public MnistNet(Generator generator)
        {
            fc1 = Register("fc1", new Linear(784, 64, generator));
            fc2 = Register("fc2", new Linear(64, 32, generator));
            fc3 = Register("fc3", new Linear(32, 16, generator));
            output = Register("out", new Linear(16, 10, generator));
        }

        public override string TypeName => "MNISTNet";

        protected override Tensor Compute(Tensor x)
        {
            x = fc1.Forward(x).Relu();
            x = fc2.Forward(x).Relu();
            x = fc3.Forward(x).Relu();
            return output.Forward(x);
        }
    }
}
