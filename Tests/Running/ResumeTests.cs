using System.Text.Json;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Running;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Running;

/// <summary>What --resume, and a run without it, make of what lies in the out folder.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new(), data = new();

    public ResumeTests() => SmallData.Folder(data);

    private string Checkpoint => folder.File("weight-changes/checkpoints/sgd.safetensors");

    public void Dispose()
    {
        folder.Dispose();
        data.Dispose();
    }

    [Fact]
    public void AnotherSeedOrDeviceIsRefusedByName()
    {
        Done("--epochs", "1");
        Refused("made with --seed 42, but this run has 43; use the same, or another --out", "--epochs", "2", "--seed", "43");
        Refused("made with --device cpu, but this run has reference", "--epochs", "2", "--device", "reference");
    }

    [Fact]
    public void OtherImagesOfTheSameNameAndCountAreRefused()
    {
        Done("--epochs", "1");
        string labels = data.File("train-labels-idx1-ubyte");
        byte[] bytes = File.ReadAllBytes(labels);
        (bytes[^1], bytes[^2]) = (bytes[^2], bytes[^1]);
        File.WriteAllBytes(labels, bytes);
        Refused("made with --data, trainHash", "--epochs", "2");
    }

    [Fact]
    public void AFinishedTrainingSaysSoAndStays()
    {
        Done("--epochs", "2");
        byte[] before = File.ReadAllBytes(Checkpoint);
        Assert.Contains("sgd: already trained, 2 epochs in", Done("--epochs", "2", "--resume"));
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
    }

    [Fact]
    public void FewerEpochsThanTheCheckpointHoldsAreReportedAndTheCheckpointStays()
    {
        Done("--epochs", "2");
        string asked = Epochs();
        Done("--epochs", "4");
        byte[] before = File.ReadAllBytes(Checkpoint);
        Assert.Contains("holds 4 epochs, and 2 were asked for", Done("--epochs", "2", "--resume"));
        Assert.Equal(asked, Epochs());
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));

        string Epochs() => string.Join("\n", Metrics().GetProperty("epochs").EnumerateArray()
            .Select(e => $"{e.GetProperty("epoch")} {e.GetProperty("train_loss")} {e.GetProperty("test_accuracy")}"));
    }

    [Fact]
    public void ATrainingThatNowBeginsElsewhereKeepsTheOldOnesCheckpoint()
    {
        Run("weight-init", "--epochs", "2", "--threads", "1");
        string constant = folder.File("weight-init/checkpoints/constant.safetensors");
        byte[] before = File.ReadAllBytes(constant);
        var (_, output, _) = Run("weight-init", "--epochs", "1", "--threads", "1", "--resume"); // so 'zero' ends elsewhere
        Assert.Contains("zero: ", output);
        Assert.Contains("constant: starts from other weights than its checkpoint did", output);
        Assert.Equal(before, File.ReadAllBytes(folder.File("weight-init/checkpoints.previous/constant.safetensors")));
    }

    [Fact]
    public void AForgottenResumeLosesNothing()
    {
        Done("--epochs", "3");
        byte[] before = File.ReadAllBytes(Checkpoint);
        string said = Done("--epochs", "1", "--seed", "1");
        string aside = folder.File("weight-changes/checkpoints.previous");
        Assert.Contains($"set aside in {aside}; --resume would have gone on", said);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(aside, "sgd.safetensors")));
        Assert.DoesNotContain("set aside", Done("--epochs", "2", "--seed", "1", "--resume"));
        Done("--epochs", "1"); // one generation
        Assert.NotEqual(before, File.ReadAllBytes(Path.Combine(aside, "sgd.safetensors")));
    }

    [Fact]
    public void PartsOfASweepSetAsideOnlyTheirOwn()
    {
        string checkpoints = folder.File("init-variance/checkpoints"), aside = checkpoints + ".previous";
        Sweep("0.01");
        Sweep("0.1");
        Assert.Equal(["sigma-0.01.safetensors", "sigma-0.1.safetensors"],
            Directory.GetFiles(checkpoints, "sigma*").Select(Path.GetFileName).Order());
        Sweep("0.1");
        Assert.False(File.Exists(Path.Combine(aside, "sigma-0.01.safetensors")));
        Assert.True(File.Exists(Path.Combine(aside, "sigma-0.1.safetensors")));

        void Sweep(string sigma) => Run("init-variance", "--epochs", "1", "--sigmas", sigma);
    }

    [Fact]
    public void ASecondRunIsRefusedAndLeavesTheFirstAlone()
    {
        Done("--epochs", "1");
        byte[] before = File.ReadAllBytes(Checkpoint);
        using (RunLock.Take(folder.File("weight-changes/.lock"), ""))
            Refused($"{folder.File("weight-changes")}: another run (process ", "--epochs", "2");
        using (RunLock.Take(folder.File("weight-changes/checkpoints/.sgd.lock"), ""))
        {
            Refused($"{Checkpoint}: another run (process ", "--epochs", "2");
            var (exitCode, _, error) = Run("weight-changes", "--epochs", "2"); // nor are its checkpoints moved away
            Assert.Equal(2, exitCode);
            Assert.Contains("another run (process ", error);
        }
        Assert.Equal(before, File.ReadAllBytes(Checkpoint));
    }

    [Fact]
    public void ACheckpointOfAnotherVersionIsRefused()
    {
        Done("--epochs", "1");
        var file = Safetensors.Read(Checkpoint);
        var notes = file.Metadata.ToDictionary();
        Safetensors.Write(Checkpoint, file.Tensors, new Dictionary<string, string>(notes) { ["version"] = "99" });
        Refused("a checkpoint of version 99, this program has 3", "--epochs", "2");
        Safetensors.Write(Checkpoint, file.Tensors,
            new Dictionary<string, string> { ["settings"] = "weight-changes/sgd, --seed 42", ["recording"] = "{}" });
        Refused("a checkpoint of an earlier version of this program", "--epochs", "2");
        Safetensors.Write(Checkpoint, file.Tensors, new Dictionary<string, string> { ["format"] = "pt" });
        Refused("not a checkpoint of this program", "--epochs", "2");
    }

    [Fact]
    public void MetricsTellTheCheckpointsRecord()
    {
        Done("--epochs", "1");
        Assert.Equal(Safetensors.Read(Checkpoint).Metadata["record"],
            JsonSerializer.Serialize(Metrics().GetProperty("record"),
                new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Contains("data.trainHash: ", File.ReadAllText(folder.File("weight-changes/report.html")));
    }

    private JsonElement Metrics() => JsonDocument.Parse(File.ReadAllBytes(folder.File("weight-changes/metrics.json"))).RootElement;

    private string Done(params string[] arguments)
    {
        var (exitCode, output, error) = Run("weight-changes", arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private void Refused(string message, params string[] arguments)
    {
        var (exitCode, _, error) = Run("weight-changes", [.. arguments, "--resume"]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, Assert.Single(error.TrimEnd('\n').Split('\n')));
    }

    private (int ExitCode, string Output, string Error) Run(string lecture, params string[] arguments) =>
        ConsoleRun.Of([lecture, "--data", data.Path, "--out", folder.Path, "--format", "none", .. arguments]);
}
