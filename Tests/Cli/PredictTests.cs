using SkiaSharp;

namespace NativeNN.Tests.Cli;

/// <summary>predict, runs and compare-runs, on what two short runs leave behind.</summary>
public sealed class PredictTests : IDisposable
{
    private readonly TemporaryFolder folder = new(), data = new();

    public void Dispose()
    {
        folder.Dispose();
        data.Dispose();
    }

    [Fact]
    public void RunsAreListedComparedAndAsked()
    {
        string[] small =
        [
            "weight-changes", "--data", SmallData.Folder(data), "--format", "none", "--threads", "1", "--epochs", "2", "--quiet",
        ];
        string slow = Path.Combine(folder.Path, "slow"), fast = Path.Combine(folder.Path, "fast");
        Succeeds([.. small, "--out", slow]);
        Succeeds([.. small, "--out", fast, "--lr", "0.1"]);
        folder.Write("metrics.json", "{"u8.ToArray());

        string runs = Succeeds("runs", "--out", folder.Path);
        Assert.Contains("weight-changes: 2 runs", runs);
        Assert.Contains("optimizer.learningRate 0.1", runs);
        Assert.Contains("optimizer.learningRate 0.005", runs);
        Assert.DoesNotContain("batchSize", runs); // alike
        Assert.Contains("metrics.json: no metrics.json of this version", runs);

        var (a, b) = (Path.Combine(slow, "weight-changes"), Path.Combine(fast, "weight-changes"));
        string compared = Succeeds("compare-runs", a, b, "--out", folder.Path);
        Assert.Contains("recipe.optimizer.learningRate: 0.005 and 0.1", compared);
        Assert.Contains("one setting differs", compared);
        string page = File.ReadAllText(Path.Combine(folder.Path, "compare-runs", "index.html"));
        Assert.Contains("Two runs of weight-changes", page);
        Assert.Contains("\"id\":\"test\"", page);
        Assert.Equal(2, page.Split("<svg").Length - 1);
        Assert.True(new FileInfo(Path.Combine(folder.Path, "compare-runs", "weights.png")).Length > 10_000);

        string net = Path.Combine(b, "checkpoints", "sgd.safetensors");
        string said = Succeeds("predict", net, DarkStroke(), Path.Combine(data.Path, "t10k-images-idx3-ubyte.gz"), "--out", folder.Path);
        Assert.Contains("stroke.png: ", said);
        Assert.Contains("; dark on light: inverted; 56×56 pixels scaled to 28×28", said);
        Assert.Contains("t10k-images-idx3-ubyte.gz [99]: ", said);
        Assert.True(new FileInfo(Path.Combine(folder.Path, "predict", "prediction.png")).Length > 10_000);

        Refused("no such file", "predict", net, folder.File("none.png"));
        Refused("neither a picture", "predict", net, folder.Write("text.png", "hello"u8.ToArray()));
        Refused("safetensors", "predict", Path.Combine(a, "metrics.json"), DarkStroke());
        Refused("magic number", "predict", net, Path.Combine(data.Path, "t10k-labels-idx1-ubyte"), "--format", "none");
        Refused("holds no metrics.json", "compare-runs", a, folder.File("none"));
        Refused("no such folder", "runs", "--out", folder.File("none"));
        Refused("holds no run", "runs", "--out", data.Path);
    }

    private string DarkStroke()
    {
        using var bitmap = new SKBitmap(56, 56);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.DrawRect(24, 8, 8, 40, new SKPaint { Color = SKColors.Black });
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return folder.Write("stroke.png", png.ToArray());
    }

    private static string Succeeds(params string[] args)
    {
        var (exitCode, output, error) = ConsoleRun.Of(args);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static void Refused(string named, params string[] args)
    {
        var (exitCode, _, error) = ConsoleRun.Of(args);
        Assert.Equal(2, exitCode);
        Assert.Contains(named, Assert.Single(error.TrimEnd('\n').Split('\n')));
    }
}
