using System.Diagnostics;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using Spectre.Console;

namespace NativeNN.Experiments.Running;

/// <summary>
/// What a lecture shows while it runs: a live line per training on a terminal, a line per epoch in a log. Disposing it ends a line that is
/// still drawn over.
/// </summary>
public sealed class LectureConsole(Verbosity verbosity = Verbosity.Normal) : IDisposable
{
    private const string EraseToLineEnd = "\e[K";
    private const int NarrowTable = 80; // below it the three columns would have a few letters each
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);
    private readonly IAnsiConsole console = Terminal.Open();
    private readonly bool live = Terminal.IsLive;
    private readonly Stopwatch sinceStart = new();
    private TimeSpan lastShown;
    private (TimeSpan Time, double Progress)? firstSeen;
    private int lastEpoch;
    private bool lineIsOpen;

    /// <summary>Whether lines are drawn over, as progress bars need it.</summary>
    public bool IsLive => live && verbosity != Verbosity.Quiet;

    /// <summary>For what draws itself: several progress bars.</summary>
    public IAnsiConsole Screen => console;

    /// <summary>Columns that a line may have now: a terminal can be resized.</summary>
    public int Width => console.LineWidth();

    public void Line(string text) => Say(text);

    /// <summary>A line about the run itself.</summary>
    public void Note(string text) => Say(text, new Style(Spectre.Console.Color.Grey));

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
        EndLine();
        if (text.Length + "── ── ".Length <= console.Profile.Width)
            console.Write(new Rule(Markup.Escape(text)).LeftJustified());
        else
            console.Line(text, new Style(decoration: Decoration.Bold));
    }

    public void Listing(string heading, string text)
    {
        Say(heading, new Style(decoration: Decoration.Bold));
        Say(text);
    }

    public void TrainingStarts(string key, int epochs)
    {
        Say($"training {key}, {TrainingRun.Epochs(epochs)}", new Style(decoration: Decoration.Bold));
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
        // One column stays free: in the last one the cursor of some terminals is on the next row already.
        string line = ProgressLine(at, left, Width - 1);
        if (!live)
        {
            console.Line(line);
            return;
        }
        console.Profile.Out.Writer.Write($"\r{line}{EraseToLineEnd}");
        lineIsOpen = true;
        if (epochDone && (at.Epoch == at.Epochs || verbosity == Verbosity.Verbose))
            EndLine();
    }

    /// <summary>The table 'the lecture said / we measured / verdict'; one below the other where a terminal is narrow.</summary>
    public void Claims(IReadOnlyList<Claim> claims)
    {
        EndLine();
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

    public void Dispose() => EndLine();

    internal static string ProgressLine(TrainingProgress at, double? secondsLeft, int width)
    {
        List<string> pieces = [$"  epoch {$"{at.Epoch}".PadLeft($"{at.Epochs}".Length)}/{at.Epochs}"];
        if (secondsLeft is { } seconds)
            pieces.Add($"{Duration(seconds),4} left");
        pieces.AddRange(Results(at));
        return Terminal.Fit(width, pieces);
    }

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

    private static string Duration(double seconds) => seconds switch
    {
        < 100 => $"{seconds:F0} s",
        < 100 * 60 => $"{seconds / 60:F0} min",
        _ => $"{seconds / 3600:F0} h",
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
            Verdict.TooShort => "grey",
            _ => "red",
        };
        return $"[{color}]{claim.VerdictText}[/]";
    }

    private void Say(string text, Style? style = null)
    {
        if (verbosity == Verbosity.Quiet)
            return;
        EndLine();
        console.Line(text, style);
    }

    private void EndLine()
    {
        if (lineIsOpen)
            console.Profile.Out.Writer.WriteLine();
        lineIsOpen = false;
    }
}
