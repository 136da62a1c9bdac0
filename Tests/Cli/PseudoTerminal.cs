using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NativeNN.Tests.Cli;

/// <summary>The program in a real terminal of a given width, by util-linux's `script`.</summary>
internal static partial class PseudoTerminal
{
    private const string Script = "/usr/bin/script";

    /// <summary>The program's part of a shell's command.</summary>
    public static string Program => $"dotnet {Path.Combine(AppContext.BaseDirectory, "NativeNN.Experiments.dll")}";

    /// <summary>What the terminal was sent, escapes and all. Skips the test where there is no such tool.</summary>
    public static string Run(int columns, string shellCommand, string environment = "TERM=xterm-256color")
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists(Script), $"{Script} of util-linux makes the terminal, and it is not here");
        string command = $"stty cols {columns} rows 24; export {environment}; {shellCommand}";
        var start = new ProcessStartInfo(Script, ["-qec", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("NO_COLOR");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string sent = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, sent);
        return sent;
    }

    /// <summary>What stands between line ends, and between returns to a line's beginning, without its escapes.</summary>
    public static string[] Lines(string sent) => [.. LineEnd().Split(Escape().Replace(sent, "")).Where(line => line.Length > 0)];

    // Colours, the cursor's moves, modes; and the two forms of a keypad.
    [GeneratedRegex(@"\e(\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\r\n]")]
    private static partial Regex LineEnd();
}
