using System.Text.Json;
using System.Text.RegularExpressions;
using NativeNN.Checkpoints;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Cli;
using NativeNN.Tests.Goldens;

namespace NativeNN.Tests.Lectures;

public sealed class InitVarianceTests : IDisposable
{
    private static readonly string[] Names = ["accuracy", "learned-weights", "learned-weights-near-zero", "spread", "start-scales",
        "saturation"];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AShortSweepLeavesFiguresMetricsAndVerdicts()
    {
        var (exitCode, output, error) = Run("out", "--epochs", "2", "--points", "0,12,24", "--threads", "2");
        Assert.True(exitCode == 0, error);
        Assert.Contains("1.0000e-04  1.6156e-04", output);
        Assert.Contains("Finished SD=0.0001, Final Acc=", output);
        Assert.All(Names, name => Assert.True(new FileInfo(folder.File($"out/init-variance/figures/{name}.png")).Length > 2_000, name));

        var metrics = Metrics("out");
        Assert.Equal(300, metrics.GetProperty("dataset").GetProperty("train").GetInt32());
        Assert.Equal(2, metrics.GetProperty("epochs").GetArrayLength()); // the main training is the sweep's first point
        Assert.Equal(["sigma-0.03162277660168379", "sigma-10", "default", "xavier", "kaiming"],
            metrics.GetProperty("trainings").EnumerateObject().Select(t => t.Name));
        Assert.All(metrics.GetProperty("trainings").EnumerateObject(),
            t => Assert.Equal(2, t.Value.GetProperty("epochs").GetArrayLength()));

        // The logits at σ = 10 are millions times the default's: the first losses must say so, and the verdict follow.
        double firstLoss = metrics.GetProperty("trainings").GetProperty("sigma-10").GetProperty("epochs")[0].GetProperty("train_loss")
            .GetDouble();
        Assert.True(firstLoss > 1e4, $"{firstLoss}");
        Assert.Equal("does not hold", Verdict(metrics, "np.logspace"));
        Assert.Equal("holds", Verdict(metrics, "Large σ"));
        Assert.Equal(16, metrics.GetProperty("claims").GetArrayLength());
    }

    [Fact]
    public void ShardsTogetherAndResumedEqualOneRun()
    {
        string[] points = ["--points", "0..1,24", "--epochs", "2"];
        Run("whole", [.. points, "--threads", "1"]);
        Run("parts", "--points", "0..1,24", "--epochs", "1", "--shard", "0/2"); // as if killed in its second epoch
        Run("parts", [.. points, "--shard", "0/2", "--resume"]);
        Assert.False(Directory.EnumerateFiles(folder.File("parts/init-variance"), "*.png", SearchOption.AllDirectories).Any());
        Run("parts", [.. points, "--shard", "1/2", "--threads", "3"]);
        var (exitCode, _, error) = Run("parts", "--merge");
        Assert.True(exitCode == 0, error);

        string[] files = [.. Directory.GetFiles(folder.File("whole/init-variance/checkpoints")).Select(f => Path.GetFileName(f)!).Order()];
        Assert.Equal(6, files.Length);
        Assert.Equal(files, Directory.GetFiles(folder.File("parts/init-variance/checkpoints")).Select(f => Path.GetFileName(f)!).Order());
        foreach (string file in files)
        {
            var (whole, parts) = (Safetensors.Read(folder.File($"whole/init-variance/checkpoints/{file}")),
                Safetensors.Read(folder.File($"parts/init-variance/checkpoints/{file}")));
            Assert.All(whole.Tensors, t => Assert.Equal(t.Value.Values, parts.Tensors[t.Key].Values));
        }
        Assert.All(Names, name => Assert.Equal(
            File.ReadAllBytes(folder.File($"whole/init-variance/figures/{name}.png")),
            File.ReadAllBytes(folder.File($"parts/init-variance/figures/{name}.png"))));
    }

