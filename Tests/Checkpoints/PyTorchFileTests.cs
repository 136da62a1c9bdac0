using System.IO.Compression;
using System.Text;
using CsCheck;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Checkpoints;

/// <summary>Files made by PyTorch 1.13 (Goldens/gen/gen_pytorch_files.py), files that lie, and files made of noise.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", "pytorch", name);

    // Tensor k of a file: (i − 3)/(k + 2).
    private static float[] Values(int k, int count) => [.. Enumerable.Range(0, count).Select(i => (float)((i - 3) / (k + 2.0)))];

    [Fact]
    public void AStateDictFillsTheNetwork()
    {
        var net = new Sequential(new Linear(3, 2, new Generator(1)), new BatchNorm1d(2));
        Checkpoint.Load(net, Golden("state_dict.pth"));
        float[][] wanted = [Values(0, 6), Values(1, 2), Values(2, 2), Values(3, 2)];
        Assert.Equal(wanted, net.Parameters().Select(p => p.ToArray()));
        Assert.Equal([[0, 0], [1, 1], [0]], net.NamedBuffers().Select(b => b.Buffer.ToArray()));
    }

    [Fact]
    public void AnotherNetworksFileIsRefused()
    {
        var net = new Sequential(new Linear(3, 4, new Generator(1)), new BatchNorm1d(4));
        string message = Assert.Throws<BadInputException>(() => Checkpoint.Load(net, Golden("state_dict.pth"))).Message;
        Assert.Contains("'0.weight' has shape [2, 3], [4, 3] is needed", message);
        message = Assert.Throws<BadInputException>(() => Checkpoint.Load(net, Golden("checkpoint.pth"))).Message;
        Assert.Contains("has unexpected model.0.weight", message);
    }

    [Fact]
    public void TensorsInsideDictsHaveTheirNamesInFront()
    {
        var file = PyTorchFile.Read(Golden("checkpoint.pth"));
        Assert.Equal(["model.0.weight", "model.0.bias", "model.1.weight", "model.1.bias", "model.1.running_mean", "model.1.running_var",
            "model.1.num_batches_tracked"], file.Keys);
        Assert.Equal([0L], file["model.1.num_batches_tracked"].Longs);
        Assert.Empty(file["model.1.num_batches_tracked"].Shape);
    }

    [Fact]
    public void ViewsOfOneStorageKeepTheirElements()
    {
        var file = PyTorchFile.Read(Golden("views.pth"));
        float[] whole = Values(0, 24);
        float[] At(params int[] positions) => [.. positions.Select(p => whole[p])];
        void Is(string name, int[] shape, float[] values)
        {
            Assert.Equal(shape, file[name].Shape);
            Assert.Equal(values, file[name].Floats);
        }

        Is("whole", [4, 6], whole);
        Is("transposed", [6, 4], At([.. from c in Enumerable.Range(0, 6) from r in Enumerable.Range(0, 4) select r * 6 + c]));
        Is("block", [2, 3], At(8, 9, 10, 14, 15, 16));
        Is("column", [4], At(1, 7, 13, 19));
        Is("every_other", [4, 3], At(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22));
        Is("row", [6], At(12, 13, 14, 15, 16, 17));
        Is("last", [], At(23));
        Is("repeated", [3, 4], [.. Enumerable.Repeat(whole[0], 12)]);
        Is("empty", [0, 6], []);
        Is("images", [2, 1, 2, 3], Values(1, 12));
        Is("parameter", [5], Values(2, 5));
        Assert.Equal(11, file.Count);
    }

    [Fact]
    public void TypesBecomeTheNearestOfOurs()
    {
        var file = PyTorchFile.Read(Golden("types.pth"));
        float third = (float)(1 / 3.0);
        Assert.Equal([-2.5f, 0, third, 3], file["float32"].Floats);
        Assert.Equal([-2.5f, 0, third, 3], file["float64"].Floats); // torch.tensor made them float32 first
        Assert.Equal([-2.5f, 0, (float)(Half)third, 3], file["float16"].Floats);
        Assert.Equal([-2.5f, 0, 0.333984375f, 3], file["bfloat16"].Floats);
        foreach (string integers in new[] { "int64", "int32", "int16", "int8" })
            Assert.Equal([-2, 0, 0, 3], file[integers].Longs);
        Assert.Equal([0, 255], file["uint8"].Bytes);
        Assert.Equal([1, 0], file["bool"].Bytes);
    }

    [Theory]
    [InlineData("wants_to_run.pth", "its pickle wants 'posix.system', which is not read or run here")]
    [InlineData("whole_net.pth", "its pickle wants '__main__.Net', which is not read or run here")]
    [InlineData("complex.pth", "its pickle wants 'torch.ComplexFloatStorage'")]
    [InlineData("protocol4.pth", "its pickle has protocol 4; only 2")]
    [InlineData("legacy.pth", "saved in the format of before PyTorch 1.6")]
    [InlineData("single_tensor.pth", "holds a single tensor, not a dict of tensors")]
    public void WhatIsNotReadIsNamed(string file, string reason)
    {
        var error = Assert.Throws<BadInputException>(() => PyTorchFile.Read(Golden(file)));
        Assert.StartsWith(Golden(file), error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(File.Exists("executed"));
    }

    // Pickles by hand: {'w': tensor}, with a storage of six floats as data/0.
    private const string Storage = "((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0006tQ";
    private const string Dict = "\u0080\u0002}U\u0001w";
    private const string Tensor = "ctorch._utils\n_rebuild_tensor_v2\n" + Storage;
    private const string End = "\u0089NtRs.";

    [Theory]
    [InlineData(Dict + Tensor + "K\u0000K\u0006\u0085K\u0001\u0085" + End, null)]
    [InlineData(Dict + Tensor + "K\u0000K\u0007\u0085K\u0001\u0085" + End, "larger than the file or its storage of 6 values")]
    [InlineData(Dict + Tensor + "K\u0001K\u0006\u0085K\u0001\u0085" + End, "larger than the file or its storage")]
    [InlineData(Dict + Tensor + "K\u0006))" + End, "starts after the end of its storage")]
    [InlineData(Dict + Tensor + "J\u00ff\u00ff\u00ff\u00ffK\u0001\u0085K\u0001\u0085" + End, "no view of a storage")]
    [InlineData(Dict + Tensor + "K\u0000K\u0006\u0085)" + End, "no view of a storage")]
    [InlineData(Dict + Tensor + "K\u0000K\u0002\u0085J\u00ff\u00ff\u00ff\u00ff\u0085" + End, "no view of a storage")]
    [InlineData(Dict + Tensor + "K\u0000J\u00ff\u00ff\u00ff\u007f\u0085K\u0000\u0085" + End, "larger than the file")]
    [InlineData(Dict + Tensor + "K\u0000\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u0085K\u0001\u0085" + End, "no view")]
    [InlineData(Dict + "h\u0005s.", "its pickle is damaged")]
    [InlineData("\u0080\u0002}q\u0000U\u0001wh\u0000s.", "dicts lie more than 16 deep in one another")]
    [InlineData("\u0080\u0002}U\u0001w(cos\nsystem\nos.", "wants 'os.system'")]
    [InlineData("\u0080\u0002}U\u0001w(ios\nsystem\ns.", "the opcode INST (byte 7)")]
    [InlineData("\u0080\u0002}U\u0001w)\u0081s.", "the opcode NEWOBJ (byte 7)")]
    [InlineData("\u0080\u0002\u0093.", "the opcode STACK_GLOBAL (byte 2)")]
    [InlineData("\u0080\u0002\u00ff.", "the opcode 255 (byte 2)")]
    [InlineData("\u0080\u0002ccollections\nOrderedDict\nK\u0001\u0085R.", "calls 'collections.OrderedDict' with arguments")]
    [InlineData("\u0080\u0002(K\u0001", "its pickle ends early, at byte 5")]
    [InlineData("\u0080\u0002N.", "holds None, not a dict")]
    [InlineData(".", "its pickle is damaged")]
    [InlineData("", "its pickle ends early")]
    public void PicklesThatLieAreRefused(string pickle, string? reason)
    {
        string path = Archive(("a/data.pkl", Encoding.Latin1.GetBytes(pickle)), ("a/data/0", new byte[24]));
        if (reason is null)
        {
            Assert.Equal([0, 0, 0, 0, 0, 0], PyTorchFile.Read(path)["w"].Floats);
            return;
        }
        var error = Assert.Throws<BadInputException>(() => PyTorchFile.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    // Twelve dicts of forty entries each, every entry the dict before: 40¹² paths in 3 KB.
    [Fact]
    public void DictsThatShareDictsDoNotExplode()
    {
        var pickle = new StringBuilder("\u0080\u0002}q\u0000");
        for (int level = 1; level <= 12; level++)
        {
            pickle.Append($"}}q{(char)level}");
            for (char key = 'A'; key < 'A' + 40; key++)
                pickle.Append($"U\u0001{key}h{(char)(level - 1)}s");
        }
        Refused(Archive(("a/data.pkl", Encoding.Latin1.GetBytes($"{pickle}."))), "a dict appears in itself or in too many others");
    }

    [Fact]
    public void ArchivesThatLieAreRefused()
    {
        byte[] pickle = Encoding.Latin1.GetBytes(Dict + Tensor + "K\u0000K\u0006\u0085K\u0001\u0085" + End);
        Refused(Archive(("a/other", pickle)), "without its data.pkl");
        Refused(Archive(("a/data.pkl", pickle)), "lacks the storage data/0");
        Refused(Archive(("a/data.pkl", pickle), ("a/data/0", new byte[20])), "data/0 has 20 bytes, not 6 values of type Float");
        Refused(Archive(("a/data.pkl", pickle), ("a/data/0", new byte[24]), ("a/byteorder", "big"u8.ToArray())), "big-endian");
        Refused(Archive(CompressionLevel.Optimal, ("a/data.pkl", pickle), ("a/data/0", new byte[24])),
            "compressed, as torch.save never does");
        Refused(folder.Write("a.pth", "PK\u0003\u0004 and then nothing"u8.ToArray()), "the zip archive is damaged or cut off");
        Refused(folder.Write("a.pth", [.. File.ReadAllBytes(Golden("views.pth"))[..^30]]), "the zip archive is damaged or cut off");
        Refused(folder.Write("a.pth", []), "empty, or a p");
        Refused(folder.Write("a.pth", "a text"u8.ToArray()), "does not start as a zip archive");
        Refused(folder.File("none.pth"), "no such file");
    }

    // Noise in real files: either read, or refused in one line, and never much memory.
    [Theory]
    [InlineData("views.pth")]
    [InlineData("types.pth")]
    [InlineData("checkpoint.pth")]
    public void DamagedFilesAreReadOrRefused(string name)
    {
        byte[] original = File.ReadAllBytes(Golden(name));
        Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte).Array[1, 8].Sample(changes =>
        {
            byte[] damaged = [.. original];
            foreach (var (position, value) in changes)
                damaged[position] = value;
            IsReadOrRefused(damaged);
        }, iter: 2000);
    }

    // Programs of the opcodes that are read, in any order, with the names and numbers that they need.
    [Fact]
    public void ProgramsOfAnyOpcodesAreReadOrRefused()
    {
        string[] pieces =
        [
            "(", "}", "]", ")", "t", "R", "b", "s", "u", "a", "e", "Q", "N", "\u0085", "\u0086", "\u0087", "\u0088", "\u0089",
            "q\u0000", "q\u0001", "h\u0000", "h\u0001", "K\u0000", "K\u0001", "K\u0006", "J\u00ff\u00ff\u00ff\u007f",
            "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "U\u0001w", "U\u00010", "U\u0007storage",
            "X\u0002\u0000\u0000\u0000ab", Storage, Tensor, "K\u0000K\u0006\u0085K\u0001\u0085" + End[..^1],
            "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch._utils\n_rebuild_parameter\n", "ctorch\nSize\n",
            "ctorch\nFloatStorage\n", "ctorch\nHalfStorage\n", "}U\u0001w" + Tensor, ".",
        ];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[1, 40].Sample(program =>
        {
            byte[] pickle = Encoding.Latin1.GetBytes($"\u0080\u0002}}q\u0000{string.Concat(program)}.");
            IsReadOrRefused(File.ReadAllBytes(Archive(("a/data.pkl", pickle), ("a/data/0", new byte[24]))));
        }, iter: 2000, threads: 1);
    }

    private void IsReadOrRefused(byte[] content)
    {
        string path = folder.Write($"{Guid.NewGuid()}.pth", content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            PyTorchFile.Read(path);
        }
        catch (BadInputException e)
        {
            Assert.StartsWith(path, e.Message);
            Assert.DoesNotContain('\n', e.Message);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        File.Delete(path);
    }

    private static void Refused(string path, string reason)
    {
        var error = Assert.Throws<BadInputException>(() => PyTorchFile.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private string Archive(params (string Name, byte[] Content)[] entries) => Archive(CompressionLevel.NoCompression, entries);

    private string Archive(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        string path = folder.File("archive.pth");
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content) in entries)
        {
            using var stream = archive.CreateEntry(name, level).Open();
            stream.Write(content);
        }
        return path;
    }
}
