using System.Globalization;
using System.Text;
using NativeNN.Analysis;
using NativeNN.Experiments.Reports;
using Trained = NativeNN.Experiments.Lectures.WeightDistributions.Trained;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 001 and what this run measured about each.</summary>
internal static class WeightDistributionsClaims
{
    // The 5% critical value of a Kolmogorov–Smirnov test over n values is 1.36/√n.
    private const double KolmogorovSmirnov5Percent = 1.36;
    private const double Similar = 1.15; // two spreads within this ratio count as the same

    /// <summary>One layer's weights before and after a training.</summary>
    private sealed record LayerChange(string Name, float[] Before, float[] After)
    {
        public double Growth => Statistics.Std(After) / Statistics.Std(Before);

        /// <summary>Standard deviation of what training added to each weight.</summary>
        public double Moved => Statistics.Std(After.Zip(Before, (a, b) => (double)a - b).ToArray());
    }

    public static void Judge(LectureRun run, Snapshot first, Trained main, Trained byLayer, Trained raw, Trained rawSlow, Trained adam,
        Trained none, Trained half, (double Mean, double Std) pixels)
    {
        double accuracy = main.Recording.TestAccuracies[^1];
        run.Claim("The model was already performing quite well",
            $"test accuracy {accuracy:0.00%} after {main.Recording.Epochs.Count} epochs (best {main.Recording.TestAccuracies.Max():0.00%})", accuracy >= 0.9);
        run.Claim("SGD slows learning down, for illustration",
            $"90% test accuracy first in epoch {Epoch(main)} with SGD, {Epoch(adam)} with Adam",
            EpochsTo(adam.Recording) is > 0 and var quick && (EpochsTo(main.Recording) is 0 || EpochsTo(main.Recording) > quick));
        JudgeHistogram(run, main);
        JudgeLayers(run, first, Changes(byLayer));
        JudgeRawPixels(run, main, raw, rawSlow, pixels);
        JudgeDropout(run, none, main, half);
    }