    [Fact]
    public void AFinishedPointIsNeverTrainedTwice()
    {
        Run("out", "--epochs", "1", "--sigmas", "0.05");
        string finished = folder.File("out/init-variance/checkpoints/sigma-0.05.safetensors");
        var written = File.GetLastWriteTimeUtc(finished);
        Run("out", "--epochs", "1", "--sigmas", "0.05,0.5", "--resume");
        Assert.Equal(written, File.GetLastWriteTimeUtc(finished));
        Assert.True(File.Exists(folder.File("out/init-variance/checkpoints/sigma-0.5.safetensors")));
    }

    [Fact]
    public void NetworksStartAsInPyTorch()
    {
        // The file has Python's NaN among its losses, which JSON knows nothing of.
        string text = Regex.Replace(File.ReadAllText(Path.Combine(GoldenFiles.Folder, "train.json")),
            @"(?<=[\[,:])-?(NaN|Infinity)(?=[\],}])", "null");
        using var goldens = JsonDocument.Parse(text);
        var cases = goldens.RootElement.GetProperty("cases").EnumerateArray()
            .Where(c => c.GetProperty("id").GetString()!.StartsWith("002-", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            var point = one.TryGetProperty("sigma", out var sigma) ? InitPoint.Of(sigma.GetDouble()) : InitPoint.Standard[0];
            var net = new InitVariance().RecipeOf(point).NewNetwork(new Generator(one.GetProperty("seed").GetInt64()));
            var parameters = net.Parameters();
            Assert.Equal(
                one.GetProperty("init").EnumerateObject().Select(p => p.Value.GetProperty("sha256_le").GetString()),
                parameters.Select(p => GoldenFiles.Sha256<float>(p.ToArray())));
        }
    }

    [Fact]
    public void EveryShardTogetherIsTheWholeSweepOnce()
    {
        var whole = InitVariance.PointsOf(new RunOptions()).Select(p => p.Key).ToList();
        Assert.Equal(28, whole.Count);
        var shards = Enumerable.Range(0, 5).SelectMany(k => InitVariance.PointsOf(new RunOptions { Shard = (k, 5) })).Select(p => p.Key);
        Assert.Equal(whole.Order(), shards.Order());
        Assert.Equal(InitVariance.Sigmas[7], InitPoint.FromKey(whole[7])!.Sigma); // a checkpoint's name holds σ exactly
        Assert.Null(InitPoint.FromKey("kaiming"));
    }

    [Theory]
    [InlineData("--points", "3..1")]
    [InlineData("--points", "25")]
    [InlineData("--points", "a")]
    [InlineData("--points", "")]
    [InlineData("--sigmas", "0")]
    [InlineData("--sigmas", "1e99")]
    [InlineData("--sigmas", "0.1,x")]
    [InlineData("--shard", "4/4")]
    [InlineData("--shard", "1")]
    [InlineData("--shard", "-1/2")]
    [InlineData("--merge", "--points", "1")]
    [InlineData("--points", "1", "--sigmas", "1")]
    [InlineData("--merge")] // an out folder without points
    public void BadSweepOptionsEndWithOneLine(params string[] args)
    {
        // Refused before any data is read.
        var (exitCode, _, error) = ConsoleRun.Of(["init-variance", "--out", folder.File("out"), .. args]);
        Assert.Equal(2, exitCode);
        Assert.Matches(@"\Aerror: [^\n]+\n\z", error);
    }

    private (int ExitCode, string Output, string Error) Run(string name, params string[] args)
    {
        string data = folder.Path;
        if (!File.Exists(folder.File("train-labels-idx1-ubyte")))
            SmallData.Folder(folder, train: 300, test: 100);
        return ConsoleRun.Of(["init-variance", "--data", data, "--out", folder.File(name), .. args]);
    }

    private JsonElement Metrics(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(folder.File($"{name}/init-variance/metrics.json"))).RootElement;

    private static string Verdict(JsonElement metrics, string said) => metrics.GetProperty("claims").EnumerateArray()
        .Single(c => c.GetProperty("claim").GetString()!.StartsWith(said, StringComparison.Ordinal)).GetProperty("verdict").GetString()!;
}
