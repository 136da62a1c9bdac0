using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using PointResult = NativeNN.Experiments.Lectures.InitVariance.PointResult;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 002 and what this run measured about each; scales are those before training, by key.</summary>
internal sealed class InitVarianceClaims(
    LectureRun run, List<PointResult> sweep, List<PointResult> standard, Dictionary<string, StartScales> scales, int classes)
{
    private const double AboveRandom = 0.1;   // less than that above guessing is random: always answering '1' scores 11.35%
    private const double Poor = 0.05;         // that much below the best is poor
    private const double Noticeable = 0.01;   // and that much is worse
    private const double NearBest = 0.005;    // less than this is as good as the best
    private const double Vanished = 1e-3;     // of the default initialisation's scale
    private const double Exploded = 1e3;

    private PointResult Low => sweep[0];

    private PointResult High => sweep[^1];

    private PointResult Best => sweep.MaxBy(r => r.FinalAccuracy)!;

    /// <summary>What the others are measured against: PyTorch's default, or the sweep's best where that was not trained.</summary>
    private PointResult Reference => standard.Find(r => r.Point.Key == "default") ?? Best;

    // How far the ends of the sweep stay below the best
    private double LowGap => Best.FinalAccuracy - Low.FinalAccuracy;

    private double HighGap => Best.FinalAccuracy - High.FinalAccuracy;

    public void Judge()
    {
        JudgeSigmas();
        if (sweep.Count == 0)
            return;
        JudgeAccuracies();
        JudgeWeights();
        JudgeScales();
        JudgeStandard();
        JudgeTime();
        JudgeSaturation();
        JudgeGradientFlow();
    }

    private void JudgeSigmas()
    {
        double[] sigmas = InitVariance.Sigmas;
        run.Claim(
            "np.logspace(-4, 1, 25) gives [1e-4, 1.38e-4, …, 10]",
            $"[{Notation.Short(sigmas[0])}, {Notation.Short(sigmas[1])}, {Notation.Short(sigmas[2])}, …, {Notation.Short(sigmas[^1])}]: "
                + "25 points are 24 steps of a factor "
                + $"{sigmas[1] / sigmas[0]:F3}",
            Math.Abs(sigmas[1] - 1.38e-4) < 0.005e-4,
            anySettings: true);
    }

    private void JudgeAccuracies()
    {
        run.Claim(
            "Often poor performance at very low std dev (1e-4)",
            $"{Low.Point.Label}: {Low.FinalAccuracy:0.00%}, {100 * LowGap:F2} percentage points below the best, "
                + $"{Best.Point.Label} with {Best.FinalAccuracy:0.00%}",
            LowGap > Poor ? Verdict.Holds : LowGap > Noticeable ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim(
            "With low σ the final performance remains random or suboptimal",
            $"{Low.Point.Label}: {Low.Recording.TestAccuracies[0]:0.00%} after the first epoch, {Low.FinalAccuracy:0.00%} in the end; "
                + $"random is about {1.0 / classes:0%}",
            Low.FinalAccuracy < 1.0 / classes + AboveRandom ? Verdict.Holds : LowGap > Noticeable ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim(
            "Also poor at very high std dev (σ = 10)",
            $"{High.Point.Label}: {High.FinalAccuracy:0.00%}, {100 * HighGap:F2} percentage points below the best",
            HighGap > Poor ? Verdict.Holds : HighGap > Noticeable ? Verdict.Partly : Verdict.DoesNotHold);

        var good = sweep.Where(IsNearBest).ToList();
        run.Claim(
            "A sweet spot in between yields the best accuracy",
            $"best: {Best.Point.Label} with {Best.FinalAccuracy:0.00%}; {good.Count} of {sweep.Count} σ, between "
                + $"{Notation.Short(good[0].Sigma)} and "
                + $"{Notation.Short(good[^1].Sigma)}, come within {100 * NearBest:F1} points of it",
            Best == Low || Best == High ? Verdict.DoesNotHold
                : LowGap > Noticeable && HighGap > Noticeable ? Verdict.Holds : Verdict.Partly);
    }

    private void JudgeWeights()
    {
        double lowStart = scales[Low.Point.Key].Std, highStart = scales[High.Point.Key].Std;
        Spread low = Low.Learned, high = High.Learned, best = Best.Learned, reference = Reference.Learned;
        run.Claim(
            "Small σ → final weights cluster near 0 even after training",
            $"{Low.Point.Label}: standard deviation {Notation.Short(lowStart)} → {low.Std:F4}, {low.Std / lowStart:F0} times as wide; "
                + $"{low.ShareNearZero:0%} of them within ±{Spread.NearZero}. "
                + $"{Reference.Point.Label} ends with {reference.Std:F4} and {reference.ShareNearZero:0%}",
            low.Std < 0.5 * reference.Std ? Verdict.Holds
                : low.ShareNearZero > 1.5 * reference.ShareNearZero ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim(
            "Large σ → final weights spread wide",
            $"{High.Point.Label}: standard deviation {Notation.Short(highStart, 4)} → {Notation.Short(high.Std, 4)}; "
                + $"training moved it by {Math.Abs(high.Std / highStart - 1):0.00%}",
            high.Std > 10 * reference.Std,
            anyLength: true);
        run.Claim(
            "Mid-range σ → moderate spread, typically the highest accuracy",
            $"{Best.Point.Label}, the most accurate, ends with a standard deviation of {best.Std:F4}; {Low.Point.Label} with {low.Std:F4}, "
                + $"{High.Point.Label} with {high.Std:F3}",
            best.Std >= low.Std && best.Std <= high.Std && Best != Low && Best != High);
    }

    private void JudgeScales()
    {
        StartScales low = scales[Low.Point.Key], high = scales[High.Point.Key], reference = scales[Reference.Point.Key];
        bool vanished = low.FirstGradient < Vanished * reference.FirstGradient;
        run.Claim(
            "Vanishing gradients: weights that start extremely close to zero can't be updated effectively",
            $"{Low.Point.Label}: fc1's gradient is {Notation.Short(low.FirstGradient)} before the first step, "
                + $"{Notation.Short(low.FirstGradient / reference.FirstGradient, 2)} of the default's "
                + $"{Notation.Short(reference.FirstGradient)}. {(run.Recipe.Optimizer.Kind == OptimizerKind.Adam
                    ? "Yet Adam divides every gradient by its own size, so steps stay near the learning rate" : "Final accuracy")}: "
                + $"{Low.FinalAccuracy:0.00%}",
            Both(vanished, LowGap > Noticeable));

        bool exploded = high.Logits > Exploded * reference.Logits;
        var diverged = sweep.Where(r => r.Recording.DivergedAtStep is not null).ToList();
        string finite = diverged.Count == 0
            ? "no loss became NaN or infinite" : $"not finite: σ = {string.Join(", ", diverged.Select(r => Notation.Short(r.Sigma)))}";
        run.Claim(
            "Exploding gradients: large initial weights blow up activations, training is unstable or stops at poor solutions, accuracy "
                + "degrades dramatically",
            $"{High.Point.Label}: logits of {Notation.Short(high.Logits)} (default: {Notation.Short(reference.Logits)}), fc1's gradient "
                + $"{Notation.Short(high.FirstGradient)}, "
                + $"first loss {Notation.Short(High.FirstLoss, 4)}; {finite}; final accuracy {100 * HighGap:F2} points below the best",
            Both(exploded, HighGap > Poor));

        int fixedEnds = (LowGap <= Noticeable ? 1 : 0) + (HighGap <= Noticeable ? 1 : 0);
        run.Claim(
            "Back propagation can't fix extremely poor initial scales within limited epochs",
            $"after {Wording.Count(Low.Recording.Epochs.Count, "epoch")} {Low.Point.Label} is {100 * LowGap:F2} and {High.Point.Label} "
                + $"{100 * HighGap:F2} "
                + "percentage points below the best",
            fixedEnds switch { 0 => Verdict.Holds, 1 => Verdict.Partly, _ => Verdict.DoesNotHold });

        if (sweep.Count > 1)
            run.Result(
                $"before training, from {Low.Point.Label} to {High.Point.Label}: outputs of {Ratios(low.Activations, high.Activations)} "
                + $"times, gradients of {Ratios(low.Gradients, high.Gradients)} times the size");
    }

    // Xavier's and Kaiming's initialisation
    private void JudgeStandard()
    {
        var automatic = standard.Where(r => r.Point.Key != "default").ToList();
        if (automatic.Count == 0) // merged from a folder that holds none
            return;
        string accuracies = string.Join(", ", standard.Select(r => $"{r.Point.Label} {r.FinalAccuracy:0.00%}"));
        int good = automatic.Count(IsNearBest);
        run.Claim(
            "Xavier or Kaiming initialisation automatically finds a near-optimal variance",
            $"{accuracies}; the best σ of the sweep, {Best.Point.Label}, {Best.FinalAccuracy:0.00%}",
            good == automatic.Count ? Verdict.Holds : good > 0 ? Verdict.Partly : Verdict.DoesNotHold);

        double[] imbalances = [.. automatic.Select(r => scales[r.Point.Key].Imbalance)];
        double best = scales[Best.Point.Key].Imbalance;
        run.Claim(
            "They systematically balance variance across layers",
            $"largest over smallest layer output before training: {Wording.Pairs(automatic.Select(r => r.Point.Label), imbalances, "F1")}, "
                + $"{Best.Point.Label} {best:F1}",
            imbalances.All(x => x < best) && imbalances.Max() < 3 ? Verdict.Holds
                : imbalances.Any(x => x < best) ? Verdict.Partly : Verdict.DoesNotHold,
            anyLength: true);
    }

    private void JudgeTime()
    {
        double minutes = sweep.Sum(r => r.Recording.Epochs.Sum(e => e.Seconds)) / 60;
        int epochs = sweep.Max(r => r.Recording.Epochs.Count);
        run.Claim(
            "This loop might take minutes (6–10)",
            $"{sweep.Count} networks × {Wording.Count(epochs, "epoch")}: {minutes:F1} minutes, added up over the threads that trained them",
            minutes > 10 ? Verdict.DoesNotHold : minutes >= 6 ? Verdict.Holds : Verdict.Partly);
    }

    // Units that are silent or on for every image, answers that the softmax is sure of, and how steady the accuracy is
    private void JudgeSaturation()
    {
        const double More = 0.1;
        if (Saturation.Of(High.Recording) is not { } high || Saturation.Of(Reference.Recording) is not { } reference)
            return;
        var mostSilent = sweep.MaxBy(r => Saturation.Of(r.Recording)?.Silent ?? 0)!;
        bool units = high.Silent + high.Always > reference.Silent + reference.Always + More;
        bool answers = high.Sure > reference.Sure + More;
        bool unstable = High.LargestFall > Noticeable && High.LargestFall > Reference.LargestFall;
        run.Claim(
            "With large σ, final weights possibly saturate neurons or cause instability",
            $"after training {High.Point.Label} has {high.Describe()}; {Reference.Point.Label} {reference.Describe()}; the "
                + $"most silent units has {mostSilent.Point.Label}, {Saturation.Of(mostSilent.Recording)?.Silent ?? 0:0.0%}; test accuracy "
                + $"falls from one epoch to the next by at most {100 * High.LargestFall:F2} and {100 * Reference.LargestFall:F2} points",
            units || unstable ? Verdict.Holds : answers ? Verdict.Partly : Verdict.DoesNotHold);
    }

    private void JudgeGradientFlow()
    {
        double low = scales[Low.Point.Key].GradientImbalance, high = scales[High.Point.Key].GradientImbalance;
        double best = scales[Best.Point.Key].GradientImbalance;
        run.Claim(
            "A moderate σ fosters stable gradient flows and good learning",
            "largest over smallest layer's gradient before training: "
                + $"{Wording.Pairs([Low.Point.Label, Best.Point.Label, High.Point.Label], [low, best, high], digits: 3)}; "
                + $"final accuracies {Low.FinalAccuracy:0.00%}, {Best.FinalAccuracy:0.00%}, {High.FinalAccuracy:0.00%}",
            Best == Low || Best == High ? Verdict.DoesNotHold
                : best < low && best < high ? Verdict.Holds : best < low || best < high ? Verdict.Partly : Verdict.DoesNotHold);
    }

    private bool IsNearBest(PointResult result) => Best.FinalAccuracy - result.FinalAccuracy < NearBest;

    private static Verdict Both(bool cause, bool effect) =>
        (cause, effect) switch { (true, true) => Verdict.Holds, (false, false) => Verdict.DoesNotHold, _ => Verdict.Partly };

    private string Ratios(double[] low, double[] high) =>
        Wording.Pairs(run.Recipe.Network.LayerNames, high.Zip(low, (h, l) => h / l), digits: 2);
}
