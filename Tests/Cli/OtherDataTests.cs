using NativeNN.Random;

namespace NativeNN.Tests.Cli;

/// <summary>Every lecture on images of another size and with another number of classes than MNIST's.</summary>
public sealed class OtherDataTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("weight-histograms", 8, 3)]
    [InlineData("weight-distributions", 8, 3)]
    [InlineData("init-variance", 8, 3)]
    [InlineData("weight-changes", 8, 3)]
    [InlineData("weight-init", 8, 3)]
    [InlineData("weight-changes", 32, 47)]
    [InlineData("weight-init", 5, 2)]
    public void TheNetworkFollowsTheData(string lecture, int side, int classes)
    {
        Write("train", 240, side, classes);
        Write("t10k", 60, side, classes);
        string output = Run(lecture);
        Assert.Contains($"images of {side}×{side} pixels (0–255) in {classes} classes", output);
        Assert.Contains($"in_features={side * side}", output);
        Assert.Contains($"out_features={classes}", output);
    }

    [Fact]
    public void LabelsThatBeginAt1AreCountedFrom0AndAMissingTestPartIsSplitOff()
    {
        Write("emnist-letters-train", 260, side: 28, classes: 26, firstLabel: 1);
        string output = Run("weight-init");
        Assert.Contains("EMNIST's files hold images transposed", output);
        Assert.Contains("labels 1–26 are classes 0–25", output);
        Assert.Contains("10% of the images are held out", output);
        Assert.Contains("ln 26", output);
        Refused("needs a training and a test part", "weight-changes");
    }

    [Fact]
    public void TooFewImagesAreTold()
    {
        Write("train", 20, side: 28, classes: 3);
        Write("t10k", 5, side: 28, classes: 3);
        Refused("18 training images, needs 32 or more", "weight-histograms");
        Assert.Contains("20 + 5 images", Run("weight-changes"));
        Write("train", 1, side: 28, classes: 3);
        Refused("cannot be divided", "weight-histograms");
        Refused("needs two classes", "weight-changes");
    }

    [Fact]
    public void CompareKnowsMnistsShapeOnly()
    {
        Write("train", 40, side: 8, classes: 3);
        Refused("compare needs 28×28 pixels and classes 0–9", "compare", "weight-histograms");
        Write("train", 40, side: 28, classes: 10);
        Refused("10% of the images are held out", "compare", "weight-init");
    }

    private string Run(string lecture)
    {
        string[] options = ["--quick", "--epochs", "1", "--format", "none", "--data", folder.Path, "--out", folder.File("out")];
        var (exitCode, output, error) = ConsoleRun.Of([lecture, .. options]);
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        return output.ReplaceLineEndings(" ");
    }

    private void Refused(string reason, params string[] command)
    {
        var (exitCode, _, error) = ConsoleRun.Of([.. command, "--data", folder.Path, "--out", folder.File("refused")]);
        Assert.Equal(2, exitCode);
        Assert.Contains(reason, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    // Noise, in which each class has a bright row of its own
    private void Write(string part, int count, int side, int classes, int firstLabel = 0)
    {
        var noise = new float[count * side * side];
        new Generator(seed: 3).Rand(noise);
        byte[] pixels = [.. noise.Select(v => (byte)(100 * v))], labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))];
        for (int i = 0; i < count; i++)
            pixels.AsSpan(i * side * side + labels[i] % side * side, side).Fill(255);
        pixels[0] = 0;
        folder.Write($"{part}-images-idx3-ubyte", SmallData.Idx(0x803, [count, side, side], pixels));
        folder.Write($"{part}-labels-idx1-ubyte", SmallData.Idx(0x801, [count], [.. labels.Select(l => (byte)(l + firstLabel))]));
    }
}
