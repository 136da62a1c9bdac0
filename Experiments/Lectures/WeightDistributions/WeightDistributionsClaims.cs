using System.Text;
using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using Trained = NativeNN.Experiments.Lectures.WeightDistributions.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 001 and what this run measured about each; main is the document's own training.</summary>
internal sealed class WeightDistributionsClaims(LectureRun run, Trained main)
{
    private const double Similar = 1.15; // two spreads within this ratio count as the same
    private const double White = 3;      // densities above it are white in the image
    private const double Learned = 0.9;  // the test accuracy that speeds are compared by

    public void JudgeMain(Trained adam)
    {
        var recording = main.Recording;
        double accuracy = recording.TestAccuracies[^1];
        run.Claim(
            "The model was already performing quite well",
            $"test accuracy {accuracy:0.00%} after {Wording.Count(recording.Epochs.Count, "epoch")} (best "
                + $"{recording.TestAccuracies.Max():0.00%})",
            accuracy >= 0.9);

        int? slow = recording.FirstEpochWith(Learned), quick = adam.Recording.FirstEpochWith(Learned);
        run.Claim(
            "SGD slows learning down, for illustration",
            $"90% test accuracy first in epoch {slow?.ToString() ?? "none"} with {run.Recipe.Optimizer.Name}, "
                + $"{quick?.ToString() ?? "none"} with Adam",
            quick is not null && (slow is null || slow > quick));

        var densities = Densities.AllOf(recording);
        var (first, last) = (densities[0], densities[^1]);
        int saturated = last.Count(d => d > White);
        run.Claim(
            "The image of the histograms (vmin 0, vmax 3) shows how the distribution develops: Sauron's eye",
            $"the flanks, yes; but {saturated} of {last.Length} bins lie above 3 and are plain white in the last row: that the peak goes "
                + $"from {first.Max():F1} to {last.Max():F1} is not in the image",
            saturated == 0 ? Verdict.Holds : Verdict.Partly);

        float[] all = main.Final.All;
        double outside = all.Count(w => !(Math.Abs(w) <= Densities.AllRange)) / (double)all.Length;
        run.Claim(
            "A histogram of all weights across all layers, from −0.3 to 0.3",
            $"{outside:0.00%} of the {all.Length} parameters (biases count too) lie outside after training, up to {all.Max(MathF.Abs):F2}; "
                + "np.histogram leaves them out of the density silently",
            outside == 0 ? Verdict.Holds : outside < 0.05 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    /// <summary>Exercise 1: are the changes similar across all layers?</summary>
    public void JudgeLayers(Snapshot first, Trained byLayer)
    {
        var layers = Changes(byLayer);
        double[] before = [.. layers.Select(l => FromUniform(l.Before))], after = [.. layers.Select(l => FromUniform(l.After))];
        double[] kurtosis = [.. layers.Select(l => Statistics.ExcessKurtosis(l.After.Values))];
        var table = new StringBuilder(
            "layer          weights   std before → after   distance from a uniform of that spread   excess kurtosis (uniform: −1.2)\n");
        for (int i = 0; i < layers.Count; i++)
            table.Append($"{layers[i].Name,-14}{layers[i].Before.Values.Length,8}   {layers[i].Before.Std:F4} → {layers[i].After.Std:F4}")
                .Append($"      {before[i]:F4} → {after[i]:F4}                        ")
                .Append($"{Notation.Fixed(Statistics.ExcessKurtosis(layers[i].Before.Values), 2),5} → {Notation.Fixed(kurtosis[i], 2)}\n");
        run.Print("Exercise 1: how far from uniform is each layer?", table.ToString().TrimEnd());

        JudgeInitialLayers(first);

        bool rising = after.Zip(after.Skip(1)).All(p => p.First < p.Second);
        bool falling = after.Zip(after.Skip(1)).All(p => p.First > p.Second);
        run.Claim(
            "After learning too, the weights get less and less uniform from layer to layer",
            $"distance from a uniform distribution of the same spread: {Wording.List(after, "F3")} from input to output",
            rising ? Verdict.Holds : falling || after[0] == after.Max() ? Verdict.DoesNotHold : Verdict.Partly);

        double[] change = [.. after.Zip(before, (a, b) => a - b)];
        run.Claim(
            "The trend is clearer for the input layer than for the later layers",
            $"that distance changed by {Wording.List(change, "+0.000;−0.000")} from input to output",
            change[0] == change.Max());

        double[] growth = [.. layers.Select(l => l.Growth)];
        run.Claim(
            "Question: are the learning-related changes similar across all layers?",
            $"standard deviations grow ×{Wording.List(growth, "F2")} from input to output; "
                + $"shapes: excess kurtosis {Wording.List(kurtosis, "F2")}",
            growth.Max() / growth.Min() < Similar);
    }

    private void JudgeInitialLayers(Snapshot first)
    {
        var layers = LayerMatrix.Of(first);
        var tests = layers.Select(w => UniformTest.Of(w.Values, fanIn: w.Columns)).ToList();
        int uniform = tests.Count(t => t.Passes);
        string distances = Wording.List(tests.Select(t => t.Distance), "F4"), allowed = Wording.List(tests.Select(t => t.Allowed), "F4");
        // The bins of exercise 1 that a uniform layer's weights share are 2·bound/width many.
        var perBin = layers.Zip(tests, (w, t) => w.Values.Length * Densities.LayerBinWidth / (2 * t.Bound));
        run.Claim(
            "The weights get less and less uniform from layer to layer, already in the initialised weights",
            $"{uniform} of {tests.Count} layers pass as uniform in ±1/√fan_in: distances {distances}, where a uniform sample stays below "
                + $"{allowed}; a curve over 100 bins looks the more ragged the fewer weights a layer has, here "
                + $"{Wording.List(perBin, "F0")} in a bin",
            uniform == tests.Count ? Verdict.DoesNotHold : uniform == 0 ? Verdict.Holds : Verdict.Partly,
            anyLength: true);
    }

    /// <summary>Exercise 2: does the scale of the data affect the scale of the weights?</summary>
    public void JudgeRawPixels(Trained raw, Trained rawSlow, PixelScale pixels)
    {
        var (unit, large, slow) = (Changes(main), Changes(raw), Changes(rawSlow));
        FirstLosses losses = FirstLosses.Of(raw.Recording), slowLosses = FirstLosses.Of(rawSlow.Recording);
        double[] ratios = [.. large.Zip(unit, (l, u) => l.After.Std / u.After.Std)];
        string course = raw.Recording.DivergedAtStep is { } step
            ? $"diverges at step {step}"
            : $"does not diverge: the loss starts at {losses.Start:F1}, reaches {losses.Highest:F1} in its first steps, and "
                + $"{raw.DeadUnits:0%} of the first hidden units are dead in the end ({main.DeadUnits:0%} with normalised pixels)";
        run.Claim(
            "Exercise 2: the scale of the data doesn't affect the scale of the weights",
            $"at the same learning rate training {course}; standard deviations of the layers against those with pixels 0–1: "
                + $"×{Wording.List(ratios, "F2")}",
            ratios.All(r => r is > 1 / Similar and < Similar));
        run.Result(
            $"Exercise 2, learning rate {raw.LearningRate}: training moved the layers' weights by {Moves(large)} (standard deviation) on "
            + $"pixels 0–255, {Moves(unit)} on 0–1");
        run.Result(
            $"Exercise 2, learning rate {rawSlow.LearningRate}: loss from {slowLosses.Start:F1}, at most {slowLosses.Highest:F1} in its "
            + $"first steps, {rawSlow.DeadUnits:0%} dead units; weights moved by {Moves(slow)}: with pixels 255 times as large the input "
            + $"layer does its work {slow[0].Moved / unit[0].Moved:F2} times as far from its initial weights; "
            + $"its spread goes from {slow[0].Before.Std:F4} to {slow[0].After.Std:F4}");

        double accuracy = main.Recording.TestAccuracies[^1], slowAccuracy = rawSlow.Recording.TestAccuracies[^1];
        double rawAccuracy = raw.Recording.TestAccuracies[^1];
        double lowest = raw.Recording.TestAccuracies.Skip(10).DefaultIfEmpty(rawAccuracy).Min();
        run.Claim(
            "Exercise 2: it doesn't seem to matter too much (for accuracy)",
            $"test accuracy {rawAccuracy:0.00%} at learning rate {raw.LearningRate}, {slowAccuracy:0.00%} at {rawSlow.LearningRate}, "
                + $"against {accuracy:0.00%} with pixels 0–1; lowest after epoch 10: {lowest:0.00%}",
            Math.Abs(accuracy - rawAccuracy) < 0.01 ? Verdict.Holds
                : Math.Abs(accuracy - rawAccuracy) < 0.05 ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim(
            "These data are most likely already distributed in a fairly normalised way",
            $"pixels have mean {pixels.Mean:F1} and standard deviation {pixels.Std:F1} from 0 to 255; divided by 255, "
                + $"{pixels.Mean / 255:F3} and {pixels.Std / 255:F3}",
            Math.Abs(pixels.Mean) < 1 && pixels.Std is > 0.5 and < 2,
            anySettings: true);

        static string Moves(IReadOnlyList<LayerChange> layers) => Wording.List(layers.Select(l => l.Moved), "F4");
    }

    /// <summary>Exercise 3: how does dropout affect the weight distributions?</summary>
    public void JudgeDropout(Trained none, Trained half)
    {
        double rate = run.Recipe.Network.Dropout;
        double[] quarterEffects = Effects(none, main), halfEffects = Effects(none, half);
        run.Claim(
            "Exercise 3: a dropout of 0.25 doesn't change the weight distributions much (exercise 1 says so too)",
            $"largest gap between the distributions with {rate} and with 0, as a share of the gap that training itself makes: "
                + $"{Wording.List(quarterEffects, "0%")} from input to output; with 0.5: {Wording.List(halfEffects, "0%")}; "
                + $"standard deviations with 0: {Spreads(none)}, {rate}: {Spreads(main)}, 0.5: {Spreads(half)}",
            quarterEffects.Max() < 0.25 ? Verdict.Holds : quarterEffects.Min() < 0.25 ? Verdict.Partly : Verdict.DoesNotHold);

        var (zero, quarter, fifty) = (none.Recording, main.Recording, half.Recording);
        double loss = Math.Abs(quarter.TestAccuracies[^1] - zero.TestAccuracies[^1]);
        run.Claim(
            "Exercise 3: the impact of a 0.25 dropout isn't too strong, as the model was performing well",
            $"test accuracy {zero.TestAccuracies[^1]:0.00%} with 0, {quarter.TestAccuracies[^1]:0.00%} with {rate}, "
                + $"{fifty.TestAccuracies[^1]:0.00%} with 0.5; accuracy in training (dropout on) {zero.TrainAccuracies[^1]:0.00%}, "
                + $"{quarter.TrainAccuracies[^1]:0.00%}, {fifty.TrainAccuracies[^1]:0.00%}",
            loss < 0.01 ? Verdict.Holds : loss < 0.03 ? Verdict.Partly : Verdict.DoesNotHold);

        // For each layer: gap(without, with dropout) / gap(before, after training without)
        static double[] Effects(Trained without, Trained with) =>
            [.. Changes(without).Zip(Changes(with), (a, b) => Gap(a.After, b.After) / Gap(a.Before, a.After))];

        static double Gap(LayerMatrix a, LayerMatrix b) => Statistics.KolmogorovSmirnovDistance(a.Values, b.Values);

        static string Spreads(Trained trained) => Wording.List(LayerMatrix.Of(trained.Final).Select(w => w.Std), "F3");
    }

    //  A uniform distribution of mean μ and standard deviation σ lies in μ ± √3·σ.
    private static double FromUniform(LayerMatrix layer)
    {
        double mean = Statistics.Mean(layer.Values), half = Math.Sqrt(3) * layer.Std;
        return Statistics.UniformDistance(layer.Values, mean - half, mean + half);
    }

    private static IReadOnlyList<LayerChange> Changes(Trained trained) => LayerChange.Between(trained.Initial, trained.Final);
}
