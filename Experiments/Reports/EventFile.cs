using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using NativeNN.Analysis;
using NativeNN.Data;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// A file of events as TensorBoard reads them: records of an 8-byte length, its checksum, an Event message, and its checksum, one after
/// the other. Every event is written at once, so a reader sees it while the training goes on.
/// </summary>
public sealed class EventFile : IDisposable
{
    /// <summary>How such files' names begin; TensorBoard looks for "tfevents" in them.</summary>
    public const string NameStart = "events.out.tfevents.";

    /// <summary>What names the folder.</summary>
    public const string Option = "--tensorboard";

    private const int Bins = 30, Rgba = 4;
    private readonly string path;
    private readonly FileStream file;

    /// <summary>A new file in that folder, named by the time. Throws BadInputException if it cannot be made.</summary>
    public EventFile(string folder)
    {
        ResultFile.MakeFolder(folder, Option);
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        path = Named(now);
        while (File.Exists(path))
            path = Named(++now);
        file = Guarded(() => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0));
        Write(new TensorBoardEvent { FileVersion = "brain.Event:2" });

        string Named(long seconds) => Path.Combine(folder, $"{NameStart}{seconds}.nativenn");
    }

    /// <summary>Numbers by their tags.</summary>
    public void Scalars(int step, IEnumerable<(string Tag, double Value)> scalars) =>
        Write(step, scalars.Select(s => new TensorBoardSummary.Types.Value { Tag = s.Tag, SimpleValue = (float)s.Value }));

    /// <summary>Histograms of values by their tags; values that are not all finite have none.</summary>
    public void Histograms(int step, IEnumerable<(string Tag, float[] Values)> histograms) =>
        Write(step, histograms.Where(h => h.Values.Length > 0 && h.Values.All(float.IsFinite))
            .Select(h => new TensorBoardSummary.Types.Value { Tag = h.Tag, Histo = HistogramOf(h.Values) }));

    /// <summary>A picture, given as a PNG file's content.</summary>
    public void Image(string tag, byte[] png) => Write(step: 0, [new TensorBoardSummary.Types.Value
    {
        Tag = tag,
        Image = new TensorBoardSummary.Types.Image
        {
            // A PNG file's header: 8 bytes of signature, 8 of the chunk's head, then the sizes.
            Width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)),
            Height = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)),
            Colorspace = Rgba,
            EncodedImageString = ByteString.CopyFrom(png),
        },
    }]);

    public void Dispose() => file.Dispose();

    private static TensorBoardHistogram HistogramOf(float[] values)
    {
        var histogram = Histogram.Of(values.AsSpan(), Bins);
        return new TensorBoardHistogram
        {
            Min = values.Min(),
            Max = values.Max(),
            Num = values.Length,
            Sum = values.Sum(v => (double)v),
            SumSquares = values.Sum(v => (double)v * v),
            BucketLimit = { histogram.Edges[1..] },
            Bucket = { histogram.Counts.Select(count => (double)count) },
        };
    }

    private void Write(int step, IEnumerable<TensorBoardSummary.Types.Value> values) => Write(new TensorBoardEvent
    {
        Step = step,
        Summary = new TensorBoardSummary { Value = { values } },
    });

    private void Write(TensorBoardEvent happened)
    {
        happened.WallTime = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        byte[] data = happened.ToByteArray();
        byte[] record = new byte[8 + 4 + data.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc(data));
        Guarded(() =>
        {
            long end = file.Position;
            try
            {
                file.Write(record);
            }
            catch
            {
                file.SetLength(end); // the disk is full: no half of a record stays
                throw;
            }
            return file;
        });
    }

    // CRC-32C (Castagnoli), rotated and moved, so that a checksum of data that holds checksums is no trivial one.
    internal static uint MaskedCrc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
            crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BadInputException(
                $"{path}: cannot be written ({e.Message.TrimEnd('.')}); choose another folder with {Option}", e);
        }
    }
}
