using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 003 and what this run measured about each.</summary>
internal sealed class WeightChangesClaims(LectureRun run, Snapshot initial, Snapshot final, Recording recording, Dynamics dynamics)
{
    private const int FewestPoints = 3; // a correlation of fewer says nothing
    private const double Strong = 0.5;  // a correlation above it counts
    private const double High = 1000;   // "very high" for a condition number
    private const double Low = 10;      // and low

    private readonly string[] layers = [.. LayerMatrix.Of(initial).Select(w => w.Layer)];
    private readonly IReadOnlyList<EpochMeasure> epochs = EpochMeasure.Of(recording);
    private readonly IReadOnlyList<Spectrum> spectraBefore = Spectrum.Of(initial), spectraAfter = Spectrum.Of(final);

    private string TooShort => $"only {Wording.Count(recording.Epochs.Count, "epoch")}: too few to correlate anything";

    public void Judge()
    {
        JudgeDynamics();
        JudgeShrinking();
        JudgeConditions();
        JudgeSparsity();
        JudgeOverfitting();
        JudgeLayers();
        JudgeSpectra();
        JudgeCost();
    }

    // Do the weights move most when accuracy rises fastest?
    private void JudgeDynamics()
    {
        bool tooShort = dynamics.Gain.Length < FewestPoints;
        run.Claim(
            "Large distance = rapid learning, small distance = the model saturates: weight change follows the gain in accuracy",
            tooShort ? TooShort : $"correlation {Notation.Fixed(dynamics.Correlation, 2)} over epochs 2–{epochs.Count}{WithoutStart()}",
            tooShort ? Verdict.TooShort
                : dynamics.Correlation > 0.7 ? Verdict.Holds : dynamics.Correlation > 0.3 ? Verdict.Partly : Verdict.DoesNotHold);

        double gain = dynamics.Gain.DefaultIfEmpty().Max(), change = dynamics.Change.DefaultIfEmpty().Max();
        int fastest = Array.IndexOf(dynamics.Gain, gain) + 2; // the gain from epoch 1 to 2 belongs to epoch 2
        int furthest = Array.IndexOf(dynamics.Change, change) + 2;
        run.Claim(
            "When the model is learning fastest, the weight changes are largest",
            tooShort ? TooShort
                : $"train accuracy gains most in epoch {fastest} ({gain:0.00%}), weights move most in epoch {furthest} "
                    + $"(mean distance {change:F3})",
            tooShort ? Verdict.TooShort
                : fastest == furthest ? Verdict.Holds : Math.Abs(fastest - furthest) <= 2 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    // Without the first epochs, where everything is large, does the relation stay?
    private string WithoutStart()
    {
        const int Start = 5;
        if (dynamics.Gain.Length < Start + FewestPoints)
            return "";
        double correlation = Statistics.Correlation(dynamics.Gain.AsSpan(Start), dynamics.Change.AsSpan(Start));
        return $"; without the first {Start} of them {Notation.Fixed(correlation, 2)}";
    }

    private void JudgeShrinking()
    {
        double[] distances = [.. epochs.Select(e => e.MeanDistance)];
        int some = Math.Max(1, Math.Min(5, distances.Length / 2)), peak = Array.IndexOf(distances, distances.Max());
        double early = distances.Take(some).Average(), late = distances.TakeLast(some).Average();
        int steps = distances.Length - 1 - peak;
        int rises = distances.Zip(distances.Skip(1)).Skip(peak).Count(pair => pair.Second > pair.First);
        run.Claim(
            "Over time, updates shrink as the model converges",
            $"mean distance {early:F3} in the first {some}, {late:F3} in the last {some} epochs; largest in epoch {peak + 1}, and of the "
                + $"{steps} steps since, {rises} went up again",
            late < early / 2 ? Verdict.Holds : late < early ? Verdict.Partly : Verdict.DoesNotHold);

        double between = epochs.Max(e => e.Between.Max());
        run.Claim(
            "We only measure intra-epoch differences (start vs. end) rather than differences between epoch i and epoch i+1",
            $"the weights at an epoch's start differ from those at the last one's end by {Notation.Short(between)}: both are the same "
                + "distance",
            between != 0,
            anyLength: true);
    }

    private void JudgeConditions()
    {
        double[] before = [.. spectraBefore.Select(s => s.Condition)], after = [.. epochs[^1].Layers.Select(l => l.Condition)];
        string conditions = string.Join(", ", layers.Select((name, i) => $"{name} {before[i]:F2} → {after[i]:F2}"));
        int hidden = layers.Length - 1, up = Enumerable.Range(0, hidden).Count(i => after[i] > 1.1 * before[i]);
        run.Claim(
            "Over training, condition numbers often drift upward in hidden layers",
            $"{conditions}: up by more than a tenth in {up} of {hidden} hidden layers",
            up == hidden ? Verdict.Holds : up > 0 ? Verdict.Partly : Verdict.DoesNotHold);

        double highest = epochs.Max(e => e.Layers.Max(l => l.Condition));
        int low = after.Count(c => c < Low);
        run.Claim(
            "Some layers remain fairly low in condition, others may explode to very high values",
            $"{low} of {layers.Length} end below {Low}; the highest of any layer and epoch is {highest:F1} "
                + $"(above {Notation.Short(High, 4)} would count as exploded)",
            highest > High ? low > 0 ? Verdict.Holds : Verdict.Partly : low > 0 ? Verdict.Partly : Verdict.DoesNotHold);
    }

    // Does a large κ mean sparse? Over the epochs, layer by layer, and on a matrix that is as sparse as can be.
    private void JudgeSparsity()
    {
        const string Said = "A high condition number indicates directional skew, possibly a sparse representation";
        const int Size = 16;
        var identity = new float[Size * Size];
        for (int i = 0; i < Size; i++)
            identity[i * Size + i] = 1;
        string counterexample = $"the identity matrix has sparsity {WeightTracker.Sparsity(identity):F2} and "
            + $"κ = {MatrixNorms.ConditionNumber(identity, Size, Size):F0}";
        if (recording.Epochs.Count < FewestPoints)
        {
            run.Claim(Said, $"{TooShort}; {counterexample}", Verdict.TooShort);
            return;
        }
        double[] together = [.. layers.Select((_, i) => Statistics.Correlation(
            epochs.Select(e => e.Layers[i].Condition).ToArray(), epochs.Select(e => e.Layers[i].Sparsity).ToArray()))];
        string perLayer = string.Join(", ", layers.Select((name, i) =>
        {
            var (first, last) = (epochs[0].Layers[i], epochs[^1].Layers[i]);
            return $"{name} {Notation.Fixed(together[i], 2)} (near-zero weights {first.NearZero:0.0%} → {last.NearZero:0.0%}, "
                + $"Hoyer sparsity {first.Sparsity:F3} → {last.Sparsity:F3})";
        }));
        // Even where both grow in every layer, the identity shows that neither needs the other.
        run.Claim(
            Said,
            $"correlation of κ and sparsity over the epochs (and what they were in the first and last): {perLayer}; {counterexample}",
            together.Any(r => r > Strong) ? Verdict.Partly : Verdict.DoesNotHold);
    }

    private void JudgeOverfitting()
    {
        const string Said = "Growing condition numbers can also indicate overfitting";
        double[] gap = [.. recording.Epochs.Select(e => e.TrainAccuracy - e.TestAccuracy)];
        if (gap.Length < FewestPoints)
        {
            run.Claim(Said, TooShort, Verdict.TooShort);
            return;
        }
        double[] hidden = [.. epochs.Select(e => Statistics.Mean(e.Layers.SkipLast(1).Select(l => l.Condition).ToArray()))];
        double correlation = Statistics.Correlation(gap, hidden);
        int best = Array.IndexOf([.. recording.TestAccuracies], recording.TestAccuracies.Max()) + 1;
        run.Claim(
            Said,
            $"train minus test accuracy {gap[0]:+0.00%;−0.00%} → {gap[^1]:+0.00%;−0.00%}; its correlation with the hidden layers' mean κ "
                + $"is {Notation.Fixed(correlation, 2)}, but both rise with time alone; best test accuracy in epoch {best} of {gap.Length}",
            correlation <= Strong ? Verdict.DoesNotHold : gap[^1] > 0.02 ? Verdict.Holds : Verdict.Partly);
    }

    private void JudgeLayers()
    {
        var (first, last) = (epochs[0].Layers, epochs[^1].Layers);
        string distances = string.Join(", ", layers.Select((name, i) => $"{name} {first[i].Distance:F3} and {last[i].Distance:F3}"));
        string relative = Wording.List(last.Select(l => l.Distance / l.Norm), "0.00%");
        run.Claim(
            "Input, hidden, and output layers may vary in how quickly or drastically they update",
            $"distance in the first and last epoch: {distances}; of the layer's own size, in the last: {relative}",
            last.Max(l => l.Distance) > 1.5 * last.Min(l => l.Distance));
    }

    // κ sees the first and the last singular value; the stable rank sees all of them.
    private void JudgeSpectra()
    {
        var ends = spectraBefore.Zip(spectraAfter, (start, end) => (Start: start, End: end)).ToList();
        int agree = ends.Count(e => e.End.Condition > e.Start.Condition == e.End.StableRank < e.Start.StableRank);
        string perLayer = string.Join("; ", ends.Select(e => Course(e.Start, e.End)));
        run.Claim(
            "The condition number shows how 'spherical' (low) or 'flattened' (high) the weight matrix becomes",
            $"{perLayer}: κ and the stable rank of all singular values agree in {agree} of {ends.Count} layers on which way it went",
            agree == ends.Count ? Verdict.Holds : agree > 0 ? Verdict.Partly : Verdict.DoesNotHold);

        static string Course(Spectrum start, Spectrum end) => !start.IsFinite || !end.IsFinite
            ? $"{end.Layer} is not finite"
            : $"{end.Layer} σ₁ {start.Largest:F2} → {end.Largest:F2}, σ_min {start.Smallest:F3} → {end.Smallest:F3}, "
                + $"stable rank {start.StableRank:F1} → {end.StableRank:F1} of {end.Values.Length}";
    }

    private void JudgeCost()
    {
        var largest = LayerMatrix.Of(initial).MaxBy(w => w.Values.Length)!;
        double svd = epochs.Sum(e => e.ConditionSeconds), all = recording.Epochs.Sum(e => e.Seconds);
        run.Claim(
            "Computing the SVD each epoch can be expensive for large matrices",
            $"the largest is {largest.Rows}×{largest.Columns}: {1000 * svd / recording.Epochs.Count:F0} ms for all "
                + $"{(layers.Length == 4 ? "four" : layers.Length)} layers, "
                + $"{svd / all:0.0%} of an epoch",
            svd / all > 0.1 ? Verdict.Holds : Verdict.Partly,
            anyLength: true);
    }
}
