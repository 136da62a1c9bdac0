using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of what document 000 says that weights and biases tell.</summary>
internal static class WeightHistogramsDiagnosisFigures
{
    /// <summary>Every bias as a line over the epochs, and each layer's mean.</summary>
    public static void BiasPaths(LectureRun run, IReadOnlyList<BiasPath> layers)
    {
        if (layers.Count == 0)
            return;
        var figure = new Figure(rows: 1, columns: layers.Count, width: 15, height: 4.5) { Title = "Do biases converge?" };
        for (int i = 0; i < layers.Count; i++)
        {
            var (axes, epochs) = (figure[0, i], layers[i].Epochs);
            for (int bias = 0; bias < layers[i].End.Length; bias++)
                axes.Plot(epochs.Select(e => e[bias]).ToArray(), color: LectureFigures.BeforeColor, alpha: 0.6, width: 1,
                    label: bias == 0 ? "each bias" : null);
            axes.Plot(epochs.Select(e => Statistics.Mean(e)).ToArray(), width: 2.5, label: "mean")
                .HorizontalLine(0, color: "black", width: 0.8)
                .Legend()
                .Label(layers[i].Name, "Epoch", i == 0 ? "Bias Value" : "");
        }
        run.Save("bias-paths", "The biases of each layer from epoch to epoch", figure);
    }

    /// <summary>Left: spread against accuracy, a point an epoch. Right: what no longer answers to the test images.</summary>
    public static void PerformanceAndSaturation(LectureRun run, IReadOnlyList<TrainingEnd> trainings)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 14, height: 5.5);
        var (paths, bars) = (figure[0, 0], figure[0, 1]);
        foreach (var training in trainings)
            paths.Plot(training.Spreads, training.Recording.TestAccuracies.Percent(), label: training.Name, width: 1,
                marker: Marker.Circle, markerSize: 3);
        paths.Grid = true;
        paths.Legend()
            .Label("Does the spread tell the accuracy?", "Standard Deviation of the Weights in the Histogram", "Test Accuracy (%)");

        string[] kinds = ["silent units", "always-on units", "sure answers", "sure and wrong"];
        for (int i = 0; i < trainings.Count; i++)
        {
            const double Width = 0.2; // the trainings' bars stand side by side
            double[] places = [.. kinds.Select((_, kind) => kind + Width * (i - (trainings.Count - 1) / 2.0))];
            var s = trainings[i].Saturation;
            bars.Bar(places, new[] { s.Silent, s.Always, s.Sure, s.SureAndWrong }.Percent(), Width, label: trainings[i].Name);
        }
        bars.XTicks(kinds.Select((_, kind) => (double)kind).ToArray(), kinds)
            .Legend()
            .Label("What saturates", "", "Share of Hidden Units or Test Images (%)");
        run.Save("performance-and-saturation",
            "Spread of the weights against test accuracy, epoch by epoch, and what of each trained network no longer moves", figure);
    }
}
