using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class DataFilesTests : IDisposable
{
    private static readonly byte[] Pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]; // two images of 2×3

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k")]
    [InlineData("", "train-images.idx3-ubyte.gz", "train-labels.idx1-ubyte", "t10k")]
    [InlineData("MNIST/raw", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k")] // torchvision's root
    [InlineData("raw", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k")]
    [InlineData("gzip", "emnist-digits-train-images-idx3-ubyte.gz", "emnist-digits-train-labels-idx1-ubyte.gz", "test")]
    [InlineData("QMNIST/raw", "qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx1-ubyte", "test")]
    public void FindsAPairOfFilesForEachPart(string inner, string images, string labels, string test)
    {
        Write(inner, images, IdxTests.File(Pixels, 2, 2, 3));
        Write(inner, labels, IdxTests.File([0, 1], 2));
        Assert.False(DataFiles.Find(folder.Path).HasTest);
        Write(inner, images.Replace("train", test), IdxTests.File(Pixels[..6], 1, 2, 3));
        Write(inner, labels.Replace("train", test), IdxTests.File([1], 1));
        foreach (string path in new[] { folder.Path, Path.Combine(folder.Path, inner, images), Path.Combine(folder.Path, inner, labels) })
        {
            var (train, tests) = DataFiles.Find(path).Read(withTest: true, transpose: false);
            Assert.Equal(Pixels, train.Pixels);
            Assert.Equal([0, 1], train.Labels);
            Assert.Equal((1, 2, 3), (tests!.Count, tests.Rows, tests.Columns));
        }
    }

    [Fact]
    public void ReadsQmnistsTableOfLabels()
    {
        Write("", "qmnist-train-images-idx3-ubyte", IdxTests.File(Pixels, 2, 2, 3));
        byte[] table = new byte[12 + 2 * 8 * 4];
        (table[2], table[3], table[7], table[11]) = (0x0C, 2, 2, 8);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(12), 7);
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(16), 99); // the second column
        Write("", "qmnist-train-labels-idx2-int.gz", table);
        var set = Train(folder.Path);
        Assert.Equal([7, 0], set.Labels);
        Assert.Equal("qmnist", set.Name);
    }

    [Fact]
    public void EmnistIsTurnedAndItsLettersCountFrom0()
    {
        Write("", "emnist-letters-train-images-idx3-ubyte", IdxTests.File(Pixels, 2, 2, 3));
        Write("", "emnist-letters-train-labels-idx1-ubyte", IdxTests.File([1, 3], 2));
        File.WriteAllText(folder.File("emnist-letters-mapping.txt"), "1 65 97\n2 66 98\n3 67 99\n");
        var set = Train(folder.Path);
        Assert.Equal([1, 4, 2, 5, 3, 6], set.Image(0).ToArray());
        Assert.Equal((3, 2), (set.Rows, set.Columns));
        Assert.Equal([0, 2], set.Labels);
        Assert.Equal(["A", "B", "C"], set.ClassNames);
        Assert.Equal(2, set.Remarks.Count);
        Assert.Equal(Pixels, Train(folder.Path, transpose: false).Pixels);
    }

    [Fact]
    public void ClassesAreThoseOfBothParts()
    {
        Write("", "train-images-idx3-ubyte", IdxTests.File(Pixels, 2, 2, 3));
        Write("", "train-labels-idx1-ubyte", IdxTests.File([1, 4], 2));
        Write("", "t10k-images-idx3-ubyte", IdxTests.File(Pixels[..6], 1, 2, 3));
        Write("", "t10k-labels-idx1-ubyte", IdxTests.File([46], 1));
        var (train, test) = DataFiles.Find(folder.Path).Read(withTest: true);
        Assert.Equal((46, 46), (train.ClassCount, test!.ClassCount));
        Assert.Equal(("1", "46"), (train.ClassNames[0], train.ClassNames[^1]));
        Assert.Equal([45], test.Labels);
        Assert.Equal([1, 4, 2, 5, 3, 6], Train(folder.Path, transpose: true).Image(0).ToArray());
        Assert.Equal(46, train.Take(1).Select([0]).ClassCount);
    }

    [Fact]
    public void ReadsKagglesTablesAndMissesNoTestLabels()
    {
        Write("", "train.csv", "label,a,b,c,d\n1,0,0,0,9\n0,1,2,3,4\n"u8.ToArray());
        Write("", "test.csv", "a,b,c,d\n0,0,0,9\n"u8.ToArray());
        Assert.Equal([1, 0], Train(folder.Path).Labels);
        Assert.Contains("test.csv: no column is called label", Refused(() => DataFiles.Find(folder.Path).Read(withTest: true)));
        Write("", "other.csv", "5,0,0,0,9\n6,0,0,0,8\n"u8.ToArray());
        Assert.False(DataFiles.Find(folder.File("other.csv")).HasTest);
    }

    [Fact]
    public void ReadsNumPysArchives()
    {
        byte[] images = NpzTests.Npy("|u1", "2, 2, 3", Pixels), labels = NpzTests.Npy("<i4", "2,", [3, 0, 0, 0, 4, 0, 0, 0]);
        Write("", "kmnist-train-imgs.npz", NpzTests.Zip(("arr_0", images)));
        Write("", "kmnist-train-labels.npz", NpzTests.Zip(("arr_0", labels)));
        Assert.Equal([3, 4], Train(folder.Path).Labels);
        Assert.Equal("kmnist", DataFiles.Find(folder.Path).Name);
        Write("keras", "mnist.npz", NpzTests.Zip(("x_train", images), ("y_train", labels), ("x_test", images), ("y_test", labels)));
        var (train, test) = DataFiles.Find(folder.File("keras")).Read(withTest: true);
        Assert.Equal(Pixels, train.Pixels);
        Assert.Equal([3, 4], test!.Labels);
    }

    [Fact]
    public void WhatIsMissingOrTooMuchIsNamed()
    {
        Write("", "emnist-letters-train-images-idx3-ubyte", IdxTests.File(Pixels, 2, 2, 3));
        Assert.Contains("its labels are missing", Refused(() => DataFiles.Find(folder.Path)));
        Write("", "emnist-letters-train-labels-idx1-ubyte", IdxTests.File([1], 1));
        Assert.Contains("1 labels for 2 images", Refused(() => Train(folder.Path)));
        Write("", "emnist-digits-train-images-idx3-ubyte", IdxTests.File([], 0, 2, 3));
        Write("", "emnist-digits-train-labels-idx1-ubyte", IdxTests.File([], 0));
        Assert.Contains("holds several data sets", Refused(() => DataFiles.Find(folder.Path)));
        Assert.Contains("images of shape [0, 2, 3]", Refused(() => Train(folder.File("emnist-digits-train-images-idx3-ubyte"))));
        Write("", "pixels.idx", IdxTests.File(Pixels, 2, 2, 3));
        Assert.Contains("without the other of images and labels", Refused(() => DataFiles.Find(folder.File("pixels.idx"))));
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html>", "an HTML page")]
    [InlineData("\n <html>", "an HTML page")]
    [InlineData("<?xml version=\"1.0\"?>", "an XML document")]
    [InlineData("PK\u0003\u0004...", "a ZIP archive")]
    [InlineData("{\"a\": 1}", "JSON text")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "a Git LFS pointer")]
    [InlineData("\u0089PNG\r\n", "a PNG picture")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("@relation mnist", "ARFF text")]
    public void AFileOfAnotherKindIsNamedAsWhatItIs(string start, string kind)
    {
        byte[] content = Encoding.Latin1.GetBytes(start);
        foreach (bool packed in new[] { false, true })
        {
            Write("", "train-images-idx3-ubyte", packed ? IdxTests.Gzip(content) : content);
            Write("", "train-labels-idx1-ubyte", IdxTests.File([1], 1));
            Write("", "a.csv", packed ? IdxTests.Gzip(content) : content);
            Assert.Contains(kind, Refused(() => Train(folder.Path)));
            Assert.Contains(kind, Refused(() => Train(folder.File("a.csv"))));
        }
    }

    [SkippableFact]
    public void APipeIsRefusedAtOnce()
    {
        Skip.IfNot(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "mkfifo is there on Linux and macOS");
        string pipe = folder.File("pipe"), link = folder.File("link");
        using var mkfifo = Process.Start("mkfifo", [pipe]);
        mkfifo.WaitForExit();
        File.CreateSymbolicLink(link, pipe);
        Assert.Contains("a pipe or device", Refused(() => Train(pipe)));
        Assert.Contains("a pipe or device", Refused(() => Train(link)));
        Assert.Contains("a pipe or device", Refused(() => Train("/dev/null")));
        File.CreateSymbolicLink(folder.File("good"), folder.Write("a.csv", "1,0,0,0,9\n0,1,2,3,4\n"u8.ToArray()));
        Assert.Equal(2, Train(folder.File("good")).Count);
    }

    [Fact]
    public void ZerosThatUnpackAThousandfoldAreNotRead()
    {
        const int Count = 250_000; // images of 28×28 zeros: 196 MB in 200 KB
        byte[] packed = IdxTests.Gzip(IdxTests.File(new byte[Count * 784], Count, 28, 28));
        Write("", "train-images-idx3-ubyte.gz", packed);
        Write("", "train-labels-idx1-ubyte", IdxTests.File(new byte[100], 100));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("100 labels for 250000 images", Refused(() => Train(folder.Path)));
        Write("", "train-labels-idx1-ubyte", IdxTests.File(new byte[Count], Count));
        Assert.Contains("more values than the file can hold", Refused(() => Train(folder.Path)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static ImageSet Train(string path, bool? transpose = null) =>
        DataFiles.Find(path).Read(withTest: false, transpose: transpose).Train;

    private static string Refused(Func<object> read) => Assert.Throws<BadInputException>(read).Message;

    private void Write(string inner, string name, byte[] content)
    {
        Directory.CreateDirectory(folder.File(inner));
        folder.Write(Path.Combine(inner, name), name.EndsWith(".gz", StringComparison.Ordinal) && content is not [0x1f, ..]
            ? IdxTests.Gzip(content) : content);
    }
}
