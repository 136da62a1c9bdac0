using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 003, then two that explain them.</summary>
internal static class WeightChangesFigures
{
    public static void AccuracyAndChanges(LectureRun run, Recording recording)
    {
        double[] epochs = recording.EpochNumbers();
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5);
        figure[0, 0].Plot(epochs, recording.TrainAccuracies.ToArray(), label: "Train Acc")
            .Plot(epochs, recording.TestAccuracies.ToArray(), label: "Test Acc")
            .Legend()
            .Label("Training and Test Accuracy", "Epoch", "Accuracy");
        PlotLayers(run, figure[0, 1], recording, layer => layer.Distance)
            .Legend()
            .Label("Weight Changes over Epochs", "Epoch", "Euclidean Dist from Start of Epoch");
        run.Save("accuracy-and-weight-changes", "Accuracy, and how far each layer's weights moved in each epoch", figure);
    }

    public static void Conditions(LectureRun run, Recording recording)
    {
        var figure = new Figure(width: 8, height: 5);
        PlotLayers(run, figure.Axes, recording, layer => layer.Condition)
            .Legend()
            .Label("Condition Number per Layer over Training", "Epoch", "Condition Number");
        run.Save("condition-numbers", "Largest over smallest singular value of each layer's weights, at the end of each epoch", figure);
    }

    /// <summary>How far each layer moves, and how skewed it is, for the page.</summary>
    public static void Charts(LectureRun run, Recording recording)
    {
        run.Show(Of("distances", "How far each layer moves in an epoch", "‖W(t) − W(t−1)‖, Frobenius.", "Distance", l => l.Distance));
        run.Show(Of("relative", "The same in shares of the layer's norm", "‖W(t) − W(t−1)‖ / ‖W(t)‖.", "Share", l => l.Distance / l.Norm));
        run.Show(Of("conditions", "Condition numbers", "Largest over smallest singular value at the end of each epoch.", "κ",
            l => l.Condition));

        Chart Of(string id, string title, string caption, string yLabel, Func<LayerMeasure, double> value) =>
            LectureCharts.OfLayers(id, title, caption, yLabel, LayerNames(run),
                [.. EpochMeasure.Of(recording).Select(e => e.Layers.Select(value).ToArray())]);
    }

    public static void LearningDynamics(LectureRun run, Dynamics dynamics)
    {
        double[] epochs = [.. Enumerable.Range(2, dynamics.Gain.Length).Select(e => (double)e)];
        var figure = new Figure(width: 8, height: 5);
        figure.Axes.Plot(epochs, dynamics.GainZ, width: 2.5, label: "Z-scored derivative of Train Acc") // in a short run both are equal
            .Plot(epochs, dynamics.ChangeZ, label: "Z-scored Weight Change")
            .Legend()
            .Label("Comparing Learning Dynamics to Weight Update Magnitude", "Epoch", "Z-score");
        double top = dynamics.GainZ.Concat(dynamics.ChangeZ).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        if (epochs.Length > 0)
            figure.Axes.Text((epochs[0] + epochs[^1]) / 2, top, $"correlation {Notation.Fixed(dynamics.Correlation, 2)}",
                anchor: HorizontalAnchor.Center);
        run.Save("learning-dynamics", "Is the change of weights largest when learning is fastest?", figure);
    }

    public static void Spectra(LectureRun run, Snapshot initial, Snapshot final)
    {
        var (before, after) = (Spectrum.Of(initial), Spectrum.Of(final));
        var figure = new Figure(rows: 1, columns: after.Count, width: 16, height: 4.5)
        {
            Title = "Singular values: what a condition number hides",
        };
        for (int i = 0; i < after.Count; i++)
        {
            foreach (var (spectrum, label, color) in new (Spectrum, string, Color?)[]
                { (before[i], LectureFigures.Before, LectureFigures.BeforeColor), (after[i], "after training", null) })
                figure[0, i].Plot(Enumerable.Range(1, spectrum.Values.Length).ToArray(), spectrum.Values, color, label: label,
                    marker: Marker.Circle, markerSize: 3);
            figure[0, i].YScale = AxisScale.Log;
            figure[0, i].Legend().Label(after[i].Layer, "Rank", i == 0 ? "Singular Value (log)" : "");
        }
        run.Save("singular-values", "All singular values of each layer's weights before and after training; κ is first over last", figure);
    }

    public static void RelativeChanges(LectureRun run, Recording recording)
    {
        var figure = new Figure(width: 8, height: 5);
        PlotLayers(run, figure.Axes, recording, layer => 100 * layer.Distance / layer.Norm)
            .Legend()
            .Label("Weight Changes Relative to the Layer's Size", "Epoch", "Distance / Frobenius norm (%, log)");
        figure.Axes.YScale = AxisScale.Log;
        run.Save("relative-weight-changes", "The same distances as a share of the layer's own Frobenius norm", figure);
    }

    /// <summary>How much of a layer its first directions hold: of the weights after training, and of what training added.</summary>
    public static void Directions(LectureRun run, IReadOnlyList<Spectrum> after, IReadOnlyList<Spectrum> added)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 13, height: 5) { Title = "How many directions does a layer use?" };
        foreach (var (axes, spectra, title) in new[]
            { (figure[0, 0], after, "Weights after training"), (figure[0, 1], added, "What training added to them") })
        {
            foreach (var spectrum in spectra.Where(s => s.IsFinite))
                axes.Plot(spectrum.Values.Select((_, i) => 100.0 * (i + 1) / spectrum.Values.Length).ToArray(),
                    spectrum.Cumulative.Percent(), label: spectrum.Layer, marker: Marker.Circle, markerSize: 3);
            axes.HorizontalLine(90);
            axes.Grid = true;
            axes.YLimits = (0, 104);
            axes.Legend(LegendLocation.LowerRight).Label(title, "Directions, Largest First (%)", "Share of Squared Norm (%)");
        }
        run.Save("directions", "The share of each layer's squared norm in its first singular directions; dashed: 90%", figure);
    }

    public static void Pruned(LectureRun run, Pruning pruning)
    {
        double[] shares = [0, .. Pruning.Shares.Percent()];
        var figure = new Figure(rows: 1, columns: 2, width: 13, height: 5) { Title = "What pruning takes away" };
        figure[0, 0].Plot(shares, new[] { pruning.Whole }.Concat(pruning.Smallest).Percent(), label: "smallest |w| of each layer",
                marker: Marker.Circle, markerSize: 5)
            .Plot(shares, new[] { pruning.Whole }.Concat(pruning.AtRandom).Percent(), label: "as many at random", marker: Marker.Circle,
                markerSize: 5)
            .Legend()
            .Label("All layers", "Weights Removed (%)", "Test Accuracy (%)");
        figure[0, 0].YLimits = (0, 100);
        figure[0, 0].Grid = true;
        double[] places = [.. pruning.ByLayer.Select((_, i) => (double)i)];
        figure[0, 1].Bar(places, pruning.ByLayer.Select(accuracy => 100 * (pruning.Whole - accuracy)).ToArray(), width: 0.6)
            .XTicks(places, [.. LayerNames(run)])
            .Label($"One layer without its smallest {Pruning.LayerShare:0%}", "Layer", "Accuracy Lost (points)");
        run.Save("pruning", "Test accuracy without the smallest weights, and without as many at random", figure);
    }

    //  A line for each layer, a point for each epoch
    private static Axes PlotLayers(LectureRun run, Axes axes, Recording recording, Func<LayerMeasure, double> measure)
    {
        var epochs = EpochMeasure.Of(recording);
        foreach (var (i, name) in LayerNames(run).Index())
            axes.Plot(recording.EpochNumbers(), epochs.Select(e => measure(e.Layers[i])).ToArray(), label: name);
        return axes;
    }

    private static IReadOnlyList<string> LayerNames(LectureRun run) => run.Recipe.Network.LayerNames;
}
