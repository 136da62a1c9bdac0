using System.Diagnostics;
using System.Globalization;
using System.Text;
using NativeNN.Backends.Simd;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Running;

/// <summary>Runs that are told to end, in the midst of their epochs, again and again.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("weight-histograms", 2, 29, 1)]
    [InlineData("weight-distributions", 2, 41, 1)]
    [InlineData("init-variance", 2, 17, 3)]
    [InlineData("weight-changes", 6, 11, 1)]
    [InlineData("weight-init", 1, 457, 1)]
    public void ARunInterruptedAgainAndAgainEndsWithTheSameBits(string name, int epochs, int questions, int threads)
    {
        var lecture = Course.Lectures.Single(l => l.Name == name);
        var options = new RunOptions
        {
            Epochs = epochs,
            Data = SmallData.Folder(folder),
            Out = folder.File("whole"),
            Formats = [],
            Threads = threads,
            Points = [0, 12, 24],
        };
        Run(lecture, options, new Interruption());

        int interruptions = 0, inside = 0;
        options = options with { Out = folder.File("parts"), Resume = true };
        while (true)
            try
            {
                Run(lecture, options, new AfterSteps(questions));
                break;
            }
            catch (RunInterruptedException e)
            {
                Assert.Equal(130, e.ExitCode);
                interruptions++;
                inside += Directory.GetFiles(Path.Combine(options.Out, name, "checkpoints"))
                    .Count(path => SavedTraining.Read(path).Part is not null);
                Assert.True(interruptions < 200, e.Message);
            }
        Assert.True(interruptions >= 3 && inside >= 2, $"{interruptions} interruptions, {inside} inside an epoch");

        string[] files = Directory.GetFiles(Path.Combine(folder.File("whole"), name, "checkpoints"));
        Assert.NotEmpty(files);
        foreach (string path in files)
            SameTraining(path, Path.Combine(folder.File("parts"), name, "checkpoints", Path.GetFileName(path)));
    }

    [SkippableFact]
    public void SignalsOfTheSystemSaveTheRunAndSayHowToGoOn()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals of Unix");
        string[] arguments = ["weight-changes", "--data", SmallData.Folder(folder, train: 6_000), "--format", "none",
            "--epochs", "1000000", "--out", folder.File("out")]; // none of them ends by itself
        var (interrupted, first, error) = Start(arguments, "TERM");
        Assert.Equal(143, interrupted);
        Assert.Matches("^interrupted by signal 15; sgd .* saved .*sgd.safetensors; the same command with --resume goes on", error);
        Assert.DoesNotContain("sgd: goes on", first);
        Assert.Contains("sgd: goes on after", Start([.. arguments, "--resume"], "KILL").Output);
        var (again, last, _) = Start([.. arguments, "--resume"], "TERM");
        Assert.Equal(143, again);
        Assert.Contains("sgd: goes on after", last);
        Assert.DoesNotContain(Directory.GetFiles(folder.File("out"), "*", SearchOption.AllDirectories),
            f => f.EndsWith(".tmp", StringComparison.Ordinal) || f.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void TheFirstSignalIsTakenTheSecondIsNot()
    {
        using var interruption = Interruption.Listen();
        interruption.ThrowIfRequested("");
        Assert.True(interruption.Request(2));
        Assert.False(interruption.Request(15)); // so the system does as it would without us
        var thrown = Assert.Throws<RunInterruptedException>(() => interruption.ThrowIfRequested("all is saved"));
        Assert.Equal(130, thrown.ExitCode);
        Assert.Equal("interrupted by Ctrl-C; all is saved; the same command with --resume goes on to the same bits", thrown.Message);
    }

    // Sends the signal once the first epoch is shown. Not SIGINT: a shell's background job ignores it, and so would the process.
    private static (int ExitCode, string Output, string Error) Start(string[] arguments, string signal)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "NativeNN.Experiments.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = new StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("  epoch", StringComparison.Ordinal))
            output.AppendLine(line);
        Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.ToString(), error.Result);
    }

    private static void Run(Lecture lecture, RunOptions options, Interruption interruption) => ConsoleRun.Of(() =>
    {
        using var run = new LectureRun(lecture, options, SimdBackend.Default, new LectureConsole(), interruption);
        lecture.Run(run);
        return 0;
    });

    private static void SameTraining(string expected, string actual)
    {
        var (whole, parts) = (Safetensors.Read(expected), Safetensors.Read(actual));
        Assert.Equal(whole.Tensors.Keys.Order(), parts.Tensors.Keys.Order());
        Assert.All(whole.Tensors, t => Assert.Equal(t.Value.Values, parts.Tensors[t.Key].Values));
        Assert.Equal(whole.Metadata["record"], parts.Metadata["record"]);
        var (recorded, resumed) = (Recording.FromJson(whole.Metadata["recording"]), Recording.FromJson(parts.Metadata["recording"]));
        Assert.Equal(recorded.Epochs.Select(e => e with { Seconds = 0 }), resumed.Epochs.Select(e => e with { Seconds = 0 }));
        Assert.Equal(recorded.DivergedAtStep, resumed.DivergedAtStep);
        Assert.Equal(recorded.Series.Keys, resumed.Series.Keys);
        foreach (string series in recorded.Series.Keys.Where(key => !key.EndsWith("seconds", StringComparison.Ordinal)))
            Assert.Equal(recorded.Of(series), resumed.Of(series));

        var (net, record) = CheckpointFile.ReadNetwork(actual);
        Assert.Equal(Path.GetFileNameWithoutExtension(actual), record.Training);
        Assert.All(net.NamedParameters(), p => Assert.Equal(whole[$"model.{p.Name}"].Floats, p.Parameter.ToArray()));
        Assert.False(net.IsTraining);
        Assert.Equal((28, 28, 10), (record.Data.Rows, record.Data.Columns, record.Data.Classes));
    }

    /// <summary>An interruption that comes after so many questions for it: every step asks once, and every figure.</summary>
    private sealed class AfterSteps(int steps) : Interruption
    {
        private int asked;

        public override int ExitCode => Interlocked.Increment(ref asked) > steps ? 130 : 0;
    }
}
