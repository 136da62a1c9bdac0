using System.Buffers.Binary;
using System.IO.Compression;
using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadsPlainAndGzippedFiles(bool gzip)
    {
        byte[] values = [.. Enumerable.Range(0, 2 * 3 * 4).Select(k => (byte)k)];
        byte[] content = File(values, 2, 3, 4);
        var array = Idx.Read(folder.Write("images", gzip ? Gzip(content) : content), dimensions: 3);
        Assert.Equal([2, 3, 4], array.Dimensions);
        Assert.Equal(values, array.Values);
    }

    [Fact]
    public void ReadsFilesLongerThanOnePiece()
    {
        byte[] values = new byte[(5 << 20) + 3];
        new System.Random(1).NextBytes(values);
        Assert.Equal(values, Idx.Read(folder.Write("labels", Gzip(File(values, values.Length))), dimensions: 1).Values);
    }

    [Fact]
    public void EveryBadFileIsOneLineThatNamesIt()
    {
        byte[] good = File(new byte[24], 2, 3, 4);
        byte[] packed = Gzip(File([.. Enumerable.Range(0, 2400).Select(k => (byte)(k * k))], 2, 30, 40));
        byte[] magic = [.. good], corrupt = [.. packed], checksum = [.. packed], lying = [.. good], largest = [.. good];
        magic[3] = 1;
        for (int k = 40; k < 60; k++)
            corrupt[k] ^= 0xff;
        checksum[^8] ^= 1;
        BinaryPrimitives.WriteUInt32BigEndian(lying.AsSpan(4), 2_000_000_000);
        for (int d = 0; d < 3; d++)
            BinaryPrimitives.WriteUInt32BigEndian(largest.AsSpan(4 + (4 * d)), uint.MaxValue);

        Refused("missing", null, "no such file");
        Refused("folder", null, "is a folder");
        Refused("empty", [], "empty");
        Refused("three bytes", [0, 0, 8], "3 bytes are no IDX file");
        Refused("header", good[..10], "cut off inside the header");
        Refused("magic", magic, "magic number 0x00000801");
        Refused("short", good[..^1], "23 values, the header says 24");
        Refused("long", [.. good, 0], "longer than the 24 values");
        Refused("truncated.gz", packed[..(packed.Length / 2)], "cut off");
        Refused("no trailer.gz", packed[..^8], "cut off");
        Refused("corrupt.gz", corrupt, "damaged");
        Refused("checksum.gz", checksum, "damaged");
        Refused("lying", lying, "more values than the file can hold");
        Refused("lying.gz", Gzip(lying), "more values than the file can hold");
        Refused("largest", largest, "more values than the file can hold");
        Refused("promising.gz", Gzip(File(new byte[24], 2, 3, 5)), "24 values, the header says 30");
    }

    [Fact]
    public void ALyingHeaderAllocatesNoMoreThanTheFileHolds()
    {
        byte[] noise = new byte[200_000];
        new System.Random(2).NextBytes(noise);
        string path = folder.Write("bomb.gz", Gzip(File(noise, 190, 1024, 1024))); // promises 199 MB, within deflate's best ratio
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<BadInputException>(() => Idx.Read(path, dimensions: 3));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private void Refused(string name, byte[]? content, string reason)
    {
        string path = folder.File(name);
        if (name == "folder")
            Directory.CreateDirectory(path);
        else if (content is not null)
            folder.Write(name, content);
        var error = Assert.Throws<BadInputException>(() => Idx.Read(path, dimensions: 3));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    internal static byte[] File(byte[] values, params int[] dimensions)
    {
        byte[] header = new byte[4 + (4 * dimensions.Length)];
        header[2] = 0x08;
        header[3] = (byte)dimensions.Length;
        for (int d = 0; d < dimensions.Length; d++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * d)), dimensions[d]);
        return [.. header, .. values];
    }

    internal static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
            stream.Write(content);
        return packed.ToArray();
    }
}
