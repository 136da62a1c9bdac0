using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using NativeNN.Data;

namespace NativeNN.Checkpoints;

public sealed partial class Safetensors
{
    // One entry of the header; positions count from the first byte after it.
    private readonly record struct Entry(string Name, string Dtype, int[] Shape, long Begin, long End);

    /// <summary>
    /// Reads a file of F32, I64 and U8 arrays. Everything the header says is checked against the file's real length before anything is
    /// allocated for it. Throws BadInputException if the file is missing, or breaks the format; the message says where.
    /// </summary>
    public static Safetensors Read(string path)
    {
        RequireLittleEndian();
        return InputFile.ReadRaw(path, file =>
        {
            byte[] header = ReadHeader(file, path);
            long dataLength = file.Length - LengthSize - header.Length;
            var (entries, metadata) = Parse(header, path);
            CheckLayout(entries, dataLength, path);
            long dataStart = LengthSize + header.Length;
            var tensors = new Dictionary<string, SavedTensor>();
            foreach (var entry in entries)
            {
                file.Position = dataStart + entry.Begin;
                tensors.Add(entry.Name, ReadValues(file, entry));
            }
            return new Safetensors(path, tensors, metadata);
        });
    }

    private static byte[] ReadHeader(FileStream file, string path)
    {
        Span<byte> prefix = stackalloc byte[LengthSize];
        if (file.ReadAtLeast(prefix, LengthSize, throwOnEndOfStream: false) < LengthSize)
            throw Bad(path, $"{file.Length} bytes are too short for a safetensors file");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LargestHeader)
            throw Bad(path, $"a header of {length} bytes is over the limit of {LargestHeader}; probably no safetensors file");
        if (length > (ulong)(file.Length - LengthSize))
            throw Bad(path, $"a header of {length} bytes in a file of {file.Length}; cut off, or no safetensors file");
        byte[] header = new byte[length];
        file.ReadExactly(header);
        if (header.Length == 0 || header[0] != (byte)'{')
            throw Bad(path, "the header does not start with '{'");
        return header;
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata) Parse(byte[] header, string path)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>();
        var names = new HashSet<string>();
        try
        {
            using var json = JsonDocument.Parse(header);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw Bad(path, $"the name '{property.Name}' appears twice");
                if (property.Name == MetadataKey)
                    ParseMetadata(property.Value, metadata, path);
                else
                    entries.Add(ParseEntry(property.Name, property.Value, path));
            }
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new BadInputException($"{path}: the header is not valid JSON ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}).", e);
        }
        return (entries, metadata);
    }

    private static void ParseMetadata(JsonElement value, Dictionary<string, string> metadata, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Bad(path, $"{MetadataKey} is not an object");
        foreach (var item in value.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
                throw Bad(path, $"{MetadataKey}: '{item.Name}' is not a string");
            if (!metadata.TryAdd(item.Name, item.Value.GetString()!))
                throw Bad(path, $"{MetadataKey}: the name '{item.Name}' appears twice");
        }
    }

    private static Entry ParseEntry(string name, JsonElement value, string path)
    {
        string? dtype = null;
        int[]? shape = null;
        long[]? offsets = null;
        if (value.ValueKind != JsonValueKind.Object)
            throw Bad(path, $"'{name}' is not an object");
        foreach (var field in value.EnumerateObject())
        {
            bool fresh = field.Name switch
            {
                "dtype" => dtype is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw Bad(path, $"'{name}' has an unknown field '{field.Name}'"),
            };
            if (!fresh)
                throw Bad(path, $"'{name}' has the field '{field.Name}' twice");
            if (field.Name == "dtype")
                dtype = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString() : "";
            else if (field.Name == "shape")
                shape = [.. Numbers(name, field, path).Select(n =>
                    n <= int.MaxValue ? (int)n : throw Bad(path, $"'{name}' has a dimension of {n}"))];
            else
                offsets = Numbers(name, field, path);
        }
        if (dtype is null || shape is null || offsets is null)
            throw Bad(path, $"'{name}' lacks its dtype, shape or data_offsets");
        if (ItemSize(dtype) == 0)
            throw Bad(path, $"'{name}' has dtype {dtype}; F32, I64 and U8 can be read, so convert it before saving");
        if (offsets.Length != 2)
            throw Bad(path, $"'{name}' has {offsets.Length} data_offsets, needs begin and end");
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] Numbers(string name, JsonProperty field, string path)
    {
        if (field.Value.ValueKind != JsonValueKind.Array)
            throw Bad(path, $"'{name}': {field.Name} is not an array");
        return [.. field.Value.EnumerateArray().Select(e =>
            e.ValueKind == JsonValueKind.Number && e.TryGetInt64(out long n) && n >= 0
                ? n
                : throw Bad(path, $"'{name}': {field.Name} holds {Shorten(e.GetRawText())}, not a count"))];
    }

    // Every array lies inside the data, has as many bytes as its shape says, and together they fill it without gap or overlap.
    private static void CheckLayout(List<Entry> entries, long dataLength, string path)
    {
        foreach (var e in entries)
        {
            if (e.Begin > e.End || e.End > dataLength)
                throw Bad(path, $"'{e.Name}' lies at bytes {e.Begin} to {e.End} of {dataLength}");
            long bytes = ItemSize(e.Dtype);
            foreach (int size in e.Shape)
                bytes = size == 0 ? 0 : bytes <= dataLength / size ? bytes * size : long.MaxValue / 2;
            if (bytes != e.End - e.Begin || bytes / ItemSize(e.Dtype) > Array.MaxLength)
                throw Bad(path,
                    $"'{e.Name}' of shape [{string.Join(", ", e.Shape)}] and dtype {e.Dtype} does not fill its {e.End - e.Begin} bytes");
        }
        long position = 0;
        foreach (var e in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (e.Begin != position)
                throw Bad(path, $"'{e.Name}' starts at byte {e.Begin}, "
                    + $"{(e.Begin < position ? "inside the tensor before it" : "leaving a hole")} (expected {position})");
            position = e.End;
        }
        if (position != dataLength)
            throw Bad(path, $"{dataLength - position} bytes after the last tensor belong to none");
    }

    private static SavedTensor ReadValues(Stream stream, Entry entry)
    {
        int count = (int)((entry.End - entry.Begin) / ItemSize(entry.Dtype));
        return entry.Dtype switch
        {
            "F32" => new SavedTensor(entry.Shape, ReadArray<float>(stream, count)),
            "I64" => new SavedTensor(entry.Shape, ReadArray<long>(stream, count)),
            _ => new SavedTensor(entry.Shape, ReadArray<byte>(stream, count)),
        };
    }

    private static T[] ReadArray<T>(Stream stream, int count)
        where T : unmanaged
    {
        const int Piece = 1 << 20;
        var values = new T[count];
        for (int at = 0; at < count; at += Piece)
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(Piece, count - at))));
        return values;
    }

    private static string Shorten(string text) => text.Length <= 20 ? text : text[..20] + "…";

    private static BadInputException Bad(string path, string what) => new($"{path}: {what}.");
}
