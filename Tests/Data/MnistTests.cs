using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class MnistTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LoadsTheBundledTestSet()
    {
        var test = Mnist.LoadTest();
        Assert.Equal(("MNIST", 10_000, 28, 28), (test.Name, test.Count, test.Rows, test.Columns));
        Assert.Equal(7, test.Labels[0]);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte")]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte")]
    public void LoadsFoldersLaidOutLikeIt(string images, string labels)
    {
        Write(images, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 2, 3, 2);
        Write(labels, [9, 4], 2);
        var set = Mnist.LoadTrain(folder.Path);
        Assert.Equal(Path.GetFileName(folder.Path), set.Name);
        Assert.Equal([9, 4], set.Labels);
        Assert.Equal([6, 7, 8, 9, 10, 11], set.Image(1).ToArray());
        Assert.Equal((1, 6), (set.Take(1).Count, set.Take(1).Pixels.Length));
        Assert.Equal([4, 9, 4], set.Select([1, 0, 1]).Labels);
    }

    [Fact]
    public void RefusesWhatDoesNotBelongTogether()
    {
        Assert.Contains("no such file or folder", Refused(folder.File("nowhere")));
        Assert.Contains("train-images-idx3-ubyte.gz", Refused(folder.Path));
        Write("train-images-idx3-ubyte", new byte[12], 2, 3, 2);
        Write("train-labels-idx1-ubyte", new byte[3], 3);
        Assert.Contains("3 labels for 2 images", Refused(folder.Path));
    }

    [Fact]
    public void AChangedBundledFileIsRefused()
    {
        // A program folder of its own, so that the shared one stays whole: the check is by name and content.
        string path = folder.Write("t10k-labels-idx1-ubyte.gz", IdxTests.Gzip(IdxTests.File(new byte[5], 5)));
        var error = Assert.Throws<BadInputException>(() => Mnist.CheckHash(path));
        Assert.Contains("SHA-256", error.Message);
        Mnist.CheckHash(Path.Combine(Mnist.BundledFolder, "t10k-labels-idx1-ubyte.gz"));
    }

    private string Refused(string path)
    {
        var error = Assert.Throws<BadInputException>(() => Mnist.LoadTrain(path));
        Assert.StartsWith(folder.Path, error.Message);
        return error.Message;
    }

    private void Write(string name, byte[] values, params int[] dimensions)
    {
        byte[] content = IdxTests.File(values, dimensions);
        folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? IdxTests.Gzip(content) : content);
    }
}
