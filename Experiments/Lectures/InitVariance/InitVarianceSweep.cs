using System.Diagnostics;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Trains the points of document 002's sweep, one on each core at a time. A training has its own thread, network, optimiser and generator;
/// all share the read-only data set. On a terminal there is a bar for every running point and one for all; in a log, a line per epoch.
/// </summary>
internal sealed class InitVarianceSweep
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);
    private readonly Lock drawing = new();
    private readonly LectureRun run;
    private readonly IReadOnlyList<InitPoint> points;
    private readonly Stopwatch sinceStart = Stopwatch.StartNew();
    private readonly Dictionary<InitPoint, TrainingProgress> running = [];
    private readonly Dictionary<InitPoint, double> firstSeen = []; // a resumed point starts part of the way
    private TimeSpan lastDrawn;
    private double trained; // points that are done, less what they began with
    private int finished;

    private InitVarianceSweep(LectureRun run, IReadOnlyList<InitPoint> points) => (this.run, this.points) = (run, points);

    /// <summary>Trains all points; results are in the points' order. The first failure ends the sweep and is thrown here.</summary>
    public static IReadOnlyList<InitVariance.PointResult> Run(LectureRun run, IReadOnlyList<InitPoint> points, int epochs, int workers,
        Func<InitPoint, Action<TrainingProgress>, Recording> train)
    {
        var sweep = new InitVarianceSweep(run, points);
        run.Console.Line($"training {Wording.Count(points.Count, "network")}, {Wording.Count(epochs, "epoch")} each, "
            + $"{Math.Min(workers, points.Count)} at once");
        // Their order in metrics.json is the points', whichever ends its first epoch first.
        run.Report.Trainings.AddRange(points.Select(p => new TrainingMetrics(p.Key, [], DivergedAtStep: null)));
        return sweep.TrainAll(workers, train);
    }

    private IReadOnlyList<InitVariance.PointResult> TrainAll(int workers, Func<InitPoint, Action<TrainingProgress>, Recording> train)
    {
        var results = new InitVariance.PointResult[points.Count];
        ConcurrentTrainings.Run(points.Count, workers, i =>
        {
            var recording = train(points[i], p => Show(points[i], p));
            results[i] = new InitVariance.PointResult(points[i], recording);
            Finish(results[i]);
        });
        return results;
    }

    private void Show(InitPoint point, TrainingProgress at)
    {
        lock (drawing)
        {
            firstSeen.TryAdd(point, at.Progress);
            running[point] = at;
            if (!run.Console.IsLive && at.Last?.Epoch == at.Epoch)
                run.Console.Line(Terminal.Fit(run.Console.Width,
                    [$"  {point.Label,-15}", LectureConsole.EpochOf(at), .. LectureConsole.Results(at)]));
            if (run.Console.IsLive && sinceStart.Elapsed - lastDrawn >= Refresh)
                Draw();
        }
    }

    private void Finish(InitVariance.PointResult result)
    {
        lock (drawing)
        {
            finished++;
            trained += 1 - firstSeen.GetValueOrDefault(result.Point, 1); // one that was never seen was trained before
            running.Remove(result.Point);
            run.Console.Line($"Finished {result.Point.Label}, Final Acc={result.FinalAccuracy:0.00%} ({finished} of {points.Count})");
            if (run.Console.IsLive)
                Draw();
        }
    }

    //  all 28           ━━━━╌╌╌╌╌╌  40%  35 s left
    //  SD=0.003162      ━━━━━━━╌╌╌  70%  epoch  8/10  loss 0.1023  …
    private void Draw()
    {
        lastDrawn = sinceStart.Elapsed;
        int width = run.Console.Width - 1;
        double done = trained + running.Sum(r => r.Value.Progress - firstSeen[r.Key]);
        double whole = finished + running.Values.Sum(at => at.Progress), left = points.Count - whole;
        List<string> lines = [];
        if (left > 0)
            lines.Add(Terminal.Fit(width, [$"{$"all {points.Count}",-15}", Bar(whole / points.Count),
                .. done > 0 ? [LectureConsole.TimeLeft(lastDrawn.TotalSeconds * left / done)] : Array.Empty<string>()]));
        lines.AddRange(running.Select(r => Terminal.Fit(width,
            [$"{r.Key.Label,-15}", Bar(r.Value.Progress), LectureConsole.EpochOf(r.Value), .. LectureConsole.Results(r.Value)])));
        run.Console.Draw(lines);
    }

    private string Bar(double progress)
    {
        int length = Math.Clamp(run.Console.Width / 8, 5, 40), full = (int)(progress * length);
        return $"{new string('━', full)}{new string('╌', length - full)} {100 * progress,3:F0}%";
    }
}
