using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 000 and what this run measured about each; initial, final and sgd are its own training's.</summary>
internal sealed class WeightHistogramsClaims(LectureRun run, Snapshot initial, Snapshot final, Recording sgd)
{
    private const double Tail = 0.2;        // |w| above it is in the tails
    private const double NearZero = 0.02;   // and below it in the centre
    private const float Range = 0.8f;       // the document's histograms end there

    private readonly IReadOnlyList<LayerChange> layers = LayerChange.Between(initial, final);

    public void JudgeStart(float[] initialInput)
    {
        float largest = initialInput.Max(MathF.Abs);
        var uniform = UniformTest.Of(initialInput, fanIn: layers[0].Before.Columns);
        run.Claim(
            "PyTorch initialises weights uniformly in a small range [−a, a]; the input layer's histogram is roughly uniform or slightly "
                + "trapezoidal",
            $"input layer within ±{largest:F5}, 1/√fan_in = {uniform.Bound:F5}; distance from uniform {uniform.Distance:F4} (95% of "
                + $"uniform samples stay below {uniform.Allowed:F4}): {(uniform.Passes ? "flat, not trapezoidal" : "not uniform")}",
            uniform.Passes && largest <= uniform.Bound,
            anyLength: true);

        float limit = initial.Weights.Max(MathF.Abs);
        double distance = Statistics.UniformDistance(initial.Weights, -limit, limit);
        string bounds = string.Join(", ", layers.Select(l => $"{l.Before.Largest:F3}"));
        run.Claim(
            "Initially all weights together are roughly uniform near zero",
            $"each layer is uniform within its own ±1/√fan_in ({bounds}), together they stack up to steps: "
                + $"distance from uniform {distance:F2}",
            distance < 0.1,
            anyLength: true);
    }

    public void JudgeTraining()
    {
        double accuracy = sgd.TestAccuracies[^1];
        run.Claim(
            "Expect about 95% test accuracy",
            $"{accuracy:0.00%} after {Wording.Count(sgd.Epochs.Count, "epoch")} (best {sgd.TestAccuracies.Max():0.00%})",
            accuracy is >= 0.94 and <= 0.96 ? Verdict.Holds : accuracy > 0.90 ? Verdict.Partly : Verdict.DoesNotHold);

        var (before, after) = (Profile.Of(initial.Weights), Profile.Of(final.Weights));
        run.Claim(
            "As training progresses, the tails become heavier",
            $"weights with |w| > {Tail}: {before.TailShare:0.00%} → {after.TailShare:0.00%}; largest |w| {before.Largest:F3} → "
                + $"{after.Largest:F3}; excess kurtosis {Notation.Fixed(before.ExcessKurtosis, 2)} → "
                + $"{Notation.Fixed(after.ExcessKurtosis, 2)}",
            after.TailShare > before.TailShare);

        var input = layers[0];
        double inputBefore = Statistics.NormalDistance(input.Before.Values), inputAfter = Statistics.NormalDistance(input.After.Values);
        run.Claim(
            "The histogram comes to resemble a Gaussian",
            $"distance from the fitted Gaussian, all weights: {before.FromNormal:F3} → {after.FromNormal:F3}; "
                + $"input layer: {inputBefore:F3} → {inputAfter:F3}; excess kurtosis {Notation.Fixed(after.ExcessKurtosis, 1)}, a "
                + "Gaussian's is 0",
            after.FromNormal < before.FromNormal ? after.FromNormal < 0.05 ? Verdict.Holds : Verdict.Partly : Verdict.DoesNotHold);

        run.Claim(
            "The centre lightens over time: fewer weights near zero",
            $"weights with |w| < {NearZero}: {before.CentreShare:0.0%} → {after.CentreShare:0.0%}",
            after.CentreShare < before.CentreShare);
        run.Claim(
            "Weights drift toward larger magnitudes",
            $"standard deviation {before.Std:F4} → {after.Std:F4}",
            after.Std > before.Std);

        double skewness = Statistics.Skewness(final.Weights);
        run.Claim(
            "The distribution may not be perfectly symmetrical",
            $"skewness {Notation.Fixed(skewness, 3)} (a Gaussian has 0)",
            Math.Abs(skewness) > 0.01);
    }

