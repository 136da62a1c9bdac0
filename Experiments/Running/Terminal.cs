using Spectre.Console;

namespace NativeNN.Experiments.Running;

/// <summary>
/// Standard output. On a terminal lines are broken between words, at the width that it has now; in a file or a pipe they stay whole.
/// Escapes (colours, lines that are drawn over) go to a terminal only, and not where NO_COLOR (no-color.org) or TERM=dumb ask for plain
/// text.
/// </summary>
public static class Terminal
{
    private const int LogWidth = 140, Narrowest = 40;

    /// <summary>Whether lines can be drawn over; else the output is plain, as a log.</summary>
    public static bool IsLive => !Console.IsOutputRedirected && !IsPlain;

    private static bool IsPlain => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        || Environment.GetEnvironmentVariable("TERM") == "dumb";

    /// <summary>Keeps .NET from sending a terminal its start-up escapes where plain text is asked for: of "dumb" it knows none.</summary>
    public static void Prepare()
    {
        if (IsPlain)
            Environment.SetEnvironmentVariable("TERM", "dumb");
    }

    /// <summary>For what Spectre draws. Its width is the terminal's, whenever it is asked; a log has one of its own.</summary>
    public static IAnsiConsole Open()
    {
        bool live = IsLive;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Enrichment = { UseDefaultEnrichers = false }, // they would turn escapes on in the logs of CI systems
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = LogWidth;
        return console;
    }

    /// <summary>Columns that a line may have; as many as it likes in a file or a pipe.</summary>
    public static int LineWidth(this IAnsiConsole console) =>
        Console.IsOutputRedirected ? int.MaxValue : Math.Max(Narrowest, console.Profile.Width);

    /// <summary>A line, or several.</summary>
    public static void Line(this IAnsiConsole console, string text, Style? style = null)
    {
        if (Console.IsOutputRedirected)
            console.Profile.Out.Writer.WriteLine(text);
        else
            console.Write(new Text(text + "\n", style));
    }

    public static void WriteLine(string text) => Open().Line(text);

    /// <summary>As many of the pieces as fit one line of that width, the most important ones first.</summary>
    public static string Fit(int width, params IReadOnlyList<string> pieces)
    {
        string line = pieces[0];
        foreach (string piece in pieces.Skip(1))
        {
            if (line.Length + 2 + piece.Length > width)
                break;
            line += "  " + piece;
        }
        return line;
    }
}
