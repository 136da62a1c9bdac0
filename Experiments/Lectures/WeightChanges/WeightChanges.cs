using NativeNN.Data;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 003, "Learning-related changes in weights": how far each layer's weights move in an epoch (Frobenius distance) and how skewed
/// they are (condition number). When learning is fastest, weights are said to move most; over time the moves shrink, and condition numbers
/// drift upward in hidden layers.
/// </summary>
public sealed class WeightChanges : Lecture
{
    private const int MeasuredImages = 2_000; // of the test set, for pruning

    public override Recipe Recipe { get; } = new()
    {
        Document = "003",
        Name = "weight-changes",
        Data = new() { Normalization = Normalization.Mnist },
        Network = new() { Widths = [784, 64, 32, 16, 10], Names = ("MNISTNet", ["fc1", "fc2", "fc3", "out"]) },
        BatchSize = 64,
        Loss = LossFunction.CrossEntropy,
        Optimizer = new(OptimizerKind.Sgd, LearningRate: 0.005),
        Epochs = 50,
        Evaluation = new(BatchSize: 64),
    };

    public override string Title => "How weights change while learning";

    public override string Question =>
        "How far does each layer move from epoch to epoch, and does that tell when learning happens?";

    public override string Cover => "accuracy-and-weight-changes";

    public override int QuickEpochs => 4; // fewer leave no correlation to compute

    public override void Run(LectureRun run)
    {
        // 1. Data: all of MNIST, standardised
        var data = run.Load(run.Recipe);
        var recipe = run.Recipe.For(data);
        run.Report.Dataset = (data.Images.Name, data.Train.Count, data.Test.Count);

        // 2. Model
        var generator = run.NewGenerator();
        var net = recipe.NewNetwork(generator);
        run.Print("print(net)", net.ToString());
        var initial = Snapshot.Of(net);

        // 3. Training, slow on purpose; the weights of every layer at both ends of each epoch
        var tracker = new WeightTracker(net);
        var recording = run.Train(run.MainKey, new TrainingLoop(recipe, net, data, generator),
            beforeEpoch: tracker.EpochStarts,
            afterEpoch: (epoch, record, losses) =>
            {
                tracker.EpochEnds(epoch, record, losses);
                WeightChangesFigures.Charts(run, record);
            });
        WeightChangesFigures.Charts(run, recording);
        run.Result($"final train accuracy {recording.TrainAccuracies[^1]:0.00%}, final test accuracy {recording.TestAccuracies[^1]:0.00%}");

        // 4. Figures
        var final = Snapshot.Of(net);
        var dynamics = Dynamics.Of(recording);
        WeightChangesFigures.AccuracyAndChanges(run, recording);
        WeightChangesFigures.Conditions(run, recording);
        WeightChangesFigures.LearningDynamics(run, dynamics);
        WeightChangesFigures.Spectra(run, initial, final);
        WeightChangesFigures.RelativeChanges(run, recording);

        // What the metrics are good for: unused directions, and weights to prune
        var added = Spectrum.OfChange(initial, final);
        var measured = data.Test.Select([.. Enumerable.Range(0, Math.Min(MeasuredImages, data.Test.Count))]);
        var saturation = Saturation.Of(net, measured);
        var pruning = Pruning.Measure(net, final, measured, run.NewGenerator());
        WeightChangesFigures.Directions(run, Spectrum.Of(final), added);
        WeightChangesFigures.Pruned(run, pruning);
        TestAnswers.Of(net, data).Draw(run, recipe.Optimizer.Name);

        // 5. What the lecture said, beside what was measured
        new WeightChangesClaims(run, initial, final, recording, dynamics).Judge();
        new WeightChangesUses(run, recording, final, added, saturation, pruning)
            .Judge(stepsOfDecay: recipe.Optimizer.LearningRate * ((data.Train.Count + recipe.BatchSize - 1) / recipe.BatchSize));
    }
}