    /// <summary>What the document's script leaves out, and the colours it names.</summary>
    public void JudgeScript(int scored, int testImages)
    {
        int outside = final.Weights.Count(w => MathF.Abs(w) > Range);
        run.Claim(
            "All weights in a single histogram, from −0.8 to 0.8",
            $"{outside} of {final.Weights.Length} weights lie outside after training, up to {final.Weights.Max(MathF.Abs):F2}; "
                + "np.histogram leaves them out silently",
            outside == 0);

        run.Claim(
            "The test accuracy is measured on the held-out tenth of the images",
            $"the test loader drops its last short batch too: {scored:N0} of {testImages:N0} test images are scored",
            scored == testImages,
            anyLength: true);

        var first = Colormap.Coolwarm.At(0);
        run.Claim(
            "Curves go from an earlier epoch (warm colour) to a later one (cool colour)",
            $"coolwarm(0) is {first.ToHex()}, blue: it runs from cool to warm",
            first.R > first.B,
            anySettings: true);
    }

    /// <summary>The same training with Adam, layer by layer, and with weight decay.</summary>
    public void JudgeExplorations(Recording adam, Snapshot decayed)
    {
        int? adamEpoch = adam.FirstEpochWith(testAccuracy: 0.9), sgdEpoch = sgd.FirstEpochWith(testAccuracy: 0.9);
        run.Claim(
            "Adam might converge faster than SGD",
            $"90% test accuracy first in epoch {adamEpoch?.ToString() ?? "none"} with Adam, {sgdEpoch?.ToString() ?? "none"} with "
                + run.Recipe.Optimizer.Name,
            adamEpoch is not null && (sgdEpoch is null || adamEpoch < sgdEpoch));

        double inputStd = layers[0].After.Std, outputStd = layers[^1].After.Std;
        run.Claim(
            "Some layers have narrower or broader distributions",
            $"standard deviations after training: {Wording.Pairs(layers.Select(l => l.Name), layers.Select(l => l.After.Std), "F3")}",
            inputStd < 0.8 * outputStd);

        double plainTail = Profile.Of(final.Weights).TailShare, decayedTail = Profile.Of(decayed.Weights).TailShare;
        run.Claim(
            "Weight decay affects the histogram's tails",
            $"weights with |w| > {Tail}: {plainTail:0.00%} without, {decayedTail:0.00%} with weight decay {WeightHistograms.WeightDecay}",
            decayedTail < plainTail);
    }

    /// <summary>
    /// The same training with batch normalisation: how far it moves each layer's weights, against how far plain SGD does.
    /// </summary>
    public void JudgeBatchNorm(Snapshot normalized)
    {
        const double Significant = 0.1; // a change of a tenth
        var changes = LayerChange.Between(initial, normalized);
        double[] ratios = [.. changes.Zip(layers, (with, without) => with.Moved / without.Moved)];
        int hidden = ratios.Length - 1; // the layers that a normalisation follows
        int different = ratios.Take(hidden).Count(ratio => Math.Abs(ratio - 1) > Significant);
        run.Claim(
            "With batch normalisation, weight dynamics can differ significantly",
            "standard deviation of what training added to the weights, with batch normalisation over without: "
                + Wording.Pairs(changes.Select(l => l.Name), ratios, "F2"),
            different == hidden ? Verdict.Holds : different > 0 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    /// <summary>A distribution of weights: how wide, how much of it in the tails and near zero, how far from a Gaussian.</summary>
    private readonly record struct Profile(
        double Std, float Largest, double TailShare, double CentreShare, double ExcessKurtosis, double FromNormal)
    {
        public static Profile Of(float[] weights) => new(
            Statistics.Std(weights),
            weights.Max(MathF.Abs),
            weights.Count(w => Math.Abs(w) > Tail) / (double)weights.Length,
            weights.Count(w => Math.Abs(w) < NearZero) / (double)weights.Length,
            Statistics.ExcessKurtosis(weights),
            Statistics.NormalDistance(weights));
    }
}
