using MathNet.Numerics.Distributions;
using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using PointResult = NativeNN.Experiments.Lectures.InitVariance.PointResult;

namespace NativeNN.Experiments.Lectures;

/// <summary>What the page of document 002 lets the reader try: accuracy against σ, and the learned weights of each σ.</summary>
internal static class InitVarianceCharts
{
    public static void Show(LectureRun run, List<PointResult> sweep)
    {
        if (sweep.Count == 0)
            return;
        double[] sigmas = [.. sweep.Select(r => r.Sigma)];
        run.Show(new Chart("accuracy-by-sigma", "Accuracy against σ", "Mean test accuracy of the last three epochs.",
            "σ of the initial weights", "Accuracy (%)", [new("N(0, σ²)", sigmas, sweep.Select(r => r.FinalAccuracy).Percent())])
        {
            LogX = true,
        });

        // A network whose weights are no longer finite has no histogram.
        var learned = sweep.Select(r => (r.Sigma, Histogram: LearnedHistogram.Of(r.Recording))).Where(r => !r.Histogram.IsEmpty).ToList();
        if (learned.Count > 0)
            run.Show(new Chart("learned-by-sigma", "Learned weights, σ by σ",
                "Share of all parameters in each of 80 bins from the least to the greatest; beside it what N(0, σ²), the start, puts "
                    + "there.",
                "Weight value", "Share",
                [
                    Line("after training", r => [.. r.Histogram.Counts.Select(c => c / r.Histogram.Counts.Sum())]),
                    Line("before: N(0, σ²)", r => Expected(r.Sigma, r.Histogram)),
                ])
            {
                FrameName = "σ =",
                FrameLabels = [.. learned.Select(r => Notation.Short(r.Sigma, 3))],
                Rescale = true,
            });

        ChartLine Line(string name, Func<(double Sigma, LearnedHistogram Histogram), double[]> shares) =>
            new(name, [.. learned.Select(r => r.Histogram.Centers)], [.. learned.Select(shares)]);
    }

    /// <summary>The share of N(0, σ²) in each of the histogram's bins.</summary>
    private static double[] Expected(double sigma, LearnedHistogram histogram)
    {
        double[] edges = Statistics.LinSpace(histogram.Low, histogram.High, histogram.Counts.Length + 1);
        return [.. edges.Zip(edges.Skip(1), (left, right) => Normal.CDF(0, sigma, right) - Normal.CDF(0, sigma, left))];
    }
}
