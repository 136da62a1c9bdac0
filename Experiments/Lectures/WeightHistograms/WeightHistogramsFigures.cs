using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 000, then those of its further explorations.</summary>
internal static class WeightHistogramsFigures
{
    public static void InitialInput(LectureRun run, float[] weights)
    {
        var histogram = Histogram.Of(weights, bins: 40);
        var figure = new Figure();
        figure.Axes.Bars(histogram.Edges, histogram.Counts, color: "steelblue", alpha: 0.7)
            .Label("Histogram of Initial Input Layer Weights", "Weight Value", "Count");
        run.Save("initial-input-weights", "Initial weights of the input layer, 40 bins", figure);
    }

    public static void AllInitial(LectureRun run, Snapshot initial)
    {
        var figure = new Figure();
        figure.Axes.Bar(WeightHistograms.Centers, WeightHistograms.Counts(initial.Weights), width: 0.015, color: "steelblue")
            .Label("All Weights Histogram (Initial)", "Weight Value", "Count");
        run.Save("initial-all-weights", "Initial weights of all layers, 100 bins in −0.8…0.8", figure);
    }

    public static void Evolution(LectureRun run, Recording recording)
    {
        var histograms = WeightHistograms.CountsOf(recording);
        var figure = new Figure(width: 10, height: 6);
        figure.Axes.PlotEpochs(WeightHistograms.Centers, histograms, Colormap.Coolwarm, alpha: 0.5)
            .ColorBar(Colormap.Coolwarm, 0, Math.Max(1, histograms.Count - 1), label: "Epoch")
            .Label("Evolution of Weight Distributions Over Training", "Weight Value", "Count");
        run.Save("evolution", "All weights before each epoch: blue is early, red is late", figure);
    }

    /// <summary>The histograms under a slider, on the page: of all weights, and of each layer's.</summary>
    public static void Player(LectureRun run, Recording recording, Snapshot now) =>
        run.Show(LectureCharts.Histograms("histograms", "Weights from epoch to epoch",
            "How many weights fall into each of 100 bins in −0.8…0.8; dashed: before training.", "Count", WeightHistograms.Centers,
            [
                ("all weights", [.. WeightHistograms.CountsOf(recording), WeightHistograms.Counts(now.Weights)]),
                .. LayerMatrix.Of(now).Select(layer => (layer.Name,
                    (IReadOnlyList<double[]>)[.. recording.Of(layer.Name), WeightHistograms.Counts(layer.Values)])),
            ]));

    public static void HeatMap(LectureRun run, Recording recording)
    {
        var histograms = WeightHistograms.CountsOf(recording);
        double[] centers = WeightHistograms.Centers;
        var figure = new Figure(width: 8, height: 6);
        figure.Axes.Image(LectureFigures.Transposed(LectureFigures.Matrix(histograms)), // a column for each epoch
                extent: (0, histograms.Count, centers[0], centers[^1]), Colormap.Hot)
            .ColorBar(label: "Count")
            .Label("2D Visualization of Weight Histograms", "Epoch", "Weight Value");
        run.Save("heat-map", "How many weights fall into each bin, epoch by epoch", figure);
    }

