using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using Trained = NativeNN.Experiments.Lectures.WeightDistributions.Trained;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 001, drawn from what the trainings recorded.</summary>
internal static class WeightDistributionsFigures
{
    private const double Golden = 1.618033988749895;
    private static readonly string[] LayerTitles =
        ["Input layer (784→64)", "Hidden layer 1 (64→32)", "Hidden layer 2 (32→32)", "Output layer (32→10)"];

    private static double[] AllCenters { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, WeightDistributions.AllEdges).Centers;

    private static double[] LayerCenters { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, WeightDistributions.LayerEdges).Centers;

    /// <summary>The document's figure 29, and its trial of the histogram function.</summary>
    public static void Initial(LectureRun run, Snapshot first)
    {
        var histogram = Histogram.Of(first.ByName[0].Values, bins: 40);
        var figure = new Figure();
        figure.Axes.Bars(histogram.Edges, histogram.Counts);
        Label(figure.Axes, "Distribution of initialized input layer weights", "Weight value", "Count");
        run.Save("figure29-initial-input-weights", "Initial weights of the input layer, 40 bins (figure 29)", figure);

        figure = new Figure();
        figure.Axes.Plot(AllCenters, Histogram.Of(first.All, WeightDistributions.AllEdges).Density());
        Label(figure.Axes, "All parameters before training", "Weight value", "Density");
        run.Save("initial-all-parameters", "The histogram function tried on the untrained model: all weights and biases, 100 bins in −0.3…0.3", figure);
    }

