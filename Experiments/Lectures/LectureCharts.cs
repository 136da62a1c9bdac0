using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Lectures;

/// <summary>The charts of several lectures' pages.</summary>
internal static class LectureCharts
{
    /// <summary>Histograms epoch by epoch under a slider, the first one behind: each line's frames are those before epoch 1, 2, …, n, and
    /// the one after epoch n.</summary>
    public static Chart Histograms(string id, string title, string caption, string yLabel, double[] centers,
        IReadOnlyList<(string Name, IReadOnlyList<double[]> Frames)> lines) =>
        new(id, title, caption, "Weight value", yLabel, [.. lines.Select(l => new ChartLine(l.Name, [centers], l.Frames))])
        {
            FrameName = "After epoch",
            FrameLabels = [.. Enumerable.Range(0, lines[0].Frames.Count).Select(epoch => $"{epoch}")],
            FirstStaysBehind = true,
        };

    /// <summary>A curve for each layer, a value an epoch.</summary>
    public static Chart OfLayers(string id, string title, string caption, string yLabel, IReadOnlyList<string> layers,
        IReadOnlyList<double[]> epochs) =>
        new(id, title, caption, "Epoch", yLabel, [.. layers.Select((layer, i) =>
            new ChartLine(layer, [.. Enumerable.Range(1, epochs.Count).Select(e => (double)e)], [.. epochs.Select(e => e[i])]))]);
}
