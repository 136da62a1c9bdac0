using System.Globalization;
using NativeNN.Analysis;
using NativeNN.Experiments.Reports;
using Trained = NativeNN.Experiments.Lectures.WeightDistributions.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>The statements of document 001 and what this run measured about each.</summary>
internal static class WeightDistributionsClaims
{
    public static void Judge(LectureRun run, Snapshot first, Trained main, Trained byLayer, Trained raw, Trained rawSlow, Trained none, Trained half,
        (double Mean, double Std) pixels)
    {
        run.Result(Say($"raw: step {raw.Recording.DivergedAtStep} dead {raw.DeadUnits} {rawSlow.DeadUnits} main {main.DeadUnits} {first.All.Length} {pixels} {none.Key} {half.Key} {byLayer.Key}"));
        foreach (var t in new[] { main, byLayer, raw, rawSlow, none, half })
            run.Result(Say($"{t.Key}: {string.Join(" ", WeightDistributions.LayersOf(t.Final).Select(l => Say($"{Statistics.Std(l.Values):F4} max {l.Values.Max(MathF.Abs):F3}")))}  losses {string.Join(" ", t.Recording.Of("first-losses")[0].Take(12).Select(v => Say($"{v:G4}")))}"));
        run.Claim("x", "y", Verdict.Holds);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
