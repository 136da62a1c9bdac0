using System.Diagnostics;
using NativeNN.Experiments.Reports;
using Spectre.Console;

namespace NativeNN.Experiments.Running;

/// <summary>What a lecture shows while it runs: a live line per training on a terminal, a line per epoch in a log.</summary>
public sealed class LectureConsole(bool live)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);
    private const int LogWidth = 140;
    private readonly Stopwatch sinceStart = new();
    private TimeSpan lastShown;
    private double startedAt;
    private int lastEpoch;

    // In a log there is no terminal to ask for its width, and no colours.
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    /// <summary>Whether this is a terminal, where lines can be drawn over, and not a log.</summary>
    public bool IsLive => live;

    /// <summary>For what draws itself: tables, several progress bars.</summary>
    public IAnsiConsole Terminal => console;

    public void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>A line about the run itself; above what is drawn live.</summary>
    public void Note(string text)
    {
        if (live)
            console.MarkupLineInterpolated($"[grey]{text}[/]");
        else
            Console.Out.WriteLine(text);
    }

    public void Heading(string text) => console.Write(new Rule(Markup.Escape(text)).LeftJustified());

    public void Listing(string heading, string text)
    {
        console.MarkupLineInterpolated($"[bold]{heading}[/]");
        Console.Out.WriteLine(text);
    }

    public void TrainingStarts(string key, int epochs)
    {
        console.MarkupLineInterpolated($"[bold]training {key}[/], {epochs} epochs");
        (lastShown, lastEpoch, startedAt) = (default, 0, -1);
        sinceStart.Restart();
    }

    /// <summary>epoch, rate, time left, last loss and accuracies; at most ten times a second.</summary>
    public void Show(TrainingProgress progress)
    {
        if (startedAt < 0) // a resumed training starts part of the way
            startedAt = Math.Max(0, progress.Progress - 1e-9);
        bool epochDone = progress.Last?.Epoch == progress.Epoch && progress.Epoch != lastEpoch;
        if (!epochDone && (!live || sinceStart.Elapsed - lastShown < Refresh))
            return;
        lastShown = sinceStart.Elapsed;
        double done = progress.Progress - startedAt;
        double left = done > 0 ? sinceStart.Elapsed.TotalSeconds * (1 - progress.Progress) / done : 0;
        string last = progress.Last is not { } e ? "" :
            $"  loss {e.TrainLoss:F4}  train {e.TrainAccuracy:0.00%}"
            + (double.IsNaN(e.TestAccuracy) ? "" : $"  test {e.TestAccuracy:0.00%}");
        string line = $"  epoch {progress.Epoch,3}/{progress.Epochs}  {progress.SamplesPerSecond,9:N0} img/s  {left,5:F0} s left{last}";
        if (epochDone)
            lastEpoch = progress.Epoch;
        if (!live)
            Console.Out.WriteLine(line);
        else
            Console.Out.Write($"\r{line.PadRight(Math.Max(0, Console.WindowWidth - 1))}"
                + (epochDone && progress.Epoch == progress.Epochs ? "\n" : ""));
    }

    /// <summary>The table 'the lecture said / we measured / verdict'.</summary>
    public void Claims(IReadOnlyList<Claim> claims)
    {
        var table = new Table().Border(TableBorder.Rounded).ShowRowSeparators();
        table.AddColumn("The lecture said").AddColumn("We measured").AddColumn(new TableColumn("Verdict").NoWrap());
        foreach (var claim in claims)
        {
            string color = claim.Verdict switch
            {
                Verdict.Holds => "green",
                Verdict.Partly => "yellow",
                Verdict.TooShort => "grey",
                _ => "red",
            };
            table.AddRow(Markup.Escape(claim.Said), Markup.Escape(claim.Measured), $"[{color}]{claim.VerdictText}[/]");
        }
        if (!live)
            console.Profile.Width = LogWidth;
        console.Write(table);
    }
}
