using System.Diagnostics;
using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Layers;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 003, "Learning-related changes in weights": how far each layer's weights move in an epoch (Frobenius distance) and how skewed
/// they are (condition number). When learning is fastest, weights are said to move most; over time the moves shrink, and condition numbers
/// drift upward in hidden layers.
/// </summary>
public sealed class WeightChanges : Lecture
{
    private const float NearZero = 0.01f;

    /// <summary>The weight-carrying layers, as the lecture's legends name them.</summary>
    internal static readonly string[] LayerNames = ["fc1", "fc2", "fc3", "out"];

    public override Recipe Recipe { get; } = new()
    {
        Document = "003",
        Name = "weight-changes",
        Data = new() { Normalization = Normalization.Mnist },
        Network = new() { Widths = [784, 64, 32, 16, 10], Names = ("MNISTNet", LayerNames) },
        BatchSize = 64,
        Loss = LossFunction.CrossEntropy,
        Optimizer = new(OptimizerKind.Sgd, LearningRate: 0.005),
        Epochs = 50,
        Evaluation = new(BatchSize: 64),
    };

    public override string Title => "How weights change while learning";

    public override int QuickEpochs => 4; // fewer leave no correlation to compute

    public override void Run(LectureRun run)
    {
        // 1. Data: all of MNIST, standardised
        var data = run.Load(Recipe);
        run.Report.Dataset = (data.Images.Name, data.Train.Count, data.Test.Count);

        // 2. Model
        var generator = run.NewGenerator();
        var net = Recipe.NewNetwork(generator);
        run.Print("print(net)", net.ToString());
        var initial = Snapshot.Of(net);

        // 3. Training, slow on purpose; the weights of every layer at both ends of each epoch
        var tracker = new WeightTracker(net);
        var recording = run.Train("sgd", new TrainingLoop(Recipe, net, data, generator),
            beforeEpoch: tracker.EpochStarts, afterEpoch: tracker.EpochEnds);
        run.Result($"final train accuracy {recording.TrainAccuracies[^1]:0.00%}, final test accuracy {recording.TestAccuracies[^1]:0.00%}");

        // 4. Figures
        var final = Snapshot.Of(net);
        var dynamics = Dynamics.Of(recording);
        DrawAccuracyAndChanges(run, recording);
        DrawConditions(run, recording);
        DrawDynamics(run, dynamics);
        DrawSpectra(run, initial, final);
        DrawRelativeChanges(run, recording);

        // 5. What the lecture said, beside what was measured
        WeightChangesClaims.Judge(run, initial, final, recording, dynamics);
    }

    /// <summary>Measures every layer's weight matrix W(t) at the end of an epoch t against W(t−1), its copy from the epoch's start.</summary>
    private sealed class WeightTracker(Module net)
    {
        private float[][] atStart = [];
        private float[][]? atLastEnd;

        public void EpochStarts(int epoch, Recording record)
        {
            atStart = Matrices();
            // ‖W(start of t) − W(end of t−1)‖: whether 'within an epoch' and 'from epoch to epoch' differ
            record.Add("between", [.. atStart.Zip(atLastEnd ?? atStart, (now, before) => MatrixNorms.FrobeniusDistance(now, before))]);
        }

        public void EpochEnds(int epoch, Recording record, float[] losses)
        {
            atLastEnd = Matrices();
            record.Add("distance", [.. atLastEnd.Zip(atStart, (now, before) => MatrixNorms.FrobeniusDistance(now, before))]);
            record.Add("norm", [.. atLastEnd.Select(w => MatrixNorms.Frobenius(w))]);
            record.Add("near-zero", [.. atLastEnd.Select(w => w.Count(v => MathF.Abs(v) < NearZero) / (double)w.Length)]);
            record.Add("sparsity", [.. atLastEnd.Select(Sparsity)]);
            var watch = Stopwatch.StartNew();
            record.Add("condition", [.. Weights(net).Select(w => Condition(w.ToArray(), w.Rows, w.Columns))]);
            record.Add("condition-seconds", watch.Elapsed.TotalSeconds);
        }

        private float[][] Matrices() => [.. Weights(net).Select(w => w.ToArray())];
    }

    /// <summary>κ = σ_max/σ_min; NaN for weights that are no longer finite.</summary>
    private static double Condition(float[] weights, int rows, int columns) =>
        Array.TrueForAll(weights, float.IsFinite) ? MatrixNorms.ConditionNumber(weights, rows, columns) : double.NaN;

    /// <summary>Hoyer's sparsity (√n − ‖w‖₁/‖w‖₂)/(√n − 1): 0 if all |w| are equal, 1 if only one is not zero.</summary>
    internal static double Sparsity(float[] weights)
    {
        double root = Math.Sqrt(weights.Length);
        return (root - weights.Sum(w => (double)MathF.Abs(w)) / MatrixNorms.Frobenius(weights)) / (root - 1);
    }