    /// <summary>Figure 33.</summary>
    public static void Curves(LectureRun run, Recording recording)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 1.5 * 6 * Golden, height: 6);
        figure[0, 0].Plot(Values(recording.TrainLosses));
        figure[0, 0].YLimits = (0, 3);
        Label(figure[0, 0], "Model loss", "Epochs", "Loss");
        figure[0, 1].Plot(Percent(recording.TrainAccuracies), label: "Train accuracy").Plot(Percent(recording.TestAccuracies), label: "Test accuracy").Legend();
        figure[0, 1].YLimits = (10, 100);
        Label(figure[0, 1], $"Final model test accuracy: {100 * recording.TestAccuracies[^1]:F2}%", "Epochs", "Accuracy (%)");
        run.Save("figure33-loss-and-accuracy", "Loss, and accuracy in training (with dropout) and testing (without) (figure 33)", figure);
    }

    /// <summary>Figure 34: the densities as curves, and as Sauron's eye.</summary>
    public static void Evolution(LectureRun run, Recording recording)
    {
        var densities = recording.Of("all");
        var figure = new Figure(rows: 1, columns: 2, width: 1.5 * 6 * Golden, height: 6);
        var image = new double[densities.Count, AllCenters.Length];
        for (int epoch = 0; epoch < densities.Count; epoch++)
        {
            figure[0, 0].Plot(AllCenters, densities[epoch], color: Colormap.Plasma.Sample(epoch, densities.Count, from: 0.2, to: 0.9));
            for (int bin = 0; bin < AllCenters.Length; bin++)
                image[epoch, bin] = densities[epoch][bin];
        }
        Label(figure[0, 0], "Histograms of weights\n(brighter is later in training)", "Weight value", "Density");
        figure[0, 1].Image(image, extent: (AllCenters[0], AllCenters[^1], 0, Math.Max(1, densities.Count - 1)), Colormap.Hot, vmin: 0, vmax: 3)
            .ColorBar(label: "Density");
        Label(figure[0, 1], "Image of weight histograms\n(note the similarity with Sauron's eye)", "Weight value", "Training epoch");
        run.Save("figure34-saurons-eye", "All parameters before each epoch, as curves and as an image (figure 34); white is a density of 3 or more", figure);
    }

    /// <summary>Figure 35: the weights of each layer, epoch by epoch.</summary>
    public static void Layers(LectureRun run, Trained trained)
    {
        var figure = new Figure(rows: 2, columns: 2, width: 8 * Golden, height: 8) { Title = "Weight histograms per layer over epochs\n(brighter is later in training)" };
        int at = 0;
        foreach (var (name, _) in WeightDistributions.LayersOf(trained.Initial))
        {
            var densities = trained.Recording.Of(name);
            var axes = figure[at / 2, at % 2];
            for (int epoch = 0; epoch < densities.Count; epoch++)
                axes.Plot(LayerCenters, densities[epoch], color: Colormap.Plasma.Sample(epoch, densities.Count, from: 0.2, to: 0.9), width: 1);
            axes.Grid = true;
            Label(axes, LayerTitles[at++], "Weight value", "Density");
        }
        run.Save("figure35-layers", "Exercise 1: the weights of each layer before each epoch, without dropout (figure 35)", figure);
    }

    /// <summary>Exercise 2: losses of the first steps, accuracies, and what the input layer's weights became.</summary>
    public static void RawPixels(LectureRun run, Trained unit, Trained raw, Trained slow)
    {
        var series = new[] { (unit, $"pixels 0–1, learning rate {unit.LearningRate}"), (raw, $"pixels 0–255, {raw.LearningRate}"), (slow, $"pixels 0–255, {slow.LearningRate}") };
        var figure = new Figure(rows: 2, columns: 2, width: 8 * Golden, height: 8) { Title = "Exercise 2: without data normalisation" };
        foreach (var (trained, label) in series)
        {
            figure[0, 0].Plot(trained.Recording.Of("first-losses")[0], label: label);
            figure[0, 1].Plot(Percent(trained.Recording.TestAccuracies), label: label);
        }
        figure[0, 0].YScale = AxisScale.Log;
        int bar = 0;
        foreach (var (trained, label) in series.Prepend((unit with { Final = unit.Initial }, "before training")))
        {
            double[] spreads = [.. WeightDistributions.LayersOf(trained.Final).Select(layer => Statistics.Std(layer.Values))];
            double[] places = [.. spreads.Select((_, layer) => layer + 0.2 * (bar - 1.5))];
            figure[1, 0].Bar(places, spreads, width: 0.2, label: label, color: bar++ == 0 ? Color.Black : (Color?)null);
            var values = trained.Final.ByName[0].Values.Where(float.IsFinite).ToArray();
            var histogram = Histogram.Of(values, bins: 80, (-0.15, 0.15));
            figure[1, 1].Steps(histogram.Edges, histogram.Density(), label: label, color: label == "before training" ? Color.Black : (Color?)null);
        }
        Label(figure[0, 0], "Loss of the first steps", "Step", "Loss (log)");
        Label(figure[0, 1], "Test accuracy", "Epochs", "Accuracy (%)");
        figure[1, 0].XTicks([0, 1, 2, 3], ["input", "fc1", "fc2", "output"]);
        Label(figure[1, 0], "Spread of each layer's weights after training", "Layer", "Standard deviation");
        Label(figure[1, 1], "Input layer's weights", "Weight value", "Density");
        foreach (var axes in new[] { figure[0, 0], figure[0, 1], figure[1, 0], figure[1, 1] })
            axes.Legend(size: 8);
        run.Save("exercise2-raw-pixels", "The same training on pixels from 0 to 255, with the same and with a smaller learning rate", figure);
    }

    /// <summary>Exercise 3: the learned weights of each layer and the accuracies, for each dropout rate.</summary>
    public static void DropRates(LectureRun run, (string Rate, Trained Trained)[] runs)
    {
        var figure = new Figure(rows: 2, columns: 3, width: 15, height: 8) { Title = "Exercise 3: dropout and the learned weights" };
        int layers = WeightDistributions.LayersOf(runs[0].Trained.Final).Count;
        for (int layer = 0; layer < layers; layer++)
        {
            var axes = figure[layer / 2, layer % 2];
            double limit = runs.Max(r => WeightDistributions.LayersOf(r.Trained.Final)[layer].Values.Max(MathF.Abs));
            limit = double.IsFinite(limit) ? Math.Min(limit, 3 * runs.Max(r => Statistics.Std(WeightDistributions.LayersOf(r.Trained.Final)[layer].Values))) : 0.7;
            var before = Histogram.Of(WeightDistributions.LayersOf(runs[0].Trained.Initial)[layer].Values, bins: 40, (-limit, limit));
            axes.Steps(before.Edges, before.Density(), color: "grey", label: "before training");
            foreach (var (rate, trained) in runs)
            {
                var histogram = Histogram.Of(WeightDistributions.LayersOf(trained.Final)[layer].Values, bins: 40, (-limit, limit));
                axes.Steps(histogram.Edges, histogram.Density(), label: $"dropout {rate}");
            }
            axes.Legend(size: 8);
            Label(axes, LayerTitles[layer], "Weight value", "Density");
        }
        foreach (var (rate, trained) in runs)
        {
            figure[0, 2].Plot(Percent(trained.Recording.TestAccuracies), label: $"dropout {rate}");
            figure[1, 2].Plot(Percent(trained.Recording.TrainAccuracies), label: $"dropout {rate}");
        }
        figure[0, 2].Legend(LegendLocation.LowerRight);
        figure[1, 2].Legend(LegendLocation.LowerRight);
        Label(figure[0, 2], "Test accuracy (no dropout when testing)", "Epochs", "Accuracy (%)");
        Label(figure[1, 2], "Train accuracy (dropout on)", "Epochs", "Accuracy (%)");
        run.Save("exercise3-dropout", "Learned weights of each layer and accuracies with dropout 0, 0.25 and 0.5, from the same initial weights", figure);
    }

    private static double[] Values(IEnumerable<double> values) => [.. values];

    private static double[] Percent(IEnumerable<double> shares) => [.. shares.Select(v => 100 * v)];

    private static void Label(Axes axes, string title, string x, string y) => (axes.Title, axes.XLabel, axes.YLabel) = (title, x, y);
}
