using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;
using Trained = NativeNN.Experiments.Lectures.WeightDistributions.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 001, drawn from what the trainings recorded.</summary>
internal static class WeightDistributionsFigures
{
    private const double Golden = 1.618033988749895;

    /// <summary>The document's figure 29, and its trial of the histogram function.</summary>
    public static void Initial(LectureRun run, Snapshot first)
    {
        var histogram = Histogram.Of(LayerMatrix.Of(first)[0].Values, bins: 40);
        var figure = new Figure();
        figure.Axes.Bars(histogram.Edges, histogram.Counts)
            .Label("Distribution of initialized input layer weights", "Weight value", "Count");
        run.Save("figure29-initial-input-weights", "Initial weights of the input layer, 40 bins (figure 29)", figure);

        figure = new Figure();
        figure.Axes.Plot(Densities.AllCenters, Densities.OfAll(first)).Label("All parameters before training", "Weight value", "Density");
        run.Save("initial-all-parameters",
            "The histogram function tried on the untrained model: all weights and biases, 100 bins in −0.3…0.3", figure);
    }

    /// <summary>Figure 33.</summary>
    public static void Curves(LectureRun run, Recording recording, int classes)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 1.5 * 6 * Golden, height: 6);
        figure[0, 0].Plot(recording.TrainLosses.ToArray()).Label("Model loss", "Epochs", "Loss");
        figure[0, 0].YLimits = (0, 3);
        figure[0, 1].Plot(recording.TrainAccuracies.Percent(), label: "Train accuracy")
            .Plot(recording.TestAccuracies.Percent(), label: "Test accuracy")
            .Legend()
            .Label($"Final model test accuracy: {100 * recording.TestAccuracies[^1]:F2}%", "Epochs", "Accuracy (%)");
        figure[0, 1].YLimits = (Math.Min(10, 100.0 / classes), 100); // from what guessing among ten gives
        run.Save("figure33-loss-and-accuracy", "Loss, and accuracy in training (with dropout) and testing (without) (figure 33)", figure);
    }

    /// <summary>Figure 34: the densities as curves, and as Sauron's eye.</summary>
    public static void Evolution(LectureRun run, Recording recording)
    {
        var densities = Densities.AllOf(recording);
        double[] centers = Densities.AllCenters;
        var figure = new Figure(rows: 1, columns: 2, width: 1.5 * 6 * Golden, height: 6);
        figure[0, 0].PlotEpochs(centers, densities, Colormap.Plasma, from: 0.2, to: 0.9)
            .Label("Histograms of weights\n(brighter is later in training)", "Weight value", "Density");
        figure[0, 1].Image(LectureFigures.Matrix(densities), extent: (centers[0], centers[^1], 0, Math.Max(1, densities.Count - 1)),
                Colormap.Hot, vmin: 0, vmax: 3)
            .ColorBar(label: "Density")
            .Label("Image of weight histograms\n(note the similarity with Sauron's eye)", "Weight value", "Training epoch");
        run.Save("figure34-saurons-eye",
            "All parameters before each epoch, as curves and as an image (figure 34); white is a density of 3 or more", figure);
    }

    /// <summary>Figure 35: the weights of each layer, epoch by epoch.</summary>
    public static void Layers(LectureRun run, Trained trained)
    {
        var layers = LayerMatrix.Of(trained.Initial);
        int rows = (layers.Count + 1) / 2;
        var figure = new Figure(rows, columns: 2, width: 8 * Golden, height: 4 * rows)
        {
            Title = "Weight histograms per layer over epochs\n(brighter is later in training)",
        };
        for (int i = 0; i < layers.Count; i++)
        {
            var axes = figure[i / 2, i % 2];
            axes.PlotEpochs(Densities.LayerCenters, Densities.LayerOf(trained.Recording, layers[i].Name), Colormap.Plasma,
                    from: 0.2, to: 0.9, width: 1)
                .Label(Title(i, layers), "Weight value", "Density");
            axes.Grid = true;
        }
        run.Save("figure35-layers", "Exercise 1: the weights of each layer before each epoch, without dropout (figure 35)", figure);
    }

    /// <summary>Exercise 2: losses of the first steps, accuracies, and what the input layer's weights became.</summary>
    /// <summary>The main training's densities under a slider, on the page.</summary>
    public static void AllPlayer(LectureRun run, Recording recording, Snapshot now) =>
        run.Show(LectureCharts.Histograms("all-parameters", $"All parameters from epoch to epoch, dropout {run.Recipe.Network.Dropout}",
            "Density in 100 bins within ±0.3, the rows of Sauron's eye one by one; dashed: before training.", "Density",
                Densities.AllCenters,
            [("all parameters", [.. Densities.AllOf(recording), Densities.OfAll(now)])]));

    /// <summary>Exercise 1's densities under a slider, layer by layer.</summary>
    public static void LayersPlayer(LectureRun run, Recording recording, Snapshot now) =>
        run.Show(LectureCharts.Histograms("layers", "Exercise 1: each layer from epoch to epoch, without dropout",
            "Density of each layer's weights in 100 bins within ±0.7; dashed: before training.", "Density", Densities.LayerCenters,
            [.. LayerMatrix.Of(now).Select(layer => (layer.Name,
                (IReadOnlyList<double[]>)[.. Densities.LayerOf(recording, layer.Name), Densities.OfLayer(layer)]))]));

    public static void RawPixels(LectureRun run, Trained unit, Trained raw, Trained slow)
    {
        var trainings = new[]
        {
            (unit, $"pixels 0–1, learning rate {unit.LearningRate}"),
            (raw, $"pixels 0–255, {raw.LearningRate}"),
            (slow, $"pixels 0–255, {slow.LearningRate}"),
        };
        var figure = new Figure(rows: 2, columns: 2, width: 8 * Golden, height: 8) { Title = "Exercise 2: without data normalisation" };
        var (losses, accuracies, spreads, weights) = (figure[0, 0], figure[0, 1], figure[1, 0], figure[1, 1]);
        DrawLayers(LayerMatrix.Of(unit.Initial), bar: 0, LectureFigures.Before, LectureFigures.BeforeColor);
        for (int i = 0; i < trainings.Length; i++)
        {
            var (trained, label) = trainings[i];
            losses.Plot(FirstLosses.Of(trained.Recording).Values, label: label);
            accuracies.Plot(trained.Recording.TestAccuracies.Percent(), label: label);
            DrawLayers(LayerMatrix.Of(trained.Final), bar: i + 1, label, color: null);
        }
        losses.YScale = AxisScale.Log;
        losses.Label("Loss of the first steps", "Step", "Loss (log)");
        accuracies.Label("Test accuracy", "Epochs", "Accuracy (%)");
        var layerNames = LayerMatrix.Of(unit.Initial).Select(w => w.Layer).ToArray();
        spreads.XTicks(Values.Range(layerNames.Length).ToArray(), layerNames)
            .Label("Spread of each layer's weights after training", "Layer", "Standard deviation");
        weights.Label("Input layer's weights", "Weight value", "Density");
        foreach (var axes in new[] { losses, accuracies, spreads, weights })
            axes.Legend(size: 8);
        run.Save("exercise2-raw-pixels",
            "The same training on pixels from 0 to 255, with the same and with a smaller learning rate", figure);

        void DrawLayers(IReadOnlyList<LayerMatrix> layers, int bar, string label, Color? color)
        {
            const double Width = 0.2; // four bars stand side by side about each layer's place
            double[] places = [.. layers.Select((_, layer) => layer + Width * (bar - 1.5))];
            spreads.Bar(places, layers.Select(w => w.Std).ToArray(), Width, label: label, color: color);
            weights.Density([.. layers[0].Values.Where(float.IsFinite)], bins: 80, (-0.15, 0.15), label, color);
        }
    }

    /// <summary>Exercise 3: the learned weights of each layer and the accuracies, for each dropout rate.</summary>
    public static void DropRates(LectureRun run, (string Rate, Trained Trained)[] runs)
    {
        var before = LayerMatrix.Of(runs[0].Trained.Initial);
        int rows = Math.Max(2, (before.Count + 1) / 2); // the last column has two more
        var figure = new Figure(rows, columns: 3, width: 15, height: 4 * rows) { Title = "Exercise 3: dropout and the learned weights" };
        var learned = runs.Select(r => (r.Rate, Layers: LayerMatrix.Of(r.Trained.Final))).ToList();
        for (int i = 0; i < before.Count; i++)
        {
            var axes = figure[i / 2, i % 2];
            double largest = learned.Max(r => r.Layers[i].Largest);
            double limit = double.IsFinite(largest) ? Math.Min(largest, 3 * learned.Max(r => r.Layers[i].Std)) : 0.7;
            axes.Density(before[i].Values, bins: 40, (-limit, limit), LectureFigures.Before, LectureFigures.BeforeColor);
            foreach (var (rate, layers) in learned)
                axes.Density(layers[i].Values, bins: 40, (-limit, limit), $"dropout {rate}");
            axes.Legend(size: 8).Label(Title(i, before), "Weight value", "Density");
        }
        var (test, train) = (figure[0, 2], figure[1, 2]);
        foreach (var (rate, trained) in runs)
        {
            test.Plot(trained.Recording.TestAccuracies.Percent(), label: $"dropout {rate}");
            train.Plot(trained.Recording.TrainAccuracies.Percent(), label: $"dropout {rate}");
        }
        test.Legend().Label("Test accuracy (no dropout when testing)", "Epochs", "Accuracy (%)");
        train.Legend().Label("Train accuracy (dropout on)", "Epochs", "Accuracy (%)");
        run.Save("exercise3-dropout",
            $"Learned weights of each layer and accuracies with dropout 0, {run.Recipe.Network.Dropout} and 0.5, from the same initial "
                + "weights", figure);
    }

    private static string Title(int layer, IReadOnlyList<LayerMatrix> layers)
    {
        string name = layer == 0 ? "Input layer" : layer == layers.Count - 1 ? "Output layer" : $"Hidden layer {layer}";
        return $"{name} ({layers[layer].Columns}→{layers[layer].Rows})";
    }
}
