using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;
using PointResult = NativeNN.Experiments.Lectures.InitVariance.PointResult;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 002: its two, then what it promises next and what explains it.</summary>
internal static class InitVarianceFigures
{
    private const string SigmaAxis = "Weight Init Std Dev (log scale)";
    private static readonly string[] StandardColors = ["#d62728", "#2ca02c", "#9467bd"];

    public static void Accuracy(LectureRun run, List<PointResult> sweep, List<PointResult> standard, Dictionary<string, StartScales> scales)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 14, height: 5.5);
        foreach (var axes in new[] { figure[0, 0], figure[0, 1] })
        {
            axes.Plot(Sigmas(sweep), sweep.Select(r => r.FinalAccuracy).Percent(), label: "N(0, σ²)", marker: Marker.Circle, markerSize: 5);
            // A standard initialiser has a scale of its own for every layer; it stands at the standard deviation of all its parameters.
            foreach (var (result, color) in standard.Zip(StandardColors))
                axes.Scatter([scales[result.Point.Key].Std], [100 * result.FinalAccuracy], size: 80, color: color,
                    marker: Marker.Diamond, label: $"{result.Point.Label} ({result.FinalAccuracy:0.00%})");
            axes.XScale = AxisScale.Log;
            axes.Grid = true;
            axes.Legend();
        }
        figure[0, 0].Label("Accuracy vs. Weight Initialization Std Dev", SigmaAxis, "Final Test Accuracy (%)");
        figure[0, 0].YLimits = (0, 100);
        figure[0, 1].Label("The same, close to the best", SigmaAxis, "Final Test Accuracy (%)");
        double best = 100 * sweep.Concat(standard).Max(r => r.FinalAccuracy);
        figure[0, 1].YLimits = (best - 4, Math.Min(100, best + 0.5));
        run.Save("accuracy",
            "Mean test accuracy of the last three epochs against σ, with PyTorch's default, Xavier and Kaiming marked", figure);
    }

    public static void LearnedWeights(LectureRun run, List<PointResult> sweep)
    {
        var figure = new Figure(width: 8, height: 6);
        for (int i = 0; i < sweep.Count; i++)
            if (LearnedHistogram.Of(sweep[i].Recording) is { IsEmpty: false } histogram)
                figure.Axes.Plot(histogram.Centers, histogram.Counts, color: Colormap.Viridis.Sample(i, sweep.Count), alpha: 0.7,
                    label: i == 0 || i == sweep.Count - 1 ? $"SD={sweep[i].Sigma:F4}" : null);
        figure.Axes.Legend().Label("Learned Weight Distributions (All Layers) for Different Inits", "Weight Value", "Histogram Count");
        run.Save("learned-weights", "Histograms of all learned parameters, 80 bins each from its least to its greatest value", figure);
    }

    public static void LearnedWeightsClose(LectureRun run, List<PointResult> sweep)
    {
        var figure = new Figure(width: 8, height: 6);
        for (int i = 0; i < sweep.Count; i++)
            if (CloseHistogram.Of(sweep[i].Recording) is { IsEmpty: false } histogram)
                figure.Axes.Plot(CloseHistogram.Centers, histogram.Counts.Select(c => Math.Max(c, LectureFigures.EmptyBin)).ToArray(),
                    color: Colormap.Viridis.Sample(i, sweep.Count), alpha: 0.7);
        if (sweep.Count > 1)
            figure.Axes.ColorBar(Colormap.Viridis, sweep[0].Sigma, sweep[^1].Sigma, label: "Weight Init Std Dev", scale: AxisScale.Log);
        figure.Axes.YScale = AxisScale.Log;
        figure.Axes.Label("Learned Weights near Zero, in Bins of One Width", "Weight Value", "Count (log)");
        run.Save("learned-weights-near-zero",
            "The same in 200 equal bins within ±0.5, where the histogram above shows single spikes; empty bins at 0.5", figure);
    }

    public static void Spreads(LectureRun run, List<PointResult> sweep, Dictionary<string, StartScales> scales)
    {
        double[] before = [.. sweep.Select(r => scales[r.Point.Key].Std)], after = [.. sweep.Select(r => r.Learned.Std)];
        var figure = new Figure(width: 8, height: 5);
        figure.Axes.Plot(Sigmas(sweep), before, color: LectureFigures.BeforeColor, line: LineStyle.Dashed, label: LectureFigures.Before)
            .Plot(Sigmas(sweep), after, label: "after training", marker: Marker.Circle, markerSize: 5)
            .Legend()
            .Label("Spread of All Parameters", SigmaAxis, "Standard Deviation (log)");
        (figure.Axes.XScale, figure.Axes.YScale, figure.Axes.Grid) = (AxisScale.Log, AxisScale.Log, true);
        run.Save("spread", "Standard deviation of all parameters before and after training", figure);
    }

    public static void Scales(LectureRun run, List<PointResult> sweep, Dictionary<string, StartScales> scales)
    {
        double[] sigmas = Sigmas(sweep);
        var starts = sweep.Select(r => scales[r.Point.Key]).ToList();
        var figure = new Figure(rows: 1, columns: 2, width: 14, height: 5.5) { Title = "Before the first step" };
        var names = run.Recipe.Network.LayerNames;
        for (int layer = 0; layer < names.Count; layer++)
        {
            string name = names[layer];
            double[] outputs = [.. starts.Select(s => s.Activations[layer])], gradients = [.. starts.Select(s => s.Gradients[layer])];
            figure[0, 0].Plot(sigmas, outputs, label: name, marker: Marker.Circle, markerSize: 4);
            figure[0, 1].Plot(sigmas, gradients, label: $"{name}.weight", marker: Marker.Circle, markerSize: 4);
        }
        foreach (var axes in new[] { figure[0, 0], figure[0, 1] })
        {
            (axes.XScale, axes.YScale, axes.Grid) = (AxisScale.Log, AxisScale.Log, true);
            axes.Legend();
        }
        figure[0, 0].Label("Outputs of each layer", SigmaAxis, "Root mean square (log)");
        figure[0, 1].Label("Gradients of each layer's weights", SigmaAxis, "Root mean square (log)");
        run.Save("start-scales",
            "Why low σ vanishes and high σ explodes: outputs (before ReLU) and gradients on the first batch, before training", figure);
    }

    public static void Saturation(LectureRun run, List<PointResult> sweep)
    {
        var measured = sweep.Select(r => (r.Sigma, End: Lectures.Saturation.Of(r.Recording))).Where(p => p.End is not null).ToList();
        if (measured.Count == 0)
            return;
        double[] sigmas = [.. measured.Select(p => p.Sigma)];
        var figure = new Figure(width: 8, height: 5);
        Draw("hidden units silent on every image", s => s.Silent);
        Draw("hidden units on for every image", s => s.Always);
        Draw("answers with p > 0.999", s => s.Sure);
        Draw("answers with p > 0.999, but wrong", s => s.SureAndWrong);
        figure.Axes.Legend(size: 9).Label("Saturated after Training", SigmaAxis, "Share (%)");
        (figure.Axes.XScale, figure.Axes.Grid) = (AxisScale.Log, true);
        run.Save("saturation", "Hidden units and answers that no longer depend on the image, of each learned network", figure);

        void Draw(string label, Func<Lectures.Saturation, double> share) => figure.Axes.Plot(sigmas,
            measured.Select(p => share(p.End!.Value)).Percent(), label: label, marker: Marker.Circle, markerSize: 4);
    }

    private static double[] Sigmas(List<PointResult> sweep) => [.. sweep.Select(r => r.Sigma)];
}
