using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using NativeNN.Checkpoints;
using NativeNN.Data;

namespace NativeNN.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        var tensors = new Dictionary<string, SavedTensor>
        {
            ["fc1.weight"] = new([2, 3], [1f, -0f, float.NaN, float.NegativeInfinity, 1e-45f, 3.4e38f]),
            ["state"] = new([3], new byte[] { 1, 2, 255 }),
            ["σ \"quoted\"\n"] = new([], [0.25f]),
            ["step"] = new([1], [long.MinValue]),
            ["empty"] = new([0, int.MaxValue, int.MaxValue], Array.Empty<float>()),
        };
        string path = folder.File("model.safetensors");
        Safetensors.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
        var read = Safetensors.Read(path);
        Assert.Equal(tensors.Keys.Order(), read.Tensors.Keys.Order());
        foreach (var (name, tensor) in tensors)
        {
            Assert.Equal(tensor.Dtype, read[name].Dtype);
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.Equal(Raw(tensor), Raw(read[name]));
        }
        Assert.Equal("pt", read.Metadata["format"]);
        Assert.Equal([path], Directory.GetFiles(folder.Path)); // no temporary file is left
    }

    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        string path = folder.File("a.safetensors");
        Safetensors.Write(path, new Dictionary<string, SavedTensor> { ["b"] = new([1], [2f]), ["a"] = new([2, 1], [1f, -1f]) });
        const string Header = """{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":"""
            + """{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""";
        byte[] file = File.ReadAllBytes(path);
        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal(Header, Encoding.UTF8.GetString(file, 8, (int)length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xbf, 0, 0, 0, 0x40], file[(8 + (int)length)..]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "'a' lies at bytes 0 to 8 of 7")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "'a' lies at bytes 8 to 0 of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", 8, "of 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "data_offsets holds -8, not a count")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0.5,8]}}""", 8, "data_offsets holds 0.5, not a count")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8, "'a' has 3 data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8,
        "'a' of shape [3] and dtype F32 does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,2],"data_offsets":[0,8]}}""", 8,
        "does not fill its 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967298],"data_offsets":[0,8]}}""", 8, "'a' has a dimension of 4294967298")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "shape holds -2, not a count")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "shape is not an array")]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}""", 8, "'a' has dtype F16; F32, I64 and U8 can be read")]
    [InlineData("""{"a":{"dtype":5,"shape":[4],"data_offsets":[0,8]}}""", 8, "'a' has a dtype that is no text")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "'a' lacks its dtype, shape or data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "'a' has the field 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", 8, "'a' has an unknown field 'x'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "the name 'a' appears twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12,
        "inside the tensor before it")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
        "leaving a hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 6, "2 bytes after the last tensor")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "__metadata__: 'a' is not a string")]
    [InlineData("""{"__metadata__":{"a":"","a":""}}""", 0, "__metadata__: the name 'a' appears twice")]
    [InlineData("""{"__metadata__":3}""", 0, "__metadata__ is not an object")]
    [InlineData("""{"a":3}""", 0, "'a' is not an object")]
    [InlineData("""{"a":{"dtype":"F32",}""", 0, "not valid JSON")]
    [InlineData("""[1]""", 0, "does not start with '{'")]
    [InlineData("", 0, "does not start with '{'")]
    public void HeadersThatLieAreRefused(string header, int dataLength, string reason) =>
        Refused([.. Length((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]], reason);

    [Fact]
    public void HeaderLengthsAreChecked()
    {
        Refused([], "empty");
        Refused([1, 2, 3], "too short");
        Refused([.. Length(3), (byte)'{', (byte)'}'], "a header of 3 bytes in a file of 10");
        Refused([.. Length(100_000_001), (byte)'{'], "over the limit");
        Refused([.. Length(ulong.MaxValue), (byte)'{'], "over the limit");
        Refused([.. Length(7), .. "{\"\u00ff\":1}"u8[..2], 0xff, 0xfe, .. "\":1"u8], "not valid JSON");
        Refused(null, "no such file");
    }

    [Fact]
    public void AHeaderOfMegabytesTakesAFewTimesItselfAndAnswersInALine()
    {
        string numbers = string.Join(',', Enumerable.Repeat("1", 1_000_000)), name = new('n', 2_000_000);
        AllocatesLittle($$$"""{"a":{"dtype":"F32","shape":[{{{numbers}}}],"data_offsets":[0,0]}}""", "more than 16 numbers");
        AllocatesLittle($$$"""{"{{{name}}}\u001b[31m":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}""", "does not fill its 0 bytes");
        AllocatesLittle($$$"""{"a":{"dtype":"{{{name}}}","shape":[1],"data_offsets":[0,0]}}""", "has dtype nnn");

        void AllocatesLittle(string header, string reason)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(header);
            string path = folder.Write("large.safetensors", [.. Length((ulong)bytes.Length), .. bytes]);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var error = Assert.Throws<BadInputException>(() => Safetensors.Read(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L * bytes.Length);
            Assert.Contains(reason, error.Message);
            Assert.InRange(error.Message.Length, 1, path.Length + 300);
        }
    }

    [Fact]
    public void NamesAndShapesAreAskedFor()
    {
        string path = folder.File("m.safetensors");
        Safetensors.Write(path, new Dictionary<string, SavedTensor> { ["w"] = new([2, 1], [1f, 2f]), ["n"] = new([1], [7L]) });
        var file = Safetensors.Read(path);
        Assert.Equal([1f, 2f], file.Floats("w", 2, 1));
        Assert.Contains("no tensor named 'v'", Assert.Throws<BadInputException>(() => file["v"]).Message);
        Assert.Contains("[2, 1], [1, 2] is needed", Assert.Throws<BadInputException>(() => file.Floats("w", 1, 2)).Message);
        Assert.Contains("dtype I64, F32", Assert.Throws<BadInputException>(() => file.Floats("n", 1)).Message);
        Assert.Throws<BadInputException>(() => file["n"].Floats);
        Assert.Equal([7L], file["n"].Longs);
    }

    [Fact]
    public void AFailedWriteLeavesTheOldFileAndNothingElse()
    {
        string path = folder.File("kept.safetensors");
        Safetensors.Write(path, new Dictionary<string, SavedTensor> { ["a"] = new([1], [1f]) });
        byte[] before = File.ReadAllBytes(path);
        Assert.Throws<ArgumentException>(() =>
            Safetensors.Write(path, new Dictionary<string, SavedTensor> { ["__metadata__"] = new([1], [1f]) }));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));

        string blocked = Path.Combine(path, "inside a file.safetensors");
        var error = Assert.Throws<BadInputException>(() => Safetensors.Write(blocked, new Dictionary<string, SavedTensor>()));
        Assert.StartsWith(blocked, error.Message);
    }

    [Fact]
    public void ShapesMustHoldTheValues() => Assert.Throws<ArgumentException>(() => new SavedTensor([2, 2], [1f, 2f, 3f]));

    private void Refused(byte[]? content, string reason)
    {
        string path = folder.File("bad.safetensors");
        File.Delete(path);
        if (content is not null)
            File.WriteAllBytes(path, content);
        var error = Assert.Throws<BadInputException>(() => Safetensors.Read(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static byte[] Length(ulong length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] Raw(SavedTensor tensor) => tensor.Values switch
    {
        float[] values => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        long[] values => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        _ => tensor.Bytes,
    };
}