    public static void Curves(LectureRun run, Recording recording)
    {
        double[] epochs = recording.EpochNumbers();
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5);
        figure[0, 0].Plot(epochs, recording.TrainAccuracies.Percent(), label: "Train accuracy")
            .Plot(epochs, recording.TestAccuracies.Percent(), label: "Test accuracy")
            .Legend()
            .Label("Accuracy", "Epoch", "Accuracy (%)");
        figure[0, 1].Plot(epochs, recording.TrainLosses.ToArray(), label: "Train loss").Label($"Loss ({LossName(run)})", "Epoch", "Loss");
        figure[0, 0].Grid = figure[0, 1].Grid = true;
        run.Save("accuracy-and-loss", "Accuracy and loss over the epochs", figure);
    }

    public static void Optimizers(LectureRun run, Recording sgd, Snapshot sgdWeights, Recording adam, Snapshot adamWeights)
    {
        string name = run.Recipe.Optimizer.Name, plain = $"{name} {run.Recipe.Optimizer.LearningRate}";
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5)
        {
            Title = $"Adam against {name}, from the same initial weights",
        };
        figure[0, 0].Plot(sgd.EpochNumbers(), sgd.TestAccuracies.Percent(), label: plain)
            .Plot(adam.EpochNumbers(), adam.TestAccuracies.Percent(), label: "Adam 0.001")
            .Legend()
            .Label("Test accuracy", "Epoch", "Accuracy (%)");
        double[] centers = WeightHistograms.Centers;
        figure[0, 1].Plot(centers, WeightHistograms.CountsOf(sgd)[0], color: LectureFigures.BeforeColor, label: LectureFigures.Before)
            .Plot(centers, WeightHistograms.Counts(sgdWeights.Weights), label: plain)
            .Plot(centers, WeightHistograms.Counts(adamWeights.Weights), label: "Adam 0.001")
            .Legend()
            .Label("All weights after training", "Weight Value", "Count");
        run.Save("adam-against-sgd", $"Test accuracy and learned weights with Adam and with {name}", figure);
        run.Result(
            $"Adam against {name}: 90% test accuracy after {Epochs(adam)} against {Epochs(sgd)} epochs; standard deviation of the weights "
            + $"{Statistics.Std(adamWeights.Weights):F4} against {Statistics.Std(sgdWeights.Weights):F4}");
    }

    public static void Layers(LectureRun run, IReadOnlyList<LayerChange> layers)
    {
        var figure = new Figure(rows: 1, columns: layers.Count, width: 15, height: 4.5) { Title = "Weights by layer" };
        for (int i = 0; i < layers.Count; i++)
        {
            var (before, after) = (layers[i].Before, layers[i].After);
            double limit = layers[i].Largest;
            figure[0, i].Density(before.Values, bins: 50, (-limit, limit), LectureFigures.Before, LectureFigures.BeforeColor)
                .Density(after.Values, bins: 50, (-limit, limit), "after training")
                .Legend()
                .Label(after.Name, "Weight Value", "Density");
            run.Result(
                $"{after.Name}: standard deviation {before.Std:F4} → {after.Std:F4}, largest |w| {before.Largest:F3} → {after.Largest:F3}");
        }
        run.Save("layers", "Weights of each layer before and after training", figure);
    }

    public static void WeightDecay(LectureRun run, Snapshot plain, Recording plainRecord, Snapshot decayed, Recording decayRecord)
    {
        var figure = new Figure();
        double[] centers = WeightHistograms.Centers;
        string name = run.Recipe.Optimizer.Name;
        figure.Axes.Plot(centers, Clamped(plain), label: name)
            .Plot(centers, Clamped(decayed), label: $"{name}, weight decay {WeightHistograms.WeightDecay}")
            .Legend()
            .Label("Weight decay trims the tails", "Weight Value", "Count (log)");
        figure.Axes.YScale = AxisScale.Log;
        run.Save("weight-decay", "All weights after training with and without weight decay; empty bins at 0.5", figure);
        run.Result(
            $"weight decay {WeightHistograms.WeightDecay}: largest |w| {decayed.Weights.Max(MathF.Abs):F3} against "
            + $"{plain.Weights.Max(MathF.Abs):F3}, standard deviation {Statistics.Std(decayed.Weights):F4} against "
            + $"{Statistics.Std(plain.Weights):F4}, test accuracy {decayRecord.TestAccuracies[^1]:0.00%} against "
            + $"{plainRecord.TestAccuracies[^1]:0.00%}");

        static double[] Clamped(Snapshot snapshot) =>
            [.. WeightHistograms.Counts(snapshot.Weights).Select(count => Math.Max(count, LectureFigures.EmptyBin))];
    }

    public static void Biases(LectureRun run, Snapshot initial, Snapshot final)
    {
        var figure = new Figure();
        double limit = initial.Biases.Concat(final.Biases).Max(MathF.Abs);
        Bars(initial.Biases, LectureFigures.Before, LectureFigures.BeforeColor);
        Bars(final.Biases, "after training", color: null);
        figure.Axes.Legend().Label("Biases of all layers", "Bias Value", "Count");
        run.Save("biases", "Biases before and after training", figure);
        run.Result(
            $"biases: mean {Mean(initial)} → {Mean(final)}, standard deviation "
            + $"{Statistics.Std(initial.Biases):F4} → {Statistics.Std(final.Biases):F4}, largest |b| {final.Biases.Max(MathF.Abs):F3}");

        static string Mean(Snapshot snapshot) => Notation.Fixed(Statistics.Mean(snapshot.Biases), 4);

        void Bars(float[] biases, string label, Color? color)
        {
            var histogram = Histogram.Of(biases, bins: 30, (-limit, limit));
            figure.Axes.Bars(histogram.Edges, histogram.Counts, color, alpha: 0.6, label: label);
        }
    }

    public static void BatchNorm(LectureRun run, Snapshot initial, Recording plain, Snapshot plainWeights, Recording normalized,
        Snapshot normalizedWeights)
    {
        string plainName = run.Recipe.Optimizer.Name, normalizedName = $"{plainName}, batch normalisation";
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5) { Title = "Batch normalisation, from the same initial weights" };
        figure[0, 0].Plot(plain.EpochNumbers(), plain.TestAccuracies.Percent(), label: plainName)
            .Plot(normalized.EpochNumbers(), normalized.TestAccuracies.Percent(), label: normalizedName)
            .Legend()
            .Label("Test accuracy", "Epoch", "Accuracy (%)");
        double[] centers = WeightHistograms.Centers;
        figure[0, 1].Plot(centers, WeightHistograms.Counts(initial.Weights), LectureFigures.BeforeColor, label: LectureFigures.Before)
            .Plot(centers, WeightHistograms.Counts(plainWeights.Weights), label: plainName)
            .Plot(centers, WeightHistograms.Counts(normalizedWeights.Weights), label: normalizedName)
            .Legend()
            .Label("All weights after training", "Weight Value", "Count");
        run.Save("batch-norm", "Test accuracy and learned weights with and without batch normalisation", figure);
        run.Result(
            $"batch normalisation: 90% test accuracy after {Epochs(normalized)} against {Epochs(plain)} epochs; test accuracy in the end "
            + $"{normalized.TestAccuracies[^1]:0.00%} against {plain.TestAccuracies[^1]:0.00%}, train accuracy "
            + $"{normalized.TrainAccuracies[^1]:0.00%} against {plain.TrainAccuracies[^1]:0.00%}; standard deviation of the weights "
            + $"{Statistics.Std(normalizedWeights.Weights):F4} against {Statistics.Std(plainWeights.Weights):F4}");
    }

    private static string LossName(LectureRun run) => run.Recipe.Loss == LossFunction.NegativeLogLikelihood ? "NLL" : run.Recipe.Loss.Name;

    private static string Epochs(Recording recording) => recording.FirstEpochWith(testAccuracy: 0.9)?.ToString() ?? "no";
}
