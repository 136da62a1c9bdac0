using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using NativeNN.Data;

namespace NativeNN.Checkpoints;

public sealed partial class Safetensors
{
    /// <summary>
    /// Writes arrays to a file. It appears whole or not at all (<see cref="AtomicFile"/>), so an interrupted run leaves the old one intact.
    /// Throws BadInputException if the file cannot be written. Throws ArgumentException if a name is reserved by the format.
    /// </summary>
    public static void Write(
        string path, IReadOnlyDictionary<string, SavedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        // Widest type first keeps every array aligned to its own size; within a type by name, as the reference writer does.
        var order = tensors
            .OrderByDescending(t => ItemSize(t.Value.Dtype)).ThenBy(t => t.Key, StringComparer.Ordinal).ToArray();
        byte[] header = Header(order, metadata);
        SavedFile.Write(path, file =>
        {
            file.Write(header);
            foreach (var (_, tensor) in order)
                WriteValues(file, tensor);
        });
    }

    //  length | {"__metadata__": {…}, "name": {"dtype": "F32", "shape": […], "data_offsets": [begin, end]}, …} | spaces to a multiple of 8
    private static byte[] Header(KeyValuePair<string, SavedTensor>[] order, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(stackalloc byte[LengthSize]);
        // Names are not embedded in HTML: letters such as σ stay readable in the file.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long begin = 0;
            foreach (var (name, tensor) in order)
            {
                if (name == MetadataKey)
                    throw new ArgumentException($"Safetensors: '{MetadataKey}' is reserved by the format and cannot name a tensor");
                long end = begin + tensor.Values.LongLength * ItemSize(tensor.Dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Dtype);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                begin = end;
            }
            json.WriteEndObject();
        }
        int padded = (buffer.WrittenCount + LengthSize - 1) / LengthSize * LengthSize;
        byte[] header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(padded - LengthSize));
        return header;
    }

    private static void WriteValues(Stream stream, SavedTensor tensor)
    {
        RequireLittleEndian();
        switch (tensor.Values)
        {
            case float[] floats: WriteBytes(stream, floats.AsSpan()); break;
            case long[] longs: WriteBytes(stream, longs.AsSpan()); break;
            default: stream.Write(tensor.Bytes); break;
        }
    }

    // In pieces: the bytes of an array may be more than one span can hold.
    private static void WriteBytes<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Piece = 1 << 20;
        for (; !values.IsEmpty; values = values[Math.Min(Piece, values.Length)..])
            stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(Piece, values.Length)]));
    }

    private static void RequireLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException(
                "Safetensors: values are copied as they lie in memory, which needs a little-endian processor");
    }
}
