using System.Buffers.Binary;
using System.Text;
using NativeNN.Data;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Reports;

/// <summary>
/// Event files read back by a program of its own: records by the format's description, a CRC from its polynomial, messages by their wire
/// types, none of it by the code that wrote them.
/// </summary>
public sealed class TensorBoardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Known values: RFC 3720, B.4 (before the mask), and a mask by hand.
    [Fact]
    public void TheCrcIsCastagnolis()
    {
        Assert.Equal(0xe3069283u, Crc("123456789"u8));
        Assert.Equal(0x8a9136aau, Crc(new byte[32]));
        byte[] data = "weights/fc1.weight"u8.ToArray();
        Assert.Equal(Masked(data), EventFile.MaskedCrc(data));
    }

    [Fact]
    public void NumbersHistogramsAndPicturesComeBack()
    {
        byte[] png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 1, 2, 0, 0, 0, 7, 8, 6, 0, 0, 0];
        using (var file = new EventFile(folder.Path))
        {
            file.Scalars(3, [("loss/train", 0.25), ("loss/test", double.NaN)]);
            file.Histograms(4, [("w", [-1, 0, 0.5f, 2]), ("diverged", [float.NaN, 1])]);
            file.Image("figure", png);
        }
        var events = Read(Assert.Single(Directory.GetFiles(folder.Path)));
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(events[0].Single(3)));
        Assert.All(events, e => Assert.InRange(BitConverter.ToDouble(e.Single(1)), 1.7e9, 1e11)); // seconds since 1970

        Assert.Equal(3, events[1].Number(2));
        var scalars = events[1].Inner(5).Messages(1);
        Assert.Equal(["loss/train", "loss/test"], scalars.Select(s => Encoding.UTF8.GetString(s.Single(1))));
        Assert.Equal([0.25f, float.NaN], scalars.Select(s => BitConverter.ToSingle(s.Single(2))));

        var histogram = Assert.Single(events[2].Inner(5).Messages(1)).Inner(5);
        Assert.Equal([-1, 2, 4, 1.5, 5.25], Enumerable.Range(1, 5).Select(field => BitConverter.ToDouble(histogram.Single(field))));
        double[] limits = histogram.Doubles(6), counts = histogram.Doubles(7);
        Assert.Equal(limits.Length, counts.Length);
        Assert.Equal(limits.Order().Distinct(), limits);
        Assert.Equal(2, limits[^1]);
        Assert.Equal(4, counts.Sum());
        Assert.Equal(1, counts[^1]);

        var image = Assert.Single(events[3].Inner(5).Messages(1)).Inner(4);
        Assert.Equal((7, 258), (image.Number(1), image.Number(2)));
        Assert.Equal(png, image.Single(4));
    }

    [Fact]
    public void ALectureWritesItsTrainingsAndFigures()
    {
        using var data = new TemporaryFolder();
        string[] command = ["weight-changes", "--data", SmallData.Folder(data), "--out", folder.File("out"), "--dpi", "50",
            "--tensorboard", folder.File("events")];
        var (exitCode, _, error) = ConsoleRun.Of([.. command, "--epochs", "2"]);
        Assert.True(exitCode == 0, error);
        string lecture = folder.File("events/weight-changes");
        var events = Read(Assert.Single(Directory.GetFiles(Path.Combine(lecture, "sgd"))));
        var values = events.Skip(1).SelectMany(e => e.Inner(5).Messages(1),
            (e, v) => (Step: e.Number(2), Tag: Encoding.UTF8.GetString(v.Single(1)))).ToList();
        Assert.Equal([0, 1, 2], values.Where(v => v.Tag.StartsWith("weights/", StringComparison.Ordinal)).Select(v => v.Step).Distinct());
        foreach (string tag in new[] { "loss/train", "loss/test", "accuracy/train", "accuracy/test" })
            Assert.Equal([1, 2], values.Where(v => v.Tag == tag).Select(v => v.Step));
        Assert.Contains(values, v => v.Tag.StartsWith("gradient_norm/", StringComparison.Ordinal));
        int figures = Directory.GetFiles(folder.File("out/weight-changes/figures"), "*.png").Length;
        Assert.Equal(figures, Directory.GetDirectories(Path.Combine(lecture, "figures")).Length);

        // Another run's events would be mixed with these: refused before anything is trained, unless asked for.
        (exitCode, _, error) = ConsoleRun.Of([.. command, "--epochs", "3"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("holds an earlier run's events", Assert.Single(error.TrimEnd('\n').Split('\n')));
        Assert.Equal(0, ConsoleRun.Of([.. command, "--epochs", "3", "--resume", "--format", "none"]).ExitCode);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(lecture, "sgd")).Length);
        // A run that is kept out, as another one has the folder, deletes nothing.
        using (RunLock.Take(folder.File("out/weight-changes/.lock"), "the folder"))
            Assert.Equal(2, ConsoleRun.Of([.. command, "--epochs", "1", "--overwrite"]).ExitCode);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(lecture, "sgd")).Length);
        Assert.Equal(0, ConsoleRun.Of([.. command, "--epochs", "1", "--overwrite", "--format", "none"]).ExitCode);
        Assert.Single(Directory.GetFiles(Path.Combine(lecture, "sgd")));
        Assert.Empty(Directory.GetFiles(Path.Combine(lecture, "figures"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsNamed()
    {
        string file = folder.Write("taken", [1]);
        var error = Assert.Throws<BadInputException>(() => new EventFile(Path.Combine(file, "inside")));
        Assert.Contains("taken", error.Message);
        Assert.EndsWith("choose another one with --tensorboard", error.Message);
    }

    // Records: length, its masked CRC, that many bytes, their masked CRC.
    private static List<Message> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var events = new List<Message>();
        for (int at = 0; at < file.Length;)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at)));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file.AsSpan(at + 12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            events.Add(new Message(data));
            at += 12 + length + 4;
        }
        return events;
    }

    private static uint Masked(ReadOnlySpan<byte> data) => unchecked(((Crc(data) >> 15) | (Crc(data) << 17)) + 0xa282ead8u);

    // Bit by bit, with the polynomial turned round.
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = 0xffffffff;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }
        return ~crc;
    }

    /// <summary>A message as its fields' raw bytes; a varint is eight of them.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, byte[] Value)> fields = [];

        public Message(ReadOnlySpan<byte> data)
        {
            for (int at = 0; at < data.Length;)
            {
                ulong key = Varint(data, ref at);
                int length = (key & 7) switch
                {
                    1 => 8,
                    5 => 4,
                    2 => (int)Varint(data, ref at),
                    0 => 0,
                    var type => throw new InvalidDataException($"wire type {type}"),
                };
                byte[] value = (key & 7) == 0 ? BitConverter.GetBytes(Varint(data, ref at)) : data.Slice(at, length).ToArray();
                at += length;
                fields.Add(((int)(key >> 3), value));
            }
        }

        public byte[] Single(int field) => fields.Single(f => f.Field == field).Value;

        public long Number(int field) => fields.Exists(f => f.Field == field) ? BitConverter.ToInt64(Single(field)) : 0;

        public Message Inner(int field) => new(Single(field));

        public List<Message> Messages(int field) => [.. fields.Where(f => f.Field == field).Select(f => new Message(f.Value))];

        public double[] Doubles(int field) => [.. Single(field).Chunk(8).Select(b => BitConverter.ToDouble(b))];

        private static ulong Varint(ReadOnlySpan<byte> data, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte b = data[at++];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80)
                    return value;
            }
        }
    }
}
