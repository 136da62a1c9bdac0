using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using Spectre.Console;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Trains the points of document 002's sweep, one on each core at a time. A training has its own thread, network, optimiser and generator;
/// all share the read-only data set. On a terminal there is a bar for every running point and one for all; in a log, a line per epoch.
/// </summary>
internal sealed class InitVarianceSweep
{
    private const int BesideTheBar = 17; // columns of percentage and time left, and of the spaces between
    private readonly object drawing = new();
    private readonly LectureRun run;
    private readonly IReadOnlyList<InitPoint> points;
    private readonly Dictionary<string, double> progress = [];
    private readonly Dictionary<string, ProgressTask> bars = [];
    private readonly ProgressBarColumn barColumn = new();
    private ProgressContext? terminal;
    private ProgressTask? overall;
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
        return sweep.Shown(() => sweep.TrainAll(workers, train));
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

    private T Shown<T>(Func<T> work)
    {
        if (!run.Console.IsLive)
            return work();
        return run.Console.Screen.Progress().HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, barColumn, new PercentageColumn(),
                new RemainingTimeColumn())
            .Start(context =>
            {
                terminal = context;
                DescriptionWidth();
                overall = context.AddTask($"all {points.Count}", maxValue: points.Count);
                return work();
            });
    }

    private void Show(InitPoint point, TrainingProgress at)
    {
        bool epochDone = at.Last?.Epoch == at.Epoch;
        lock (drawing)
        {
            if (terminal is null)
            {
                if (epochDone)
                    run.Console.Line(Terminal.Fit(run.Console.Width, [$"  {point.Label,-15}", .. Pieces(at)]));
                return;
            }
            progress[point.Key] = at.Progress;
            if (!bars.TryGetValue(point.Key, out var bar))
                bars.Add(point.Key, bar = terminal.AddTask(point.Label, maxValue: 1));
            bar.Description = Markup.Escape(Terminal.Fit(DescriptionWidth(), [$"{point.Label,-15}", .. Pieces(at)]));
            bar.Value = at.Progress;
            overall!.Value = progress.Values.Sum();
        }
    }

    private void Finish(InitVariance.PointResult result)
    {
        lock (drawing)
        {
            finished++;
            progress[result.Point.Key] = 1;
            if (bars.TryGetValue(result.Point.Key, out var bar))
                bar.Value = 1;
            if (overall is not null)
                overall.Value = progress.Values.Sum();
            run.Console.Line( // above the bars
                $"Finished {result.Point.Label}, Final Acc={result.FinalAccuracy:0.00%} ({finished} of {points.Count})");
        }
    }

    // Sets the bars' width too. Asked each time: a terminal can be resized.
    private int DescriptionWidth()
    {
        int width = run.Console.Width, bar = Math.Clamp(width / 8, 8, 40);
        barColumn.Width = bar;
        return width - bar - BesideTheBar;
    }

    private static IEnumerable<string> Pieces(TrainingProgress at) =>
        [$"epoch {$"{at.Epoch}".PadLeft($"{at.Epochs}".Length)}/{at.Epochs}", .. LectureConsole.Results(at)];
}
