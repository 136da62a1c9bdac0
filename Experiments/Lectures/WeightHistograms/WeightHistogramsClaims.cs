using System.Globalization;
using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 000 and what this run measured about each.</summary>
internal static class WeightHistogramsClaims
{
    // The 5% critical value of a Kolmogorov–Smirnov test over n values is 1.36/√n.
    private const double KolmogorovSmirnov5Percent = 1.36;

    public static void Judge(LectureRun run, float[] initialInput, Snapshot initial, Snapshot final, Recording sgd, Recording adam, Snapshot decayed,
        int scored, int testImages)
    {
        double bound = 1 / Math.Sqrt(784), largest = initialInput.Max(MathF.Abs);
        double fromUniform = Statistics.UniformDistance(initialInput, -bound, bound), allowed = KolmogorovSmirnov5Percent / Math.Sqrt(initialInput.Length);
        run.Claim("PyTorch initialises weights uniformly in a small range [−a, a]; the input layer's histogram is roughly uniform or slightly trapezoidal",
            $"input layer within ±{largest:F5}, 1/√fan_in = {bound:F5}; distance from uniform {fromUniform:F4} (95% of uniform samples stay below {allowed:F4}): {(fromUniform <= allowed ? "flat, not trapezoidal" : "not uniform")}",
            fromUniform <= allowed && largest <= bound);

        var bounds = initial.ByName.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).Select(p => $"{p.Values.Max(MathF.Abs):F3}");
        double allFromUniform = Statistics.UniformDistance(initial.Weights, -initial.Weights.Max(MathF.Abs), initial.Weights.Max(MathF.Abs));
        run.Claim("Initially all weights together are roughly uniform near zero",
            $"each layer is uniform within its own ±1/√fan_in ({string.Join(", ", bounds)}), together they stack up to steps: distance from uniform {allFromUniform:F2}",
            allFromUniform < 0.1);

        double accuracy = sgd.TestAccuracies[^1];
        run.Claim("Expect about 95% test accuracy", $"{accuracy:0.00%} after {sgd.Epochs.Count} epochs (best {sgd.TestAccuracies.Max():0.00%})",
            accuracy is >= 0.94 and <= 0.96 ? Verdict.Holds : accuracy > 0.90 ? Verdict.Partly : Verdict.DoesNotHold);

        double tail = 0.2, tailBefore = Share(initial.Weights, tail), tailAfter = Share(final.Weights, tail);
        double kurtosisBefore = Statistics.ExcessKurtosis(initial.Weights), kurtosisAfter = Statistics.ExcessKurtosis(final.Weights);
        run.Claim("As training progresses, the tails become heavier",
            $"weights with |w| > {tail}: {tailBefore:0.00%} → {tailAfter:0.00%}; largest |w| {initial.Weights.Max(MathF.Abs):F3} → {final.Weights.Max(MathF.Abs):F3}; excess kurtosis {kurtosisBefore:F2} → {kurtosisAfter:F2}",
            tailAfter > tailBefore);

        double normalBefore = Statistics.NormalDistance(initial.Weights), normalAfter = Statistics.NormalDistance(final.Weights);
        double inputBefore = Statistics.NormalDistance(initial.ByName[0].Values), inputAfter = Statistics.NormalDistance(final.ByName[0].Values);
        run.Claim("The histogram comes to resemble a Gaussian",
            $"distance from the fitted Gaussian, all weights: {normalBefore:F3} → {normalAfter:F3}; input layer: {inputBefore:F3} → {inputAfter:F3}; excess kurtosis {kurtosisAfter:F1}, a Gaussian's is 0",
            normalAfter < normalBefore ? normalAfter < 0.05 ? Verdict.Holds : Verdict.Partly : Verdict.DoesNotHold);

        double nearZero = 0.02, centreBefore = Share(initial.Weights, nearZero, inside: true), centreAfter = Share(final.Weights, nearZero, inside: true);
        run.Claim("The centre lightens over time: fewer weights near zero",
            $"weights with |w| < {nearZero}: {centreBefore:0.0%} → {centreAfter:0.0%}", centreAfter < centreBefore);

        double spreadBefore = Statistics.Std(initial.Weights), spreadAfter = Statistics.Std(final.Weights);
        run.Claim("Weights drift toward larger magnitudes", $"standard deviation {spreadBefore:F4} → {spreadAfter:F4}", spreadAfter > spreadBefore);

        double skewness = Statistics.Skewness(final.Weights);
        run.Claim("The distribution may not be perfectly symmetrical", $"skewness {skewness:F3} (a Gaussian has 0)", Math.Abs(skewness) > 0.01);

        int outside = final.Weights.Count(w => MathF.Abs(w) > 0.8f);
        run.Claim("All weights in a single histogram, from −0.8 to 0.8",
            $"{outside} of {final.Weights.Length} weights lie outside after training, up to {final.Weights.Max(MathF.Abs):F2}; np.histogram leaves them out silently", outside == 0);

        run.Claim("The test accuracy is measured on the held-out tenth of the images",
            $"the test loader drops its last short batch too: {scored:N0} of {testImages:N0} test images are scored", scored == testImages);

        var first = Colormap.Coolwarm.At(0);
        run.Claim("Curves go from an earlier epoch (warm colour) to a later one (cool colour)",
            $"coolwarm(0) is {first.ToHex()}, blue: it runs from cool to warm", first.R > first.B);

        int adamEpochs = adam.Epochs.FindIndex(e => e.TestAccuracy >= 0.9), sgdEpochs = sgd.Epochs.FindIndex(e => e.TestAccuracy >= 0.9);
        run.Claim("Adam might converge faster than SGD",
            $"90% test accuracy first in epoch {Epoch(adamEpochs)} with Adam, {Epoch(sgdEpochs)} with SGD",
            adamEpochs >= 0 && (sgdEpochs < 0 || adamEpochs < sgdEpochs));

        run.Claim("Some layers have narrower or broader distributions",
            $"standard deviations after training: {string.Join(", ", final.ByName.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).Select(p => $"{p.Name} {Statistics.Std(p.Values):F3}"))}",
            Statistics.Std(final.ByName[0].Values) < 0.8 * Statistics.Std(final.ByName[^2].Values));

        double decayedTail = Share(decayed.Weights, tail);
        run.Claim("Weight decay affects the histogram's tails",
            $"weights with |w| > {tail}: {tailAfter:0.00%} without, {decayedTail:0.00%} with weight decay {WeightHistograms.WeightDecay}", decayedTail < tailAfter);
    }

    private static double Share(float[] values, double limit, bool inside = false) =>
        values.Count(v => inside ? Math.Abs(v) < limit : Math.Abs(v) > limit) / (double)values.Length;

    private static string Epoch(int index) => index < 0 ? "none" : (index + 1).ToString(CultureInfo.InvariantCulture);
}
