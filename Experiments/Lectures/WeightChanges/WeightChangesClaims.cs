using NativeNN.Analysis;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 003 and what this run measured about each.</summary>
internal static class WeightChangesClaims
{
    private const int FewestPoints = 3; // a correlation of fewer says nothing
    private const double Strong = 0.5;  // a correlation above it counts
    private const double High = 1000;   // "very high" for a condition number
    private const double Low = 10;      // and low

    public static void Judge(LectureRun run, Snapshot initial, Snapshot final, Recording record, WeightChanges.Dynamics dynamics)
    {
        string[] layers = WeightChanges.LayerNames;
        var distances = record.Of("distance");
        double[] mean = [.. distances.Select(d => Statistics.Mean(d))];
        int fastest = Array.IndexOf(dynamics.Gain, dynamics.Gain.DefaultIfEmpty().Max()) + 2; // the gain from epoch 1 to 2 belongs to epoch 2
        int furthest = Array.IndexOf(dynamics.Change, dynamics.Change.DefaultIfEmpty().Max()) + 2;

        run.Claim("Large distance = rapid learning, small distance = the model saturates: weight change follows the gain in accuracy",
            dynamics.Gain.Length < FewestPoints ? TooShort(record)
                : $"correlation {dynamics.Correlation:F2} over epochs 2–{mean.Length}{WithoutStart(dynamics)}",
            dynamics.Gain.Length < FewestPoints ? Verdict.Partly
                : dynamics.Correlation > 0.7 ? Verdict.Holds : dynamics.Correlation > 0.3 ? Verdict.Partly : Verdict.DoesNotHold);

        run.Claim("When the model is learning fastest, the weight changes are largest",
            dynamics.Gain.Length < FewestPoints ? TooShort(record)
                : $"train accuracy gains most in epoch {fastest} ({dynamics.Gain.Max():0.00%}), weights move most in epoch {furthest} (mean distance {dynamics.Change.Max():F3})",
            dynamics.Gain.Length < FewestPoints ? Verdict.Partly
                : fastest == furthest ? Verdict.Holds : Math.Abs(fastest - furthest) <= 2 ? Verdict.Partly : Verdict.DoesNotHold);

        int some = Math.Max(1, Math.Min(5, mean.Length / 2)), peak = Array.IndexOf(mean, mean.Max());
        double early = mean.Take(some).Average(), late = mean.TakeLast(some).Average();
        int rises = mean.Zip(mean.Skip(1)).Skip(peak).Count(pair => pair.Second > pair.First);
        run.Claim("Over time, updates shrink as the model converges",
            $"mean distance {early:F3} in the first {some}, {late:F3} in the last {some} epochs; largest in epoch {peak + 1}, and of the {mean.Length - 1 - peak} steps since, {rises} went up again",
            late < early / 2 ? Verdict.Holds : late < early ? Verdict.Partly : Verdict.DoesNotHold);

        double between = record.Of("between").Max(d => d.Max());
        run.Claim("We only measure intra-epoch differences (start vs. end) rather than differences between epoch i and epoch i+1",
            $"the weights at an epoch's start differ from those at the last one's end by {between:G3}: both are the same distance", between != 0);

        double[] before = [.. layers.Select((_, i) => Condition(WeightChanges.Spectrum(initial, i)))], after = record.Of("condition")[^1];
        string conditions = string.Join(", ", layers.Select((name, i) => $"{name} {before[i]:F2} → {after[i]:F2}"));
        int up = Enumerable.Range(0, layers.Length - 1).Count(i => after[i] > 1.1 * before[i]);
        run.Claim("Over training, condition numbers often drift upward in hidden layers",
            $"{conditions}: up by more than a tenth in {up} of {layers.Length - 1} hidden layers",
            up == layers.Length - 1 ? Verdict.Holds : up > 0 ? Verdict.Partly : Verdict.DoesNotHold);

        double highest = record.Of("condition").Max(c => c.Max());
        int low = after.Count(c => c < Low);
        run.Claim("Some layers remain fairly low in condition, others may explode to very high values",
            $"{low} of {layers.Length} end below {Low}; the highest of any layer and epoch is {highest:F1} (above {High:G4} would count as exploded)",
            highest > High ? low > 0 ? Verdict.Holds : Verdict.Partly : low > 0 ? Verdict.Partly : Verdict.DoesNotHold);

        JudgeSparsity(run, record, layers);
        JudgeOverfitting(run, record);

        double[] first = distances[0], last = distances[^1];
        double[] relative = [.. distances[^1].Zip(record.Of("norm")[^1], (d, n) => d / n)];
        run.Claim("Input, hidden, and output layers may vary in how quickly or drastically they update",
            $"distance in the first and last epoch: {string.Join(", ", layers.Select((name, i) => $"{name} {first[i]:F3} and {last[i]:F3}"))}; of the layer's own size, in the last: {string.Join(", ", relative.Select(r => $"{r:0.00%}"))}",
            last.Max() > 1.5 * last.Min());

        JudgeSpectra(run, initial, final, layers);

        double svd = record.Of("condition-seconds").Sum(s => s[0]), all = record.Epochs.Sum(e => e.Seconds);
        run.Claim("Computing the SVD each epoch can be expensive for large matrices",
            $"the largest is 64×784: {1000 * svd / record.Epochs.Count:F0} ms for all four layers, {svd / all:0.0%} of an epoch", svd / all > 0.1 ? Verdict.Holds : Verdict.Partly);
    }

