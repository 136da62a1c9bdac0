using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 002 and what this run measured about each.</summary>
internal static class InitVarianceClaims
{
    private const double NearRandom = 0.2;    // always answering '1' scores 11.35%
    private const double Poor = 0.05;         // that much below the best is poor
    private const double Noticeable = 0.01;   // and that much is worse
    private const double NearBest = 0.005;    // less than this is as good as the best
    private const double Vanished = 1e-3;     // of the default initialisation's scale
    private const double Exploded = 1e3;

    public static void Judge(LectureRun run, List<InitVariance.PointResult> sweep, List<InitVariance.PointResult> standard, Dictionary<string, StartScales> scales)
    {
        double[] sigmas = InitVariance.Sigmas;
        run.Claim("np.logspace(-4, 1, 25) gives [1e-4, 1.38e-4, …, 10]",
            $"[{sigmas[0]:G3}, {sigmas[1]:G3}, {sigmas[2]:G3}, …, {sigmas[^1]:G3}]: 25 points are 24 steps of a factor {sigmas[1] / sigmas[0]:F3}",
            Math.Abs(sigmas[1] - 1.38e-4) < 0.005e-4);
        if (sweep.Count == 0)
            return;
        var (low, high, best) = (sweep[0], sweep[^1], sweep.MaxBy(r => r.FinalAccuracy)!);
        double lowGap = best.FinalAccuracy - low.FinalAccuracy, highGap = best.FinalAccuracy - high.FinalAccuracy;

        run.Claim("Often poor performance at very low std dev (1e-4)",
            $"{low.Point.Label}: {low.FinalAccuracy:0.00%}, {100 * lowGap:F2} percentage points below the best, {best.Point.Label} with {best.FinalAccuracy:0.00%}",
            lowGap > Poor ? Verdict.Holds : lowGap > Noticeable ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim("With low σ the final performance remains random or suboptimal",
            $"{low.Point.Label}: {low.Recording.TestAccuracies[0]:0.00%} after the first epoch, {low.FinalAccuracy:0.00%} in the end; random is about 10%",
            low.FinalAccuracy < NearRandom ? Verdict.Holds : lowGap > Noticeable ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim("Also poor at very high std dev (σ = 10)",
            $"{high.Point.Label}: {high.FinalAccuracy:0.00%}, {100 * highGap:F2} percentage points below the best",
            highGap > Poor ? Verdict.Holds : highGap > Noticeable ? Verdict.Partly : Verdict.DoesNotHold);
        var good = sweep.Where(r => best.FinalAccuracy - r.FinalAccuracy < NearBest).ToList();
        run.Claim("A sweet spot in between yields the best accuracy",
            $"best: {best.Point.Label} with {best.FinalAccuracy:0.00%}; {good.Count} of {sweep.Count} σ, between {good[0].Sigma:G3} and {good[^1].Sigma:G3}, come within {100 * NearBest:F1} points of it",
            best == low || best == high ? Verdict.DoesNotHold : lowGap > Noticeable && highGap > Noticeable ? Verdict.Holds : Verdict.Partly);

        JudgeWeights(run, low, high, best, standard, scales);
        JudgeScales(run, sweep, standard, scales, lowGap, highGap);
        JudgeStandard(run, best, standard, scales);

        double seconds = sweep.Sum(r => r.Recording.Epochs.Sum(e => e.Seconds));
        run.Claim("This loop might take minutes (6–10)",
            $"{sweep.Count} networks × {sweep.Max(r => r.Recording.Epochs.Count)} epochs: {seconds / 60:F1} minutes, added up over the threads that trained them",
            seconds / 60 > 10 ? Verdict.DoesNotHold : seconds / 60 >= 6 ? Verdict.Holds : Verdict.Partly);
    }

    private static void JudgeWeights(LectureRun run, InitVariance.PointResult low, InitVariance.PointResult high, InitVariance.PointResult best,
        List<InitVariance.PointResult> standard, Dictionary<string, StartScales> scales)
    {
        var reference = standard.Find(r => r.Point.Key == "default") ?? best;
        double grown = low.LearnedStd / scales[low.Point.Key].Std;
        run.Claim("Small σ → final weights cluster near 0 even after training",
            $"{low.Point.Label}: standard deviation {scales[low.Point.Key].Std:G3} → {low.LearnedStd:F4}, {grown:F0} times as wide; {low.ShareNearZero:0%} of them within ±{InitVariance.PointResult.NearZero}. {reference.Point.Label} ends with {reference.LearnedStd:F4} and {reference.ShareNearZero:0%}",
            low.LearnedStd < 0.5 * reference.LearnedStd ? Verdict.Holds
                : low.ShareNearZero > 1.5 * reference.ShareNearZero ? Verdict.Partly : Verdict.DoesNotHold);
        run.Claim("Large σ → final weights spread wide",
            $"{high.Point.Label}: standard deviation {scales[high.Point.Key].Std:G4} → {high.LearnedStd:G4}; training moved it by {Math.Abs(high.LearnedStd / scales[high.Point.Key].Std - 1):0.00%}",
            high.LearnedStd > 10 * reference.LearnedStd);
        run.Claim("Mid-range σ → moderate spread, typically the highest accuracy",
            $"{best.Point.Label}, the most accurate, ends with a standard deviation of {best.LearnedStd:F4}; {low.Point.Label} with {low.LearnedStd:F4}, {high.Point.Label} with {high.LearnedStd:F3}",
            best.LearnedStd >= low.LearnedStd && best.LearnedStd <= high.LearnedStd && best != low && best != high);
    }

    private static void JudgeScales(LectureRun run, List<InitVariance.PointResult> sweep, List<InitVariance.PointResult> standard,
        Dictionary<string, StartScales> scales, double lowGap, double highGap)
    {
        var (low, high) = (sweep[0], sweep[^1]);
        var (lowScales, highScales) = (scales[low.Point.Key], scales[high.Point.Key]);
        var reference = scales[(standard.Find(r => r.Point.Key == "default") ?? sweep.MaxBy(r => r.FinalAccuracy)!).Point.Key];
        bool vanished = lowScales.Gradients[0] < Vanished * reference.Gradients[0];
        run.Claim("Vanishing gradients: weights that start extremely close to zero can't be updated effectively",
            $"{low.Point.Label}: fc1's gradient is {lowScales.Gradients[0]:G3} before the first step, {lowScales.Gradients[0] / reference.Gradients[0]:G2} of the default's {reference.Gradients[0]:G3}. Yet Adam divides every gradient by its own size, so steps stay near the learning rate: {low.FinalAccuracy:0.00%}",
            (vanished, lowGap > Noticeable) switch { (true, true) => Verdict.Holds, (false, false) => Verdict.DoesNotHold, _ => Verdict.Partly });

        bool exploded = highScales.Activations[^1] > Exploded * reference.Activations[^1];
        var diverged = sweep.Where(r => r.Recording.DivergedAtStep is not null).ToList();
        run.Claim("Exploding gradients: large initial weights blow up activations, training is unstable or stops at poor solutions, accuracy degrades dramatically",
            $"{high.Point.Label}: logits of {highScales.Activations[^1]:G3} (default: {reference.Activations[^1]:G3}), fc1's gradient {highScales.Gradients[0]:G3}, first loss {high.FirstLoss:G4}; {(diverged.Count == 0 ? "no loss became NaN or infinite" : $"not finite: {Range(diverged)}")}; final accuracy {100 * highGap:F2} points below the best",
            (exploded, highGap > Poor) switch { (true, true) => Verdict.Holds, (false, false) => Verdict.DoesNotHold, _ => Verdict.Partly });

        int fixedEnds = (lowGap <= Noticeable ? 1 : 0) + (highGap <= Noticeable ? 1 : 0);
        run.Claim("Back propagation can't fix extremely poor initial scales within limited epochs",
            $"after {low.Recording.Epochs.Count} epochs {low.Point.Label} is {100 * lowGap:F2} and {high.Point.Label} {100 * highGap:F2} percentage points below the best",
            fixedEnds switch { 0 => Verdict.Holds, 1 => Verdict.Partly, _ => Verdict.DoesNotHold });

        if (sweep.Count > 1)
            run.Result($"before training, from {low.Point.Label} to {high.Point.Label}: outputs of {Ratios(lowScales.Activations, highScales.Activations)} times, gradients of {Ratios(lowScales.Gradients, highScales.Gradients)} times the size");
    }

    private static void JudgeStandard(LectureRun run, InitVariance.PointResult best, List<InitVariance.PointResult> standard, Dictionary<string, StartScales> scales)
    {
        var automatic = standard.Where(r => r.Point.Key != "default").ToList();
        if (automatic.Count == 0) // merged from a folder that holds none
            return;
        int good = automatic.Count(r => best.FinalAccuracy - r.FinalAccuracy < NearBest);
        run.Claim("Xavier or Kaiming initialisation automatically finds a near-optimal variance",
            $"{string.Join(", ", standard.Select(r => $"{r.Point.Label} {r.FinalAccuracy:0.00%}"))}; the best σ of the sweep, {best.Point.Label}, {best.FinalAccuracy:0.00%}",
            good == automatic.Count ? Verdict.Holds : good > 0 ? Verdict.Partly : Verdict.DoesNotHold);
        double[] imbalance = [.. automatic.Select(r => Imbalance(scales[r.Point.Key]))];
        double others = Imbalance(scales[best.Point.Key]);
        run.Claim("They systematically balance variance across layers",
            $"largest over smallest layer output before training: {string.Join(", ", automatic.Zip(imbalance, (r, x) => $"{r.Point.Label} {x:F1}"))}, {best.Point.Label} {others:F1}",
            imbalance.All(x => x < others) && imbalance.Max() < 3 ? Verdict.Holds : imbalance.Any(x => x < others) ? Verdict.Partly : Verdict.DoesNotHold);
    }

    private static double Imbalance(StartScales scales) => scales.Activations.Max() / scales.Activations.Min();

    private static string Ratios(double[] low, double[] high) =>
        string.Join(", ", InitVariance.LayerNames.Select((name, i) => $"{name} {high[i] / low[i]:G2}"));

    private static string Range(IEnumerable<InitVariance.PointResult> results) => string.Join(", ", results.Select(r => $"{r.Sigma:G3}")) is { Length: > 0 } list
        ? "σ = " + list : "none";
}
