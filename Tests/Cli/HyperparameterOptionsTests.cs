using System.Text.Json;

namespace NativeNN.Tests.Cli;

/// <summary>Settings of the command line, from there to the report, and back again with --resume.</summary>
public sealed class HyperparameterOptionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SettingsAreInTheMetricsTheReportAndTheResumeCheck()
    {
        using var data = new TemporaryFolder();
        string[] small =
        [
            "weight-changes", "--data", SmallData.Folder(data), "--out", folder.Path, "--format", "svg", "--threads", "1", "--epochs", "1",
        ];
        string[] settings = ["--lr", "0.03", "--hidden", "12", "--optimizer", "adagrad", "--batch-size", "20", "--init", "lecun-normal"];
        var (exitCode, output, error) = ConsoleRun.Of([.. small, .. settings]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("not the lecture's settings: ", output);

        string results = Path.Combine(folder.Path, "weight-changes");
        var metrics = JsonElement.Parse(File.ReadAllText(Path.Combine(results, "metrics.json")));
        var recipe = metrics.GetProperty("record").GetProperty("recipe");
        Assert.Equal((0.03, "Adagrad"), (recipe.GetProperty("optimizer").GetProperty("learningRate").GetDouble(),
            recipe.GetProperty("optimizer").GetProperty("kind").GetString()));
        var widths = recipe.GetProperty("network").GetProperty("widths").EnumerateArray();
        Assert.Equal([784, 12, 10], widths.Select(w => w.GetInt32()));
        Assert.Equal("lecun-normal", recipe.GetProperty("initialization").GetString());
        Assert.All(metrics.GetProperty("claims").EnumerateArray(),
            c => Assert.Equal("not the lecture's settings", c.GetProperty("verdict").GetString()));
        string page = File.ReadAllText(Path.Combine(results, "report.html"));
        Assert.Contains("--lr 0.03 --hidden 12 --optimizer adagrad", page); // the command that makes the same again
        Assert.Contains("recipe.optimizer.learningRate: 0.03", page);

        (exitCode, _, error) = ConsoleRun.Of([.. small, .. settings, "--resume"]);
        Assert.Equal((0, ""), (exitCode, error));
        (exitCode, _, error) = ConsoleRun.Of([.. small, .. settings[2..], "--resume"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("made with --lr 0.03, but this run has 0.005", Assert.Single(error.TrimEnd('\n').Split('\n')));
    }
}