    internal static IEnumerable<Tensor> Weights(Module net) =>
        net.NamedParameters().Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).Select(p => p.Parameter);

    /// <summary>The singular values of layer i, largest first; none if its weights are no longer finite.</summary>
    internal static double[] Spectrum(Snapshot weights, int i)
    {
        var matrix = weights.State[$"{LayerNames[i]}.weight"];
        float[] values = matrix.ToArray();
        return Array.TrueForAll(values, float.IsFinite) ? MatrixNorms.SingularValues(values, matrix.Rows, matrix.Columns) : [];
    }

    /// <summary>How fast it learns beside how far the weights move, both z-scored over epochs 2, 3, …, as the lecture aligns them.</summary>
    internal sealed record Dynamics(double[] Gain, double[] Change, double[] GainZ, double[] ChangeZ, double Correlation)
    {
        public static Dynamics Of(Recording recording)
        {
            double[] gain = Statistics.Diff([.. recording.TrainAccuracies]);
            double[] change = [.. recording.Of("distance").Skip(1).Select(d => Statistics.Mean(d))];
            return new Dynamics(gain, change, Statistics.ZScore(gain), Statistics.ZScore(change), Statistics.Correlation(gain, change));
        }
    }

    // ---- figures, in the lecture's order ----------------------------------------------------------------------------------------

    private static void DrawAccuracyAndChanges(LectureRun run, Recording recording)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5);
        figure[0, 0].Plot(Epochs(recording), recording.TrainAccuracies.ToArray(), label: "Train Acc");
        figure[0, 0].Plot(Epochs(recording), recording.TestAccuracies.ToArray(), label: "Test Acc").Legend();
        Label(figure[0, 0], "Training and Test Accuracy", "Epoch", "Accuracy");
        PlotLayers(figure[0, 1], recording, "distance");
        Label(figure[0, 1], "Weight Changes over Epochs", "Epoch", "Euclidean Dist from Start of Epoch");
        run.Save("accuracy-and-weight-changes", "Accuracy, and how far each layer's weights moved in each epoch", figure);
    }

    private static void DrawConditions(LectureRun run, Recording recording)
    {
        var figure = new Figure(width: 8, height: 5);
        PlotLayers(figure.Axes, recording, "condition", LegendLocation.OutsideRight);
        Label(figure.Axes, "Condition Number per Layer over Training", "Epoch", "Condition Number");
        run.Save("condition-numbers", "Largest over smallest singular value of each layer's weights, at the end of each epoch", figure);
    }

    private static void DrawDynamics(LectureRun run, Dynamics dynamics)
    {
        double[] epochs = [.. Enumerable.Range(2, dynamics.Gain.Length).Select(e => (double)e)];
        var figure = new Figure(width: 8, height: 5);
        figure.Axes.Plot(epochs, dynamics.GainZ, label: "Z-scored derivative of Train Acc");
        figure.Axes.Plot(epochs, dynamics.ChangeZ, label: "Z-scored Weight Change").Legend();
        Label(figure.Axes, $"Comparing Learning Dynamics to Weight Update Magnitude (correlation {dynamics.Correlation:F2})", "Epoch", "Z-score");
        run.Save("learning-dynamics", "Is the change of weights largest when learning is fastest?", figure);
    }

    private static void DrawSpectra(LectureRun run, Snapshot initial, Snapshot final)
    {
        var figure = new Figure(rows: 1, columns: LayerNames.Length, width: 16, height: 4.5) { Title = "Singular values: what a condition number hides" };
        for (int i = 0; i < LayerNames.Length; i++)
        {
            foreach (var (snapshot, label) in new[] { (initial, "before training"), (final, "after training") })
            {
                double[] values = Spectrum(snapshot, i);
                figure[0, i].Plot(Enumerable.Range(1, values.Length).ToArray(), values, label: label, marker: Marker.Circle, markerSize: 3);
            }
            figure[0, i].YScale = AxisScale.Log;
            figure[0, i].Legend();
            Label(figure[0, i], LayerNames[i], "Rank", i == 0 ? "Singular Value (log)" : "");
        }
        run.Save("singular-values", "All singular values of each layer's weights before and after training; κ is first over last", figure);
    }

    private static void DrawRelativeChanges(LectureRun run, Recording recording)
    {
        var figure = new Figure(width: 8, height: 5);
        for (int i = 0; i < LayerNames.Length; i++)
        {
            double[] relative = [.. recording.Of("distance").Zip(recording.Of("norm"), (d, n) => 100 * d[i] / n[i])];
            figure.Axes.Plot(Epochs(recording), relative, label: LayerNames[i]);
        }
        figure.Axes.YScale = AxisScale.Log;
        figure.Axes.Legend();
        Label(figure.Axes, "Weight Changes Relative to the Layer's Size", "Epoch", "Distance / Frobenius norm (%, log)");
        run.Save("relative-weight-changes", "The same distances as a share of the layer's own Frobenius norm", figure);
    }

    private static void PlotLayers(Axes axes, Recording recording, string series, LegendLocation legend = LegendLocation.Best)
    {
        for (int i = 0; i < LayerNames.Length; i++)
            axes.Plot(Epochs(recording), recording.Of(series).Select(v => v[i]).ToArray(), label: LayerNames[i]);
        axes.Legend(legend);
    }

    private static double[] Epochs(Recording recording) => [.. recording.Epochs.Select(e => (double)e.Epoch)];

    private static void Label(Axes axes, string title, string x, string y) => (axes.Title, axes.XLabel, axes.YLabel) = (title, x, y);
}