    // Does a large κ mean sparse? Over the epochs, layer by layer, and on a matrix that is as sparse as can be.
    private static void JudgeSparsity(LectureRun run, Recording record, string[] layers)
    {
        var (conditions, sparsity, nearZero) = (record.Of("condition"), record.Of("sparsity"), record.Of("near-zero"));
        var identity = new float[16 * 16];
        for (int i = 0; i < 16; i++)
            identity[17 * i] = 1;
        string counterexample = $"the identity matrix has sparsity {WeightChanges.Sparsity(identity):F2} and κ = {MatrixNorms.ConditionNumber(identity, 16, 16):F0}";
        const string Said = "A high condition number indicates directional skew, possibly a sparse representation";
        if (record.Epochs.Count < FewestPoints)
        {
            run.Claim(Said, $"{TooShort(record)}; {counterexample}", Verdict.Partly);
            return;
        }
        double[] together = [.. layers.Select((_, i) => Statistics.Correlation(conditions.Select(c => c[i]).ToArray(), sparsity.Select(s => s[i]).ToArray()))];
        string perLayer = string.Join(", ", layers.Select((name, i) =>
            $"{name} {together[i]:F2} (near-zero weights {nearZero[0][i]:0.0%} → {nearZero[^1][i]:0.0%}, Hoyer sparsity {sparsity[0][i]:F3} → {sparsity[^1][i]:F3})"));
        int agree = together.Count(r => r > Strong);
        // Even where both grow in every layer, the identity shows that neither needs the other.
        run.Claim(Said, $"correlation of κ and sparsity over the epochs (and what they were in the first and last): {perLayer}; {counterexample}", agree > 0 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    private static void JudgeOverfitting(LectureRun run, Recording record)
    {
        double[] gap = [.. record.Epochs.Select(e => e.TrainAccuracy - e.TestAccuracy)];
        double[] condition = [.. record.Of("condition").Select(c => Statistics.Mean(c.AsSpan(0, c.Length - 1)))];
        const string Said = "Growing condition numbers can also indicate overfitting";
        if (gap.Length < FewestPoints)
        {
            run.Claim(Said, TooShort(record), Verdict.Partly);
            return;
        }
        double r = Statistics.Correlation(gap, condition);
        run.Claim(Said,
            $"train minus test accuracy {gap[0]:+0.00%;-0.00%} → {gap[^1]:+0.00%;-0.00%}; its correlation with the hidden layers' mean κ is {r:F2}, but both rise with time alone; best test accuracy in epoch {Array.IndexOf([.. record.TestAccuracies], record.TestAccuracies.Max()) + 1} of {gap.Length}",
            r <= Strong ? Verdict.DoesNotHold : gap[^1] > 0.02 ? Verdict.Holds : Verdict.Partly);
    }

    // Without the first epochs, where everything is large, does the relation stay?
    private static string WithoutStart(WeightChanges.Dynamics dynamics)
    {
        const int Start = 5;
        return dynamics.Gain.Length < Start + FewestPoints ? ""
            : $"; without the first {Start} of them {Statistics.Correlation(dynamics.Gain.AsSpan(Start), dynamics.Change.AsSpan(Start)):F2}";
    }

    // κ sees the first and the last singular value; the stable rank ‖W‖²_F/σ₁² (1 if one direction holds everything) sees all of them.
    private static void JudgeSpectra(LectureRun run, Snapshot initial, Snapshot final, string[] layers)
    {
        var ends = layers.Select((name, i) => (Name: name, Start: WeightChanges.Spectrum(initial, i), End: WeightChanges.Spectrum(final, i))).ToList();
        int agree = ends.Count(e => Condition(e.End) > Condition(e.Start) == StableRank(e.End) < StableRank(e.Start));
        run.Claim("The condition number shows how 'spherical' (low) or 'flattened' (high) the weight matrix becomes",
            string.Join("; ", ends.Select(e => e.Start.Length == 0 || e.End.Length == 0 ? $"{e.Name} is not finite" :
                $"{e.Name} σ₁ {e.Start[0]:F2} → {e.End[0]:F2}, σ_min {e.Start[^1]:F3} → {e.End[^1]:F3}, stable rank {StableRank(e.Start):F1} → {StableRank(e.End):F1} of {e.End.Length}"))
                + $": κ and the stable rank of all singular values agree in {agree} of {ends.Count} layers on which way it went",
            agree == ends.Count ? Verdict.Holds : agree > 0 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    private static double StableRank(double[] spectrum) => spectrum.Length == 0 ? double.NaN : spectrum.Sum(s => s * s) / (spectrum[0] * spectrum[0]);

    private static double Condition(double[] spectrum) => spectrum.Length == 0 ? double.NaN : spectrum[0] / spectrum[^1];

    private static string TooShort(Recording record) => $"{record.Epochs.Count} epochs are too few to correlate anything";
}
