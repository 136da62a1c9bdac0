using System.Buffers.Binary;
using System.Text;
using CsCheck;
using NativeNN.Checkpoints;
using NativeNN.Data;

namespace NativeNN.Tests.Data;

/// <summary>
/// Whatever a file holds, a reader returns its content or says in one line why not: no other exception, no control characters, no more than
/// 300 characters beside the path, and no more memory than a file of its length justifies. Inputs are good files with bytes changed, cut
/// off, repeated or put in.
/// </summary>
public sealed class ReaderFuzzTests : IDisposable
{
    private const int Inputs = 5_000; // of each kind of file

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Csv() => Survives(path => NativeNN.Data.Csv.Read(path),
        "label,a,b,c,d\n1,0,255,3,4\n2,0.5,1,0,0\n"u8.ToArray(), "3,1,2,3,4\n\"4\";0\n"u8.ToArray(),
        [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("a;b;c;d;class\n1;0,5;1;0;7\n")]);

    [Fact]
    public void IdxFiles() => Survives(path => Idx.Read(path, dimensions: 3), IdxTests.File(new byte[24], 2, 3, 4),
        IdxTests.Gzip(IdxTests.File(new byte[24], 2, 3, 4)));

    [Fact]
    public void NpzFiles() => Survives(path => Npz.Read(path), NpzTests.Zip(("x", NpzTests.Npy("|u1", "2, 3", [1, 2, 3, 4, 5, 6]))),
        NpzTests.Zip(("x", NpzTests.Npy("<i8", "1,", [7, 0, 0, 0, 0, 0, 0, 0]))));

    [Fact]
    public void GzippedText() => Survives(path => NativeNN.Data.Csv.Read(path), IdxTests.Gzip("1,0,255,3,4\n2,9,1,0,0\n"u8.ToArray()));

    [Fact]
    public void SafetensorsFiles()
    {
        string path = folder.File("good");
        Safetensors.Write(path, new Dictionary<string, SavedTensor> { ["w"] = new([2, 1], [1f, 2f]), ["n"] = new([1], [7L]) },
            new Dictionary<string, string> { ["format"] = "pt" });
        Survives(Safetensors.Read, File.ReadAllBytes(path));
    }

    [Fact]
    public void Folders() => Survives(path =>
    {
        string inner = Directory.CreateDirectory(folder.File("set")).FullName;
        File.Copy(path, Path.Combine(inner, "train-images-idx3-ubyte"), overwrite: true);
        File.WriteAllBytes(Path.Combine(inner, "train-labels-idx1-ubyte"), IdxTests.File([1, 2], 2));
        return DataFiles.Find(inner).Read(withTest: true);
    }, IdxTests.File(new byte[24], 2, 3, 4));

    private void Survives(Func<string, object> read, params byte[][] good)
    {
        const int Least = 4 << 20, PerByte = 40; // a line's buffer and the streams; a byte of text may be a number, of gzip a thousand
        string path = folder.File("fuzzed");
        Mutated(good).Sample(content =>
        {
            File.WriteAllBytes(path, content);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(path);
            }
            catch (BadInputException e)
            {
                Assert.InRange(e.Message.Length, 1, folder.File("set/train-images-idx3-ubyte").Length + path.Length + 300);
                Assert.DoesNotContain(e.Message, char.IsControl);
                Assert.DoesNotContain("System.", e.Message);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Least + PerByte * content.Length);
        }, iter: Inputs, threads: 1);
    }

    // One of the files with up to eight changes.
    private static Gen<byte[]> Mutated(byte[][] good)
    {
        var change = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1 << 20], Gen.UInt, Gen.Int[1, 64],
            (kind, place, value, count) => (Kind: kind, Place: place, Value: value, Count: count));
        return Gen.Select(Gen.Int[0, good.Length - 1], change.List[0, 8], (file, changes) =>
        {
            var bytes = good[file].ToList();
            foreach (var (kind, place, value, count) in changes)
                Change(bytes, kind, place % (bytes.Count + 1), value, count);
            return bytes.ToArray();
        });
    }

    private static void Change(List<byte> bytes, int kind, int at, uint value, int count)
    {
        int some = Math.Min(count, bytes.Count - at);
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, value);
        if (kind == 0 && some > 0)
            bytes[at] = (byte)value;
        else if (kind == 1 && some > 0)
            bytes[at] ^= (byte)(1 << (int)(value % 8));
        else if (kind == 2)
            bytes.RemoveRange(at, some);
        else if (kind == 3)
            bytes.InsertRange(at, bytes.GetRange(at, some));
        else if (kind == 4)
            bytes.InsertRange(at, number);
        else if (some >= 4) // sizes and offsets beyond all bounds
            for (int i = 0; i < 4; i++)
                bytes[at + i] = value % 2 == 0 ? byte.MaxValue : number[i];
    }
}
