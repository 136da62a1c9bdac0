using System.Buffers.Binary;
using System.IO.Compression;
using NativeNN.Data;

namespace NativeNN.Tests.Cli;

/// <summary>Small data sets in the files' formats, cut from the real MNIST, and the same files damaged.</summary>
internal static class SmallData
{
    /// <summary>Four IDX files with the first images of MNIST; returns the folder.</summary>
    public static string Folder(TemporaryFolder folder, int train = 400, int test = 100)
    {
        WritePart(folder, "train", Mnist.LoadTrain().Take(train));
        WritePart(folder, "t10k", Mnist.LoadTest().Take(test));
        return folder.Path;
    }

    /// <summary>A CSV file with the first images of MNIST; returns its path.</summary>
    public static string CsvFile(TemporaryFolder folder, int images = 400)
    {
        var set = Mnist.LoadTrain().Take(images);
        string path = folder.File("small.csv");
        File.WriteAllLines(path, Enumerable.Range(0, images).Select(i => $"{set.Labels[i]},{string.Join(',', set.Image(i).ToArray())}"));
        return path;
    }

    public static byte[] Idx(int magic, int[] sizes, byte[] values)
    {
        var bytes = new byte[4 + 4 * sizes.Length + values.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, magic);
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + 4 * i), sizes[i]);
        values.CopyTo(bytes, 4 + 4 * sizes.Length);
        return bytes;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    private static void WritePart(TemporaryFolder folder, string part, ImageSet images)
    {
        folder.Write($"{part}-images-idx3-ubyte.gz", Gzip(Idx(0x803, [images.Count, 28, 28], images.Pixels)));
        folder.Write($"{part}-labels-idx1-ubyte", Idx(0x801, [images.Count], images.Labels));
    }
}
