using System.IO.Compression;
using System.Text;
using NativeNN.Data;

namespace NativeNN.Tests.Data;

public sealed class NpzTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("|u1", new byte[] { 1, 200 })]
    [InlineData("|b1", new byte[] { 1, 0 })]
    [InlineData("<i2", new byte[] { 1, 0, 200, 0 })]
    [InlineData("<u4", new byte[] { 1, 0, 0, 0, 200, 0, 0, 0 })]
    public void ReadsWholeNumbersOfAnySize(string type, byte[] bytes)
    {
        var array = Npz.Read(folder.Write("a.npz", Zip(("x", Npy(type, "1, 2", bytes)))));
        Assert.Equal([1, 2], array.Dimensions);
        Assert.Equal([1, type == "|b1" ? 0 : 200], array.Values.Select(v => (int)v));
    }

    [Fact]
    public void EveryBadFileIsOneLineThatNamesIt()
    {
        byte[] good = Zip(("x", Npy("|u1", "2,", [1, 2])));
        Refused(good[..^30], "damaged or cut off");
        Refused([.. "PK\x03\x04"u8], "damaged or cut off");
        Refused(Zip(("x", Npy("|u1", "2,", [1, 2])), ("y", Npy("|u1", "2,", [1, 2]))), "needs a single array, holds x, y");
        Refused(Zip(("x", Npy("<f4", "1,", [0, 0, 0, 0]))), "save it with .astype('uint8')");
        Refused(Zip(("x", Npy("|u1", "2,", [1, 2]).AsSpan().ToArray().Select(b => b == 'F' ? (byte)'T' : b).ToArray())), "in C's order");
        Refused(Zip(("x", Npy("|u1", "3,", [1, 2]))), "more values than the file can hold");
        Refused(Zip(("x", Npy("|u1", "4294967296, 4294967296", [1, 2]))), "more values than the file can hold");
        Refused(Zip(("x", Npy("|u1", "1,", [1, 2]))), "longer than its shape says");
        Refused(Zip(("x", Npy("<i2", "1,", [0, 1]))), "outside 0–255");
        Refused(Zip(("x", Npy("|i1", "1,", [255]))), "outside 0–255");
        Refused(Zip(("x", "not an array"u8.ToArray())), "no NumPy array");
        Refused(Zip(("x", Npy("|u1", "200000000,", new byte[200_000_000]))), "unpacks to 2000000");
    }

    /// <summary>An array as NumPy saves it.</summary>
    internal static byte[] Npy(string type, string shape, byte[] values)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. values];
    }

    internal static byte[] Zip(params (string Name, byte[] Content)[] arrays)
    {
        var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in arrays)
                using (var entry = archive.CreateEntry(name + ".npy").Open())
                    entry.Write(content);
        return memory.ToArray();
    }

    private void Refused(byte[] content, string reason)
    {
        string path = folder.Write("bad.npz", content);
        var error = Assert.Throws<BadInputException>(() => Npz.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }
}
