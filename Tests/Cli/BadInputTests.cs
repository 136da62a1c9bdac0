namespace NativeNN.Tests.Cli;

/// <summary>Bad input from outside ends with exit code 2 and one line that names the culprit, and leaves nothing behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("weight-histogramms", "weight-histogramms")]
    [InlineData("weight-histograms --epocs 3", "--epocs")]
    [InlineData("weight-histograms --epochs -3", "--epochs -3")]
    [InlineData("weight-histograms --epochs 0", "--epochs 0")]
    [InlineData("weight-histograms --epochs three", "--epochs three: needs a whole number")]
    [InlineData("weight-histograms --seed 1.5", "--seed 1.5: needs a whole number")]
    [InlineData("weight-histograms --transpose maybe", "maybe")]
    [InlineData("compare init-variance --sigma 0,1", "--sigma 0,1: needs a number")]
    [InlineData("weight-histograms --threads 0", "--threads 0")]
    [InlineData("weight-histograms --format gif", "--format gif")]
    [InlineData("weight-histograms --format none,png", "--format none,png")]
    [InlineData("weight-histograms --dpi 5", "--dpi 5")]
    [InlineData("weight-histograms --device abacus", "abacus")]
    [InlineData("weight-histograms --data no/such/file.csv", "no/such/file.csv")]
    [InlineData("weight-histograms --lr 0", "--lr 0")]
    [InlineData("weight-histograms --lr 0,1", "--lr 0,1")]
    [InlineData("weight-histograms --lr 1e-60", "--lr 1e-60")]
    [InlineData("weight-histograms --batch-size 0", "--batch-size 0")]
    [InlineData("weight-histograms --batch-size 18001", "18001")] // of 18,000 images, and it leaves short batches out
    [InlineData("weight-histograms --optimizer lion", "sgd, adam, adamw, rmsprop, adagrad")]
    [InlineData("weight-histograms --momentum 1", "--momentum 1")]
    [InlineData("weight-histograms --optimizer adam --momentum 0.9", "--momentum 0.9: weight-histograms would train with Adam")]
    [InlineData("init-variance --momentum 0.9", "--momentum 0.9")]
    [InlineData("weight-histograms --weight-decay -1", "--weight-decay -1")]
    [InlineData("weight-histograms --dropout 1.5", "--dropout 1.5")]
    [InlineData("weight-histograms --hidden 0", "--hidden 0")]
    [InlineData("weight-histograms --hidden 64,,32", "--hidden 64,,32")]
    [InlineData("weight-histograms --hidden 99999999", "--hidden 99999999")]
    [InlineData("weight-histograms --init glorot", "kaiming-normal")]
    [InlineData("weight-histograms --init normal", "normal:NUMBER")]
    [InlineData("weight-init --init zeros", "weight-init compares ways to initialise")]
    [InlineData("all --init zeros", "--init zeros: init-variance")]
    [InlineData("weight-histograms --loss hinge", "cross-entropy, nll, mse")]
    public void AWrongCommandOrOptionIsNamed(string arguments, string named) => Refused(arguments.Split(' '), named);

    [Fact]
    public void DamagedIdxFilesAreNamed()
    {
        string images = folder.File("train-images-idx3-ubyte.gz");
        byte[] good = SmallData.Gzip(SmallData.Idx(0x803, [2, 28, 28], new byte[2 * 784]));
        var labels = SmallData.Idx(0x801, [2], [1, 2]);

        RefusedIdx(good[..^20], labels, images);                                                                    // truncated .gz
        RefusedIdx([.. good[..12], .. good[12..].Select(b => (byte)(b ^ 0x5a))], labels, images);                   // corrupted .gz
        RefusedIdx(SmallData.Gzip(SmallData.Idx(0x1234, [2, 28, 28], new byte[2 * 784])), labels, images);          // wrong magic
        RefusedIdx(SmallData.Gzip(SmallData.Idx(0x803, [3, 28, 28], new byte[2 * 784])), labels, images); // shorter than its header
        RefusedIdx(SmallData.Gzip(SmallData.Idx(0x803, [1, 28, 28], new byte[2 * 784])), labels, images); // longer than its header
        RefusedIdx(good, SmallData.Idx(0x801, [3], [1, 2, 3]), "label");                                            // counts differ
        RefusedIdx(good, SmallData.Idx(0x801, [2], [1, 1]), "needs two classes");                                   // one class
    }

    [Theory]
    [InlineData("5,0,0,0", 2)]          // a short row
    [InlineData("5,x", 2)]              // not a number
    [InlineData("5,300", 2)]            // a pixel of 300
    [InlineData("300,0", 2)]            // label 300
    [InlineData("\u001b[31m,0", 2)]     // a terminal's escape sequence
    public void ABadCsvRowIsNamedWithItsLine(string start, int line)
    {
        string good = "3" + string.Concat(Enumerable.Repeat(",0", 784));
        string bad = start.Split(',').Length > 2 ? start : start + string.Concat(Enumerable.Repeat(",0", 783));
        string path = folder.File("bad.csv");
        File.WriteAllText(path, $"{good}\n{bad}\n{good}\n");
        Refused(["weight-histograms", "--data", path], path, $"line {line}");
    }

    [Fact]
    public void AnOutFolderThatCannotBeWrittenIsNamed()
    {
        string file = folder.Write("taken", [1]);
        Refused(["weight-histograms", "--epochs", "1", "--out", file], file, "--out");
    }

    private void RefusedIdx(byte[] images, byte[] labels, string named)
    {
        folder.Write("train-images-idx3-ubyte.gz", images);
        folder.Write("train-labels-idx1-ubyte", labels);
        Refused(["weight-histograms", "--data", folder.Path], named);
    }

    private void Refused(string[] args, params string[] named)
    {
        string[] outFolder = args.Contains("--out") ? [] : ["--out", folder.File("out")];
        var (exitCode, _, error) = ConsoleRun.Of([.. args, .. outFolder]);
        Assert.Equal(2, exitCode);
        string line = Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.All(named, name => Assert.Contains(name, line));
        Assert.DoesNotContain("   at ", error);
        Assert.DoesNotContain("System.", error);
        Assert.DoesNotContain(line, char.IsControl);
        Assert.Empty(Directory.Exists(folder.File("out")) ? Directory.GetFiles(folder.File("out"), "*", SearchOption.AllDirectories) : []);
    }
}
