using System.Globalization;
using System.Text.Json;
using NativeNN.Checkpoints;

namespace NativeNN.Tests.Cli;

/// <summary>weights: files by PyTorch and of this program.</summary>
public sealed class WeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new(), data = new();

    public void Dispose()
    {
        folder.Dispose();
        data.Dispose();
    }

    // Tensor k of the golden file: (i − 3)/(k + 2); tensor 0 is [2, 3].
    [Fact]
    public void AStateDictOfPyTorchsIsShown()
    {
        string golden = Path.Combine(AppContext.BaseDirectory, "Goldens", "pytorch", "state_dict.pth");
        var (exitCode, output, error) = ConsoleRun.Of("weights", golden, "--out", folder.Path, "--format", "svg");
        Assert.True(exitCode == 0, error);
        string[] lines = output.Split('\n');
        Assert.Equal(["tensor", "shape", "mean", "std", "smallest", "largest", "κ"], Words(lines[0]));
        // −1.5, −1, −0.5, 0, 0.5, 1: mean −1/4, variance 35/48.
        Assert.Equal(["0.weight", "[2,", "3]", "-0.25", "0.8539", "-1.5", "1"], Words(lines[1])[..7]);
        // W = [[−1.5, −1, −0.5], [0, 0.5, 1]]: WWᵀ = [[3.5, −1], [−1, 1.25]], eigenvalues 2.375 ± √(1.125² + 1).
        double root = Math.Sqrt(1.125 * 1.125 + 1), condition = Math.Sqrt((2.375 + root) / (2.375 - root));
        Assert.Equal(condition, double.Parse(Words(lines[1])[7], CultureInfo.InvariantCulture), 3);
        Assert.Contains(lines, line => Words(line) is ["1.num_batches_tracked", "[]", "I64"]);
        string figure = folder.File("weights/state_dict.svg");
        Assert.Contains(figure, lines);
        Assert.Contains("0.weight", File.ReadAllText(figure));
    }

    [Fact]
    public void TheNetworkOfACheckpointIsTestedAndExportedAsItWasInTheLecture()
    {
        var (exitCode, _, error) = ConsoleRun.Of("weight-changes", "--data", SmallData.Folder(data), "--out", folder.Path, "--epochs", "1",
            "--format", "none");
        Assert.True(exitCode == 0, error);
        string checkpoint = folder.File("weight-changes/checkpoints/sgd.safetensors");
        var epoch = JsonElement.Parse(File.ReadAllText(folder.File("weight-changes/metrics.json"))).GetProperty("epochs")[0];

        var (tested, output, said) = ConsoleRun.Of("weights", checkpoint, "--prefix", "model.", "--lecture", "003", "--data", data.Path,
            "--out", folder.Path, "--format", "none");
        Assert.True(tested == 0, said);
        Assert.Contains(FormattableString.Invariant($"test loss {epoch.GetProperty("test_loss").GetDouble():G6}, ")
            + FormattableString.Invariant($"{100 * epoch.GetProperty("test_accuracy").GetDouble():F2}% of the test images right"), output);
        Assert.DoesNotContain("generator", output);

        string own = folder.File("own.onnx"), weights = folder.File("weights.onnx");
        Assert.Equal(0, ConsoleRun.Of("export", checkpoint, "--onnx", own).ExitCode);
        Assert.Equal(0, ConsoleRun.Of("export", checkpoint, "--lecture", "003", "--prefix", "model.", "--onnx", weights).ExitCode);
        Assert.Equal(File.ReadAllBytes(own), File.ReadAllBytes(weights));
    }

    [Fact]
    public void WhatIsNoSuchNetworkIsRefused()
    {
        string golden = Path.Combine(AppContext.BaseDirectory, "Goldens", "pytorch", "state_dict.pth");
        Refused("not a checkpoint of this MNISTNet: lacks fc1.weight", golden, "--lecture", "weight-changes");
        Refused("no such lecture", golden, "--lecture", "005");
        Refused("holds no tensor whose name begins with 'net.'", golden, "--prefix", "net.");
        Refused("no such file", folder.File("none.pt"));
        Refused("wants 'posix.system', which is not read or run here",
            Path.Combine(AppContext.BaseDirectory, "Goldens", "pytorch", "wants_to_run.pth"));
        Refused("safetensors", folder.Write("a.pt", "a text, long enough for a header"u8.ToArray()));
        string empty = folder.File("empty.safetensors");
        Safetensors.Write(empty, new Dictionary<string, SavedTensor>());
        Refused("holds no tensor", empty);
        Assert.False(Directory.Exists(folder.File("weights")));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private void Refused(string message, params string[] arguments)
    {
        var (exitCode, _, error) = ConsoleRun.Of(["weights", .. arguments, "--out", folder.Path]);
        Assert.Equal(2, exitCode);
        Assert.Contains(message, Assert.Single(error.TrimEnd('\n').Split('\n')));
    }
}
