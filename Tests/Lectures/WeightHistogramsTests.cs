using System.Text.Json;
using NativeNN.Checkpoints;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Lectures;

public sealed class WeightHistogramsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AShortRunLeavesFiguresMetricsAndAReport()
    {
        var (exitCode, output, error) = Run("out", "--epochs", "2", "--format", "png,svg");
        Assert.True(exitCode == 0, error);
        Assert.Contains("MNIST_FFN(", output);
        Assert.Contains("The lecture said", output);
        string lecture = folder.File("out/weight-histograms");
        string[] names =
        [
            "initial-input-weights", "initial-all-weights", "evolution", "heat-map", "accuracy-and-loss", "adam-against-sgd", "layers",
            "weight-decay", "biases", "batch-norm", "bias-paths", "performance-and-saturation", "confusion", "worst-judged",
        ];
        foreach (string name in names)
        {
            Assert.True(new FileInfo($"{lecture}/figures/{name}.png").Length > 2_000, name);
            Assert.True(new FileInfo($"{lecture}/figures/{name}.svg").Length > 2_000, name);
        }
        Assert.Contains("data:image/png;base64,", File.ReadAllText($"{lecture}/report.html"));

        var metrics = Metrics("out");
        Assert.Equal("weight-histograms", metrics.GetProperty("lecture").GetString());
        Assert.Equal(42, metrics.GetProperty("seed").GetInt64());
        Assert.Equal("cpu", metrics.GetProperty("device").GetString());
        Assert.Equal(360, metrics.GetProperty("dataset").GetProperty("train").GetInt32());
        Assert.Equal(40, metrics.GetProperty("dataset").GetProperty("test").GetInt32());
        Assert.Equal(2 * names.Length, metrics.GetProperty("figures").GetArrayLength());
        Assert.True(metrics.GetProperty("seconds").GetDouble() > 0);
        var epochs = metrics.GetProperty("epochs").EnumerateArray().ToList();
        Assert.Equal([1, 2], epochs.Select(e => e.GetProperty("epoch").GetInt32()));
        Assert.All(epochs, e =>
        {
            Assert.InRange(e.GetProperty("train_loss").GetDouble(), 1, 3);
            Assert.InRange(e.GetProperty("train_accuracy").GetDouble(), 0, 1);
            Assert.InRange(e.GetProperty("test_accuracy").GetDouble(), 0, 1);
            Assert.True(e.GetProperty("seconds").GetDouble() > 0);
        });
        Assert.All(metrics.GetProperty("claims").EnumerateArray(), c =>
            Assert.Contains(c.GetProperty("verdict").GetString(), new[] { "holds", "partly", "does not hold", "too short to tell" }));
    }

    [Fact]
    public void AnInterruptedRunGoesOnToTheSameBits()
    {
        Run("whole", "--epochs", "4");
        Run("halves", "--epochs", "2"); // what a run killed in epoch 3 leaves
        var (exitCode, _, error) = Run("halves", "--epochs", "4", "--resume");
        Assert.True(exitCode == 0, error);
        foreach (string key in new[] { "sgd", "adam", "weight-decay", "batch-norm" })
        {
            var whole = Safetensors.Read(folder.File($"whole/weight-histograms/checkpoints/{key}.safetensors"));
            var halves = Safetensors.Read(folder.File($"halves/weight-histograms/checkpoints/{key}.safetensors"));
            Assert.Equal(whole.Tensors.Keys.Order(), halves.Tensors.Keys.Order());
            Assert.All(whole.Tensors, t => Assert.Equal(t.Value.Values, halves.Tensors[t.Key].Values));
        }
        Assert.Equal(Losses("whole"), Losses("halves"));
    }

    [Fact]
    public void AFinishedRunIsDrawnAgainWithoutTraining()
    {
        Run("out", "--epochs", "2");
        string checkpoint = folder.File("out/weight-histograms/checkpoints/sgd.safetensors"),
            figure = folder.File("out/weight-histograms/figures/evolution.png");
        var (written, drawn) = (File.GetLastWriteTimeUtc(checkpoint), File.ReadAllBytes(figure));
        File.Delete(figure);
        Run("out", "--epochs", "2", "--resume");
        Assert.Equal(written, File.GetLastWriteTimeUtc(checkpoint));
        Assert.Equal(drawn, File.ReadAllBytes(figure));
    }

    [Fact]
    public void ResumingWithAnotherSeedIsRefused()
    {
        Run("out", "--epochs", "1");
        var (exitCode, _, error) = Run("out", "--epochs", "2", "--resume", "--seed", "43");
        Assert.Equal(2, exitCode);
        Assert.Contains("--seed 42", error);
    }

    [Fact]
    public void ThreadsAndRepetitionDoNotChangeABit()
    {
        Run("one", "--epochs", "2", "--threads", "1");
        Run("two", "--epochs", "2", "--threads", "2");
        Assert.Equal(
            File.ReadAllBytes(folder.File("one/weight-histograms/figures/evolution.png")),
            File.ReadAllBytes(folder.File("two/weight-histograms/figures/evolution.png")));
        Assert.Equal(Losses("one"), Losses("two"));
    }

    private (int ExitCode, string Output, string Error) Run(string name, params string[] args)
    {
        string data = folder.File("small.csv");
        if (!File.Exists(data))
            SmallData.CsvFile(folder);
        return ConsoleRun.Of(["weight-histograms", "--data", data, "--out", folder.File(name), .. args]);
    }

    private JsonElement Metrics(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(folder.File($"{name}/weight-histograms/metrics.json"))).RootElement;

    private double[] Losses(string name) =>
        [.. Metrics(name).GetProperty("epochs").EnumerateArray().Select(e => e.GetProperty("train_loss").GetDouble())];
}
