using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

// The figures: the document's two, then what it promises next and what explains it.
public sealed partial class InitVariance
{
    private static readonly string[] StandardColors = ["#d62728", "#2ca02c", "#9467bd"];

    private static void DrawAccuracy(LectureRun run, List<PointResult> sweep, List<PointResult> standard,
        Dictionary<string, StartScales> scales)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 14, height: 5.5);
        for (int panel = 0; panel < 2; panel++)
        {
            var axes = figure[0, panel];
            axes.Plot(sweep.Select(r => r.Sigma).ToArray(), sweep.Select(r => 100 * r.FinalAccuracy).ToArray(), label: "N(0, σ²)",
                marker: Marker.Circle, markerSize: 5);
            // A standard initialiser has a scale of its own for every layer; it stands at the standard deviation of all its parameters.
            for (int i = 0; i < standard.Count; i++)
                axes.Scatter([scales[standard[i].Point.Key].Std], [100 * standard[i].FinalAccuracy], size: 80, color: StandardColors[i],
                    marker: Marker.Diamond, label: $"{standard[i].Point.Label} ({standard[i].FinalAccuracy:0.00%})");
            axes.XScale = AxisScale.Log;
            axes.Grid = true;
            Label(axes, "Accuracy vs. Weight Initialization Std Dev", "Weight Init Std Dev (log scale)", "Final Test Accuracy (%)");
        }
        figure[0, 0].YLimits = (0, 100);
        figure[0, 0].Legend(LegendLocation.LowerLeft);
        double best = 100 * sweep.Concat(standard).Max(r => r.FinalAccuracy);
        figure[0, 1].YLimits = (best - 4, Math.Min(100, best + 0.5));
        figure[0, 1].Legend(LegendLocation.LowerLeft);
        figure[0, 1].Title = "The same, close to the best";
        run.Save("accuracy", "Mean test accuracy of the last three epochs against σ, with PyTorch's default, Xavier and Kaiming marked", figure);
    }

    private static void DrawLearnedWeights(LectureRun run, List<PointResult> sweep)
    {
        var figure = new Figure(width: 8, height: 6);
        for (int i = 0; i < sweep.Count; i++)
        {
            double[] histogram = sweep[i].Recording.Of("histogram")[^1];
            if (histogram.Length == 0) // weights that are no longer finite
                continue;
            double[] edges = Statistics.LinSpace(histogram[0], histogram[1], Bins + 1);
            figure.Axes.Plot(edges.Zip(edges.Skip(1), (left, right) => 0.5 * (left + right)).ToArray(), histogram[2..],
                color: Colormap.Viridis.Sample(i, sweep.Count), alpha: 0.7, label: i == 0 || i == sweep.Count - 1 ? $"SD={sweep[i].Sigma:F4}" : null);
        }
        figure.Axes.Legend();
        Label(figure.Axes, "Learned Weight Distributions (All Layers) for Different Inits", "Weight Value", "Histogram Count");
        run.Save("learned-weights", "Histograms of all learned parameters, 80 bins each from its least to its greatest value", figure);
    }

    private static void DrawLearnedWeightsClose(LectureRun run, List<PointResult> sweep)
    {
        double[] edges = Statistics.LinSpace(CloseRange.Low, CloseRange.High, CloseBins + 1);
        double[] centers = [.. edges.Zip(edges.Skip(1), (left, right) => 0.5 * (left + right))];
        var figure = new Figure(width: 8, height: 6);
        for (int i = 0; i < sweep.Count; i++)
            if (sweep[i].Recording.Of("close")[^1] is { Length: > 0 } counts)
                figure.Axes.Plot(centers, counts.Select(c => Math.Max(c, 0.5)).ToArray(), color: Colormap.Viridis.Sample(i, sweep.Count), alpha: 0.7);
        if (sweep.Count > 1)
            figure.Axes.ColorBar(Colormap.Viridis, sweep[0].Sigma, sweep[^1].Sigma, label: "Weight Init Std Dev", scale: AxisScale.Log);
        figure.Axes.YScale = AxisScale.Log;
        Label(figure.Axes, "Learned Weights near Zero, in Bins of One Width", "Weight Value", "Count (log)");
        run.Save("learned-weights-near-zero", "The same in 200 equal bins within ±0.5, where the histogram above shows single spikes; empty bins at 0.5", figure);
    }

    private static void DrawSpread(LectureRun run, List<PointResult> sweep, Dictionary<string, StartScales> scales)
    {
        double[] sigmas = [.. sweep.Select(r => r.Sigma)];
        var figure = new Figure(width: 8, height: 5);
        figure.Axes.Plot(sigmas, sweep.Select(r => scales[r.Point.Key].Std).ToArray(), color: "grey", line: LineStyle.Dashed, label: "before training");
        figure.Axes.Plot(sigmas, sweep.Select(r => r.LearnedStd).ToArray(), label: "after training", marker: Marker.Circle, markerSize: 5).Legend();
        (figure.Axes.XScale, figure.Axes.YScale, figure.Axes.Grid) = (AxisScale.Log, AxisScale.Log, true);
        Label(figure.Axes, "Spread of All Parameters", "Weight Init Std Dev (log scale)", "Standard Deviation (log)");
        run.Save("spread", "Standard deviation of all parameters before and after training", figure);
    }

    private static void DrawStartScales(LectureRun run, List<PointResult> sweep, Dictionary<string, StartScales> scales)
    {
        double[] sigmas = [.. sweep.Select(r => r.Sigma)];
        var figure = new Figure(rows: 1, columns: 2, width: 14, height: 5.5) { Title = "Before the first step" };
        for (int layer = 0; layer < LayerNames.Length; layer++)
        {
            figure[0, 0].Plot(sigmas, sweep.Select(r => scales[r.Point.Key].Activations[layer]).ToArray(), label: LayerNames[layer], marker: Marker.Circle, markerSize: 4);
            figure[0, 1].Plot(sigmas, sweep.Select(r => scales[r.Point.Key].Gradients[layer]).ToArray(), label: $"{LayerNames[layer]}.weight", marker: Marker.Circle, markerSize: 4);
        }
        foreach (var axes in new[] { figure[0, 0], figure[0, 1] })
        {
            (axes.XScale, axes.YScale, axes.Grid) = (AxisScale.Log, AxisScale.Log, true);
            axes.Legend();
        }
        Label(figure[0, 0], "Outputs of each layer", "Weight Init Std Dev (log scale)", "Root mean square (log)");
        Label(figure[0, 1], "Gradients of each layer's weights", "Weight Init Std Dev (log scale)", "Root mean square (log)");
        run.Save("start-scales", "Why low σ vanishes and high σ explodes: outputs (before ReLU) and gradients on the first batch, before training", figure);
    }

    private static void Label(Axes axes, string title, string x, string y) => (axes.Title, axes.XLabel, axes.YLabel) = (title, x, y);
}