    private static void JudgeHistogram(LectureRun run, Trained main)
    {
        var densities = main.Recording.Of("all");
        int saturated = densities[^1].Count(d => d > 3);
        run.Claim("The image of the histograms (vmin 0, vmax 3) shows how the distribution develops: Sauron's eye",
            $"the flanks, yes; but {saturated} of {densities[^1].Length} bins lie above 3 and are plain white in the last row: that the peak goes from {densities[0].Max():F1} to {densities[^1].Max():F1} is not in the image",
            saturated == 0 ? Verdict.Holds : Verdict.Partly);
        double outside = main.Final.All.Count(w => !(Math.Abs(w) <= 0.3)) / (double)main.Final.All.Length;
        run.Claim("A histogram of all weights across all layers, from −0.3 to 0.3",
            $"{outside:0.00%} of the {main.Final.All.Length} parameters (biases count too) lie outside after training, up to {main.Final.All.Max(MathF.Abs):F2}; np.histogram leaves them out of the density silently",
            outside == 0 ? Verdict.Holds : outside < 0.05 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    /// <summary>Exercise 1: are the changes similar across all layers?</summary>
    private static void JudgeLayers(LectureRun run, Snapshot first, List<LayerChange> layers)
    {
        var table = new StringBuilder("layer          weights   std before → after   distance from a uniform of that spread   excess kurtosis (uniform: −1.2)\n");
        foreach (var layer in layers)
            table.Append($"{layer.Name,-14}{layer.Before.Length,8}   {Statistics.Std(layer.Before):F4} → {Statistics.Std(layer.After):F4}      {FromUniform(layer.Before):F4} → {FromUniform(layer.After):F4}")
                .Append($"                        {Statistics.ExcessKurtosis(layer.Before),5:F2} → {Statistics.ExcessKurtosis(layer.After):F2}\n");
        run.Print("Exercise 1: how far from uniform is each layer?", table.ToString().TrimEnd());

        var initial = WeightDistributions.LayersOf(first).Select(layer =>
        {
            double bound = 1 / Math.Sqrt(FanIn(layer.Name));
            return (Distance: Statistics.UniformDistance(layer.Values, -bound, bound), Allowed: KolmogorovSmirnov5Percent / Math.Sqrt(layer.Values.Length),
                PerBin: layer.Values.Length * 0.014 / (2 * bound)); // bins of exercise 1 are 0.014 wide
        }).ToList();
        int uniform = initial.Count(i => i.Distance <= i.Allowed);
        run.Claim("The weights get less and less uniform from layer to layer, already in the initialised weights",
            $"{uniform} of {initial.Count} layers pass as uniform in ±1/√fan_in: distances {Join(initial.Select(i => i.Distance), "F4")}, where a uniform sample stays below {Join(initial.Select(i => i.Allowed), "F4")}; "
            + $"a curve over 100 bins looks the more ragged the fewer weights a layer has, here {Join(initial.Select(i => i.PerBin), "F0")} in a bin",
            uniform == initial.Count ? Verdict.DoesNotHold : uniform == 0 ? Verdict.Holds : Verdict.Partly);

        var after = layers.Select(l => FromUniform(l.After)).ToList();
        var change = layers.Select(l => FromUniform(l.After) - FromUniform(l.Before)).ToList();
        bool rising = after.Zip(after.Skip(1)).All(p => p.First < p.Second), falling = after.Zip(after.Skip(1)).All(p => p.First > p.Second);
        run.Claim("After learning too, the weights get less and less uniform from layer to layer",
            $"distance from a uniform distribution of the same spread: {Join(after, "F3")} from input to output",
            rising ? Verdict.Holds : falling || after[0] == after.Max() ? Verdict.DoesNotHold : Verdict.Partly);
        run.Claim("The trend is clearer for the input layer than for the later layers",
            $"that distance changed by {Join(change, "+0.000;−0.000")} from input to output", change[0] == change.Max());
        run.Claim("Question: are the learning-related changes similar across all layers?",
            $"standard deviations grow ×{Join(layers.Select(l => l.Growth), "F2")} from input to output; shapes: excess kurtosis {Join(layers.Select(l => Statistics.ExcessKurtosis(l.After)), "F2")}",
            layers.Max(l => l.Growth) / layers.Min(l => l.Growth) < Similar);
    }

    /// <summary>Exercise 2: does the scale of the data affect the scale of the weights?</summary>
    private static void JudgeRawPixels(LectureRun run, Trained main, Trained raw, Trained rawSlow, (double Mean, double Std) pixels)
    {
        var (unit, large, slow) = (Changes(main), Changes(raw), Changes(rawSlow));
        double[] ratios = [.. large.Zip(unit, (l, u) => Statistics.Std(l.After) / Statistics.Std(u.After))];
        string course = raw.Recording.DivergedAtStep is { } step ? $"diverges at step {step}"
            : $"does not diverge: the loss starts at {raw.Recording.Of("first-losses")[0][0]:F1}, reaches {raw.Recording.Of("first-losses")[0].Max():F1} in its first steps, and {raw.DeadUnits:0%} of the first hidden units are dead in the end ({main.DeadUnits:0%} with normalised pixels)";
        run.Claim("Exercise 2: the scale of the data doesn't affect the scale of the weights",
            $"at the same learning rate training {course}; standard deviations of the layers against those with pixels 0–1: ×{Join(ratios, "F2")}",
            ratios.All(r => r is > 1 / Similar and < Similar));
        run.Result($"Exercise 2, learning rate {raw.LearningRate}: training moved the layers' weights by {Join(large.Select(l => l.Moved), "F4")} (standard deviation) on pixels 0–255, {Join(unit.Select(l => l.Moved), "F4")} on 0–1");
        run.Result($"Exercise 2, learning rate {rawSlow.LearningRate}: loss from {rawSlow.Recording.Of("first-losses")[0][0]:F1}, at most {rawSlow.Recording.Of("first-losses")[0].Max():F1} in its first steps, {rawSlow.DeadUnits:0%} dead units; weights moved by {Join(slow.Select(l => l.Moved), "F4")}: "
            + $"with pixels 255 times as large the input layer does its work {slow[0].Moved / unit[0].Moved:F2} times as far from its initial weights; its spread goes from {Statistics.Std(slow[0].Before):F4} to {Statistics.Std(slow[0].After):F4}");
        double accuracy = main.Recording.TestAccuracies[^1], rawAccuracy = raw.Recording.TestAccuracies[^1], slowAccuracy = rawSlow.Recording.TestAccuracies[^1];
        run.Claim("Exercise 2: it doesn't seem to matter too much (for accuracy)",
            $"test accuracy {rawAccuracy:0.00%} at learning rate {raw.LearningRate}, {slowAccuracy:0.00%} at {rawSlow.LearningRate}, against {accuracy:0.00%} with pixels 0–1; lowest after epoch 10: {raw.Recording.TestAccuracies.Skip(10).DefaultIfEmpty(rawAccuracy).Min():0.00%}",
            Math.Abs(accuracy - rawAccuracy) < 0.01 ? Verdict.Holds : Math.Abs(accuracy - rawAccuracy) < 0.05 ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim("These data are most likely already distributed in a fairly normalised way",
            $"pixels have mean {pixels.Mean:F1} and standard deviation {pixels.Std:F1} from 0 to 255; divided by 255, {pixels.Mean / 255:F3} and {pixels.Std / 255:F3}",
            Math.Abs(pixels.Mean) < 1 && pixels.Std is > 0.5 and < 2);
    }

    /// <summary>Exercise 3: how does dropout affect the weight distributions?</summary>
    private static void JudgeDropout(LectureRun run, Trained none, Trained main, Trained half)
    {
        double[] quarterEffect = Effects(none, main), halfEffect = Effects(none, half);
        run.Claim("Exercise 3: a dropout of 0.25 doesn't change the weight distributions much (exercise 1 says so too)",
            $"largest gap between the distributions with 0.25 and with 0, as a share of the gap that training itself makes: {Join(quarterEffect, "0%")} from input to output; with 0.5: {Join(halfEffect, "0%")}; "
            + $"standard deviations with 0: {Spreads(none)}, 0.25: {Spreads(main)}, 0.5: {Spreads(half)}",
            quarterEffect.Max() < 0.25 ? Verdict.Holds : quarterEffect.Min() < 0.25 ? Verdict.Partly : Verdict.DoesNotHold);
        double zero = none.Recording.TestAccuracies[^1], quarter = main.Recording.TestAccuracies[^1];
        run.Claim("Exercise 3: the impact of a 0.25 dropout isn't too strong, as the model was performing well",
            $"test accuracy {zero:0.00%} with 0, {quarter:0.00%} with 0.25, {half.Recording.TestAccuracies[^1]:0.00%} with 0.5; accuracy in training (dropout on) {none.Recording.TrainAccuracies[^1]:0.00%}, {main.Recording.TrainAccuracies[^1]:0.00%}, {half.Recording.TrainAccuracies[^1]:0.00%}",
            Math.Abs(quarter - zero) < 0.01 ? Verdict.Holds : Math.Abs(quarter - zero) < 0.03 ? Verdict.Partly : Verdict.DoesNotHold);

        // For each layer: gap(without, with dropout) / gap(before, after training without)
        static double[] Effects(Trained without, Trained with) => [.. Changes(without).Zip(Changes(with),
            (a, b) => Gap(a.After, b.After) / Gap(a.Before, a.After))];

        static string Spreads(Trained trained) => Join(Changes(trained).Select(l => Statistics.Std(l.After)), "F3");
    }

    //  Two-sample Kolmogorov–Smirnov distance: max over x of |F_a(x) − F_b(x)|
    private static double Gap(float[] a, float[] b)
    {
        float[] x = [.. a.Order()], y = [.. b.Order()];
        double gap = 0;
        for (int i = 0, j = 0; i < x.Length && j < y.Length;)
        {
            float next = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] <= next)
                i++;
            while (j < y.Length && y[j] <= next)
                j++;
            gap = Math.Max(gap, Math.Abs((double)i / x.Length - (double)j / y.Length));
            if (float.IsNaN(next))
                return double.NaN;
        }
        return gap;
    }

    //  A uniform distribution of mean μ and standard deviation σ lies in μ ± √3·σ.
    private static double FromUniform(float[] values)
    {
        double mean = Statistics.Mean(values), half = Math.Sqrt(3) * Statistics.Std(values);
        return Statistics.UniformDistance(values, mean - half, mean + half);
    }

    private static List<LayerChange> Changes(Trained trained) => [.. WeightDistributions.LayersOf(trained.Initial)
        .Zip(WeightDistributions.LayersOf(trained.Final), (before, after) => new LayerChange(before.Name, before.Values, after.Values))];

    private static int FanIn(string layer) => layer switch { "input.weight" => 784, "fc1.weight" => 64, _ => 32 };

    private static int EpochsTo(Recording recording) => recording.Epochs.FindIndex(e => e.TestAccuracy >= 0.9) + 1;

    private static string Epoch(Trained trained) => EpochsTo(trained.Recording) is > 0 and var epoch ? epoch.ToString(CultureInfo.InvariantCulture) : "none";

    private static string Join(IEnumerable<double> values, string format) =>
        string.Join(", ", values.Select(v => v.ToString(format, CultureInfo.InvariantCulture)));
}
