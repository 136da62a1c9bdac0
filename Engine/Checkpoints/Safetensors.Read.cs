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

    // Token by token: a tree of a header's JSON would take many times the header.
    private static (List<Entry> Entries, Dictionary<string, string> Metadata) Parse(byte[] header, string path)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>();
        var names = new HashSet<string>();
        try
        {
            var json = new Utf8JsonReader(header);
            json.Read();
            while (NextName(ref json) is { } name)
            {
                if (!names.Add(name))
                    throw Bad(path, $"the name '{Shorten(name)}' appears twice");
                json.Read();
                if (name == MetadataKey)
                    ParseMetadata(ref json, metadata, path);
                else
                    entries.Add(ParseEntry(ref json, name, path));
            }
            json.Read(); // what follows the last bracket is an error
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new BadInputException($"{path}: the header is not valid JSON ({Shorten(e.Message.TrimEnd('.'), 120)}).", e);
        }
        return (entries, metadata);
    }

    // The name of the next property; null at the end of the object.
    private static string? NextName(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.EndObject ? null : json.GetString();
    }

    private static void ParseMetadata(ref Utf8JsonReader json, Dictionary<string, string> metadata, string path)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw Bad(path, $"{MetadataKey} is not an object");
        while (NextName(ref json) is { } name)
        {
            json.Read();
            if (json.TokenType != JsonTokenType.String)
                throw Bad(path, $"{MetadataKey}: '{Shorten(name)}' is not a string");
            if (!metadata.TryAdd(name, json.GetString()!))
                throw Bad(path, $"{MetadataKey}: the name '{Shorten(name)}' appears twice");
        }
    }

    private static Entry ParseEntry(ref Utf8JsonReader json, string fullName, string path)
    {
        string name = Shorten(fullName);
        string? dtype = null;
        int[]? shape = null;
        long[]? offsets = null;
        if (json.TokenType != JsonTokenType.StartObject)
            throw Bad(path, $"'{name}' is not an object");
        while (NextName(ref json) is { } field)
        {
            bool fresh = field switch
            {
                "dtype" => dtype is null,
                "shape" => shape is null,
                "data_offsets" => offsets is null,
                _ => throw Bad(path, $"'{name}' has an unknown field '{Shorten(field)}'"),
            };
            if (!fresh)
                throw Bad(path, $"'{name}' has the field '{field}' twice");
            json.Read();
            if (field == "dtype")
                dtype = json.TokenType == JsonTokenType.String
                    ? json.GetString()
                    : throw Bad(path, $"'{name}' has a dtype that is no text");
            else if (field == "shape")
                shape = Array.ConvertAll(Numbers(ref json, name, field, path), n =>
                    n <= int.MaxValue ? (int)n : throw Bad(path, $"'{name}' has a dimension of {n}"));
            else
                offsets = Numbers(ref json, name, field, path);
        }
        if (dtype is null || shape is null || offsets is null)
            throw Bad(path, $"'{name}' lacks its dtype, shape or data_offsets");
        if (ItemSize(dtype) == 0)
            throw Bad(path, $"'{name}' has dtype {Shorten(dtype)}; F32, I64 and U8 can be read, so convert it before saving");
        if (offsets.Length != 2)
            throw Bad(path, $"'{name}' has {offsets.Length} data_offsets, needs begin and end");
        return new Entry(fullName, dtype, shape, offsets[0], offsets[1]);
    }

    private static long[] Numbers(ref Utf8JsonReader json, string name, string field, string path)
    {
        const int Most = 16; // dimensions; the engine's own tensors have two at most
        if (json.TokenType != JsonTokenType.StartArray)
            throw Bad(path, $"'{name}': {field} is not an array");
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out long n) || n < 0)
                throw Bad(path, $"'{name}': {field} holds {Shorten(Encoding.UTF8.GetString(json.ValueSpan))}, not a count");
            if (numbers.Count == Most)
                throw Bad(path, $"'{name}': {field} holds more than {Most} numbers");
            numbers.Add(n);
        }
        return [.. numbers];
    }

    // Every array lies inside the data, has as many bytes as its shape says, and together they fill it without gap or overlap.
    private static void CheckLayout(List<Entry> entries, long dataLength, string path)
    {
        foreach (var e in entries)
        {
            if (e.Begin > e.End || e.End > dataLength)
                throw Bad(path, $"'{Shorten(e.Name)}' lies at bytes {e.Begin} to {e.End} of {dataLength}");
            long bytes = ItemSize(e.Dtype);
            foreach (int size in e.Shape)
                bytes = size == 0 ? 0 : bytes <= dataLength / size ? bytes * size : long.MaxValue / 2;
            if (bytes != e.End - e.Begin || bytes / ItemSize(e.Dtype) > Array.MaxLength)
                throw Bad(path, $"'{Shorten(e.Name)}' of shape [{string.Join(", ", e.Shape)}] and dtype {e.Dtype} does not fill its "
                    + $"{e.End - e.Begin} bytes");
        }
        long position = 0;
        foreach (var e in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (e.Begin != position)
                throw Bad(path, $"'{Shorten(e.Name)}' starts at byte {e.Begin}, "
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

    private static string Shorten(string text, int length = 60) => BadInputException.Excerpt(text, length);

    private static BadInputException Bad(string path, string what) => new($"{path}: {what}.");
}
