using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// What document 003 says that its two metrics are good for: seeing a training stall, directions that it leaves unused, when to regularise,
/// what to prune. added: the spectra of W − W₀.
/// </summary>
internal sealed class WeightChangesUses(
    LectureRun run, Recording recording, Snapshot final, IReadOnlyList<Spectrum> added, Saturation saturation, Pruning pruning)
{
    private const double Most = 0.9;         // of ‖W − W₀‖²
    private const double Noticeable = 0.01;  // of accuracy
    private const double Standstill = 0.001; // of accuracy, from epoch to epoch
    private const double High = 1000;        // "extremely large" for a condition number
    private const double Decay = 0.01;       // a weight decay to compare with

    private readonly string[] layers = [.. LayerMatrix.Of(final).Select(w => w.Layer)];
    private readonly IReadOnlyList<EpochMeasure> epochs = EpochMeasure.Of(recording);

    /// <summary>stepsOfDecay: steps an epoch times learning rate, what weight decay 1 would take off in an epoch.</summary>
    public void Judge(double stepsOfDecay)
    {
        JudgeStalling();
        JudgeDirections();
        JudgeRegularization(stepsOfDecay);
        JudgePruning();
    }

    // Are the distances small where accuracy no longer rises?
    private void JudgeStalling()
    {
        int some = Math.Max(1, epochs.Count / 10);
        double first = epochs[0].MeanDistance, last = epochs.TakeLast(some).Average(e => e.MeanDistance);
        double test = Rise(recording.TestAccuracies), train = Rise(recording.TrainAccuracies);
        bool stalls = test < Standstill, small = last < first / 10;
        run.Claim(
            "Weight dynamics can help diagnose if learning is stalling",
            $"over the last {Wording.Count(some, "epoch")} test accuracy rises by {100 * test:F3} points an epoch, train accuracy by "
                + $"{100 * train:F3}, and the layers still move by {last / first:0%} of what they did in the first "
                + $"(mean distance {last:F3})"
                + (stalls && !small ? ": on the test images learning stands still, and the distances don't show it" : ""),
            stalls == small ? Verdict.Holds : last < first / 2 ? Verdict.Partly : Verdict.DoesNotHold);

        double Rise(IReadOnlyList<double> accuracies) => (accuracies[^1] - accuracies[Math.Max(0, accuracies.Count - 1 - some)]) / some;
    }

    // Does training use few of a layer's directions, and does κ tell in which layer?
    private void JudgeDirections()
    {
        int[] used = [.. added.Select(s => s.DirectionsFor(Most))];
        double[] shares = [.. added.Select((s, i) => used[i] / (double)s.Values.Length)];
        double[] conditions = [.. epochs[^1].Layers.Select(l => l.Condition)];
        string perLayer = string.Join(", ", added.Select((s, i) => $"{s.Layer} {used[i]} of {s.Values.Length} (κ {conditions[i]:F1})"));
        bool under = shares.Min() < 0.5, told = Array.IndexOf(shares, shares.Min()) == Array.IndexOf(conditions, conditions.Max());
        run.Claim(
            "Weight dynamics can help diagnose if layers are underutilising certain directions in parameter space",
            $"{Most:0%} of what training added lies in so many directions: {perLayer}; {saturation.Silent:0.0%} of the hidden units are "
                + $"silent on every test image measured; the highest κ is {(told ? "" : "not ")}that of the layer with the smallest "
                + "share in use",
            (under, told) switch
            {
                (true, true) => Verdict.Holds,
                (false, _) => Verdict.DoesNotHold,
                _ => Verdict.Partly,
            });
    }

    // Does κ get large, is the training unstable, and what would weight decay see of it?
    private void JudgeRegularization(double stepsOfDecay)
    {
        double highest = epochs.Max(e => e.Layers.Max(l => l.Condition));
        double fall = recording.TestAccuracies.Zip(recording.TestAccuracies.Skip(1), (before, after) => before - after).Append(0).Max();
        bool large = highest > High, unstable = fall > Noticeable;
        var (first, last) = (epochs[0].Layers, epochs[^1].Layers);
        string norms = string.Join(", ", layers.Select((name, i) => $"{name} {first[i].Norm:F2} → {last[i].Norm:F2}"));
        run.Claim(
            "Condition numbers can get extremely large: regularisation might be considered if that leads to instability",
            $"the highest κ is {highest:F1}, and test accuracy never falls by more than {100 * fall:F2} points an epoch; weight decay sees "
                + $"the norms, not κ: {norms} from the first epoch to the last; decay {Decay} would pull each back by "
                + $"{Decay * stepsOfDecay:0.0%} an epoch, where training moves them by "
                + $"{Wording.List(last.Select(l => l.Distance / l.Norm), "0.0%")} in the last, and one factor for all singular values "
                + "leaves κ as it is",
            (large, unstable) switch
            {
                (true, true) => Verdict.Holds,
                (false, false) => Verdict.DoesNotHold,
                _ => Verdict.Partly,
            });
    }

    // Which weights can go, and does a sparse layer lose least?
    private void JudgePruning()
    {
        const int Half = 1; // its place in Pruning.Shares
        double[] sparsity = [.. LayerMatrix.Of(final).Select(w => WeightTracker.Sparsity(w.Values))];
        double[] lost = [.. pruning.ByLayer.Select(accuracy => pruning.Whole - accuracy)];
        double smallest = pruning.Whole - pruning.Smallest[Half], random = pruning.Whole - pruning.AtRandom[Half]; // points lost
        bool free = smallest < Noticeable, cheaper = smallest < random / 2;
        bool told = Array.IndexOf(sparsity, sparsity.Max()) == Array.IndexOf(lost, lost.Min());
        run.Claim(
            "These insights can be combined with pruning (removing weights with small contributions)",
            $"test accuracy {pruning.Whole:0.0%}; without the smallest {Wording.List(Pruning.Shares, "0%")} of each layer's weights "
                + $"{Wording.List(pruning.Smallest, "0.0%")}, without as many at random {Wording.List(pruning.AtRandom, "0.0%")}; without "
                + $"{Pruning.LayerShare:0%} of one layer it loses {Wording.Pairs(layers, lost.Select(l => 100 * l), "F1")} points, and "
                + $"Hoyer's sparsity is {Wording.Pairs(layers, sparsity, "F3")}: the sparsest layer is {(told ? "" : "not ")}the one that "
                + "loses least",
            free && told ? Verdict.Holds : free || cheaper ? Verdict.Partly : Verdict.DoesNotHold);
    }
}
