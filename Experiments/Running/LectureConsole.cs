using System.Diagnostics;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using Spectre.Console;

namespace NativeNN.Experiments.Running;

/// <summary>
/// What a lecture shows while it runs: a live line per training on a terminal, a line per epoch in a log. Safe from any thread. Disposing
/// it leaves the live lines where they are.
/// </summary>
public sealed class LectureConsole(Verbosity verbosity = Verbosity.Normal) : IDisposable
{
    private const int NarrowTable = 80; // below it the three columns would have a few letters each
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);
    private static readonly Style Bold = new(decoration: Decoration.Bold), Grey = new(Spectre.Console.Color.Grey);
    private readonly Lock oneAtATime = new();
    private readonly IAnsiConsole console = Terminal.Open();
    private readonly bool live = Terminal.IsLive;
    private readonly Stopwatch sinceStart = new();
    private TimeSpan lastShown;
    private (TimeSpan Time, double Progress)? firstSeen;
    private int lastEpoch;
    private LiveLines? lines;

    /// <summary>Whether lines are drawn over, as progress bars need it.</summary>
    public bool IsLive => live && verbosity != Verbosity.Quiet;

    /// <summary>Columns that a line may have now: a terminal can be resized.</summary>
    public int Width => console.LineWidth();

    public void Line(string text) => Say(text);

    /// <summary>A line about the run itself.</summary>
    public void Note(string text) => Say(text, Grey);

    /// <summary>A line for those who want to know more.</summary>
    public void Detail(string text)
    {
        if (verbosity == Verbosity.Verbose)
            Note(text);
    }

    public void Heading(string text)
    {
        if (verbosity == Verbosity.Quiet)
            return;
        if (text.Length + "── ── ".Length <= console.Profile.Width)
            console.Write(new Rule(Markup.Escape(text)).LeftJustified());
        else
            console.Line(text, Bold);
    }

    public void Listing(string heading, string text)
    {
        Say(heading, Bold);
        Say(text);
    }

    public void TrainingStarts(string key, int epochs)
    {
        Say($"training {key}, {TrainingRun.Epochs(epochs)}", Bold);
        (lastShown, firstSeen, lastEpoch) = (default, null, 0);
        sinceStart.Restart();
    }

    /// <summary>epoch, time left, last loss and accuracies, rate: as much of it as the width allows; at most ten times a second.</summary>
    public void Show(TrainingProgress at)
    {
        double? left = SecondsLeft(at.Progress);
        bool epochDone = at.Last?.Epoch == at.Epoch && at.Epoch != lastEpoch;
        if (verbosity == Verbosity.Quiet || !epochDone && (!live || sinceStart.Elapsed - lastShown < Refresh))
            return;
        lastShown = sinceStart.Elapsed;
        if (epochDone)
            lastEpoch = at.Epoch;
        string line = ProgressLine(at, left, Width - 1);
        if (!live)
        {
            console.Line(line);
            return;
        }
        Draw([line]);
        if (epochDone && (at.Epoch == at.Epochs || verbosity == Verbosity.Verbose))
            lines!.Keep();
    }

    /// <summary>The lines at the terminal's end, in the place of those before; what is said meanwhile goes above them.</summary>
    public void Draw(IEnumerable<string> latest)
    {
        lock (oneAtATime)
            (lines ??= new LiveLines(console.Profile.Out.Writer)).Draw(latest, Width, console.Profile.Height);
    }

    /// <summary>The table 'the lecture said / we measured / verdict'; one below the other where a terminal is narrow.</summary>
    public void Claims(IReadOnlyList<Claim> claims)
    {
        if (console.Profile.Width < NarrowTable)
        {
            var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().PadRight(0));
            foreach (var claim in claims)
                grid.AddEmptyRow().AddRow("said", Markup.Escape(claim.Said)).AddRow("measured", Markup.Escape(claim.Measured))
                    .AddRow("verdict", Coloured(claim));
            console.Write(grid);
            return;
        }
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators();
        table.AddColumn("The lecture said").AddColumn("We measured").AddColumn(new TableColumn("Verdict").NoWrap());
        foreach (var claim in claims)
            table.AddRow(Markup.Escape(claim.Said), Markup.Escape(claim.Measured), Coloured(claim));
        console.Write(table);
    }

    public void Dispose() => lines?.Keep();

    internal static string ProgressLine(TrainingProgress at, double? secondsLeft, int width)
    {
        List<string> pieces = ["  " + EpochOf(at)];
        if (secondsLeft is { } seconds)
            pieces.Add(TimeLeft(seconds));
        pieces.AddRange(Results(at));
        return Terminal.Fit(width, pieces);
    }

    internal static string EpochOf(TrainingProgress at) => $"epoch {$"{at.Epoch}".PadLeft($"{at.Epochs}".Length)}/{at.Epochs}";

    /// <summary>The last epoch's loss and accuracies, and the rate now.</summary>
    internal static IEnumerable<string> Results(TrainingProgress at)
    {
        if (at.Last is { } last)
        {
            yield return $"loss {(last.TrainLoss < 1000 ? $"{last.TrainLoss:F4}" : Notation.Short(last.TrainLoss))}";
            yield return $"train {last.TrainAccuracy:0.00%}";
            if (!double.IsNaN(last.TestAccuracy))
                yield return $"test {last.TestAccuracy:0.00%}";
        }
        yield return $"{at.SamplesPerSecond:N0} img/s";
    }

    internal static string TimeLeft(double seconds) => seconds switch
    {
        < 100 => $"{seconds,2:F0} s left",
        < 100 * 60 => $"{seconds / 60:F0} min left",
        _ => $"{seconds / 3600:F0} h left",
    };

    // Counted from where the training was first seen: a resumed one starts part of the way.
    private double? SecondsLeft(double progress)
    {
        firstSeen ??= (sinceStart.Elapsed, progress);
        var (time, from) = firstSeen.Value;
        return progress > from && progress < 1 ? (sinceStart.Elapsed - time).TotalSeconds * (1 - progress) / (progress - from) : null;
    }

    private static string Coloured(Claim claim)
    {
        string color = claim.Verdict switch
        {
            Verdict.Holds => "green",
            Verdict.Partly => "yellow",
            Verdict.TooShort or Verdict.OtherSettings => "grey",
            _ => "red",
        };
        return $"[{color}]{claim.VerdictText}[/]";
    }

    private void Say(string text, Style? style = null)
    {
        if (verbosity == Verbosity.Quiet)
            return;
        lock (oneAtATime)
            if (lines is null)
                console.Line(text, style);
            else
                lines.Above(() => console.Line(text, style), Width, console.Profile.Height);
    }
}
