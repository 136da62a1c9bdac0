using System.Diagnostics;
using System.Text.RegularExpressions;
using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Cli;

/// <summary>Every line fits the terminal it is shown on, whatever its width; where plain text is asked for there is no escape.</summary>
public sealed class TerminalTests : IDisposable
{
    private const char Escape = '\e';
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [SkippableTheory]
    [InlineData(40, "weight-histograms")]
    [InlineData(80, "weight-histograms")]
    [InlineData(200, "weight-histograms")]
    [InlineData(40, "init-variance --points 0,12")]
    [InlineData(80, "init-variance --points 0,12")]
    [InlineData(200, "init-variance --points 0,12")]
    public void EveryLineFits(int columns, string lecture)
    {
        string sent = PseudoTerminal.Run(columns, $"{PseudoTerminal.Program} {lecture} --epochs 2 --verbose {SmallRun()}");
        string[] lines = PseudoTerminal.Lines(sent);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, columns));
        Assert.Contains(lines, line => line.Length > columns * 3 / 4);      // it is that terminal's width that they fit
        Assert.Contains("too short to tell", sent, StringComparison.Ordinal); // the table was shown
        Assert.Contains(Escape, sent);
    }

    [SkippableTheory]
    [InlineData(40, "help init-variance")]
    [InlineData(40, "--help")]
    [InlineData(40, "list")]
    [InlineData(80, "help weight-histograms")]
    public void HelpFits(int columns, string command) =>
        Assert.All(PseudoTerminal.Lines(PseudoTerminal.Run(columns, $"{PseudoTerminal.Program} {command}")),
            line => Assert.InRange(line.Length, 0, columns));

    [SkippableTheory]
    [InlineData("TERM=dumb", "weight-histograms")]
    [InlineData("TERM=dumb", "init-variance --points 0,12")]
    [InlineData("NO_COLOR=1 TERM=xterm-256color", "weight-histograms")]
    [InlineData("NO_COLOR=1 TERM=xterm-256color", "init-variance --points 0,12")]
    public void PlainMeansNoEscape(string environment, string lecture)
    {
        const int Columns = 60;
        string sent = PseudoTerminal.Run(Columns, $"{PseudoTerminal.Program} {lecture} --epochs 2 {SmallRun()}", environment);
        Assert.DoesNotContain(Escape, sent);
        Assert.All(PseudoTerminal.Lines(sent), line => Assert.InRange(line.Length, 0, Columns));
        Assert.Contains("epoch 2/2", sent, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void AResizeIsFollowed()
    {
        const int Wide = 120, Narrow = 50;
        string checkpoint = Path.Combine(folder.File("out"), "weight-changes", "checkpoints", "sgd.safetensors");
        // Stopped after its first epoch, so that the terminal is narrow before the second. A shell's background job has no terminal to read
        // from, and without one .NET does not hear of a resize.
        string sent = PseudoTerminal.Run(Wide, $"{PseudoTerminal.Program} weight-changes --epochs 200 {SmallRun()} </dev/tty & p=$!; "
            + $"until [ -e {checkpoint} ]; do sleep 0.02; done; kill -STOP $p; stty cols {Narrow} </dev/tty; kill -CONT $p; wait $p");
        string[] lines = PseudoTerminal.Lines(sent);
        int last = Array.FindLastIndex(lines, line => line.StartsWith("  epoch 200/200", StringComparison.Ordinal));
        Assert.Contains(lines[..last], line => line.Length == Wide);
        Assert.All(lines[last..], line => Assert.InRange(line.Length, 0, Narrow));
        Assert.Contains(lines[last..], line => line.StartsWith("verdict", StringComparison.Ordinal));
    }

    [Fact]
    public void ALogIsPlainAndItsLinesAreWhole()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "NativeNN.Experiments.dll"),
            "weight-histograms", "--epochs", "1", "--verbose", .. SmallRun().Split(' ')])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["GITHUB_ACTIONS"] = "true"; // Spectre's own rule would colour that log
        using var process = Process.Start(start)!;
        string log = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain(Escape, log);
        Assert.Matches(new Regex("^training sgd, recipe.document 000, .{300,}$", RegexOptions.Multiline), log);
    }

    [Fact]
    public void TheProgressLineKeepsWhatMattersMost()
    {
        var at = new TrainingProgress("sgd", 3, 30, 0.1, 123_456, new(2, 0.12345, 0.9123, 0.9012, Seconds: 1));
        string Line(int width) => LectureConsole.ProgressLine(at, 12, width);
        Assert.Equal("  epoch  3/30  12 s left  loss 0.1235  train 91.23%  test 90.12%  123,456 img/s", Line(int.MaxValue));
        Assert.Equal(Line(int.MaxValue), Line(79));
        Assert.Equal("  epoch  3/30  12 s left  loss 0.1235", Line(39));
    }

    [Fact]
    public void AResumedTrainingHasNoTimeLeftUntilItHasMoved()
    {
        var (_, output, _) = ConsoleRun.Of(() =>
        {
            using var console = new LectureConsole();
            console.TrainingStarts("sgd", epochs: 1000);
            foreach (int epoch in new[] { 500, 501 })
            {
                console.Show(new TrainingProgress("sgd", epoch, 1000, epoch / 1000.0, 1, new(epoch, 1, 0.5, 0.5, Seconds: 1)));
                Thread.Sleep(1);
            }
            return 0;
        });
        string[] lines = output.Split('\n');
        Assert.DoesNotContain("left", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"^  epoch  501/1000 +\d+ (s|min) left", lines[2]);
    }

    private string SmallRun() => $"--data {SmallData.Folder(folder)} --format none --out {folder.File("out")}";
}
