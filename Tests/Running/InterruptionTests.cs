using System.Diagnostics;
using System.Globalization;
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
    [InlineData("weight-changes", 3, 9, 1)]
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
        string[] arguments = ["weight-changes", "--data", SmallData.Folder(folder, train: 6_000), "--format", "none", "--epochs", "40"];
        Assert.Equal(0, Start([.. arguments, "--out", folder.File("whole")], signal: null).ExitCode);
        var (interrupted, error) = Start([.. arguments, "--out", folder.File("parts")], "INT");
        Assert.Equal(130, interrupted);
        Assert.Matches("^interrupted by Ctrl-C; sgd in epoch .* saved in .*sgd.safetensors; the same command with --resume goes on", error);
        var (terminated, _) = Start([.. arguments, "--out", folder.File("parts"), "--resume"], "TERM");
        Assert.Equal(143, terminated);
        Start([.. arguments, "--out", folder.File("parts"), "--resume"], "KILL");
        Assert.Equal(0, Start([.. arguments, "--out", folder.File("parts"), "--resume"], signal: null).ExitCode);
        SameTraining(folder.File("whole/weight-changes/checkpoints/sgd.safetensors"),
            folder.File("parts/weight-changes/checkpoints/sgd.safetensors"));
        Assert.DoesNotContain(Directory.GetFiles(folder.File("parts"), "*", SearchOption.AllDirectories),
            f => f.EndsWith(".tmp", StringComparison.Ordinal) || f.EndsWith(".lock", StringComparison.Ordinal));
    }

    // Sends the signal once the first epoch is shown.
    private static (int ExitCode, string Error) Start(string[] arguments, string? signal)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "NativeNN.Experiments.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
            if (signal is not null && line.StartsWith("  epoch", StringComparison.Ordinal))
            {
                Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
                signal = null;
            }
        process.WaitForExit();
        return (process.ExitCode, error.Result);
    }

    private static void Run(Lecture lecture, RunOptions options, Interruption interruption) => ConsoleRun.Of(() =>
    {
        using var run = new LectureRun(lecture, options, SimdBackend.Default, new LectureConsole(live: false), interruption);
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
