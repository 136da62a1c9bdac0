using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace NativeNN.Data;

/// <summary>
/// Reads arrays of whole numbers 0–255 from NumPy's <c>.npz</c>, as KMNIST and Keras's <c>mnist.npz</c> come: a ZIP archive of <c>.npy</c>
/// files. Each: 0x93 'NUMPY', version, length of the header, the header (a Python dict with type, order and shape), the values.
/// </summary>
public static partial class Npz
{
    private const int LongestHeader = ushort.MaxValue;
    private const int Piece = 1 << 16; // bytes converted at a time; a multiple of every type's size

    /// <summary>
    /// The first array that the file has of those names, or its only one where none is given. Throws BadInputException if the file is
    /// missing or damaged, has no such array, or that one is of another type, in Fortran's order, or outside 0–255.
    /// </summary>
    public static ByteArray Read(string path, params ReadOnlySpan<string> names) => Open(path, names, (stream, header) =>
    {
        byte[] values = new byte[ByteArray.Count(header.Shape, stream.Length / header.ItemSize, path)];
        byte[] piece = new byte[Piece];
        for (int at = 0; at < values.Length;)
        {
            int count = Math.Min(values.Length - at, Piece / header.ItemSize);
            stream.Content.ReadExactly(piece, 0, count * header.ItemSize);
            for (int i = 0; i < count; i++)
            {
                var bytes = piece.AsSpan(i * header.ItemSize, header.ItemSize);
                // Little-endian: a value is in 0–255 if only its first byte is not zero (a negative one's last is not).
                bool negative = header.IsSigned && header.ItemSize == 1 && bytes[0] > sbyte.MaxValue;
                if (negative || bytes[1..].ContainsAnyExcept((byte)0))
                    throw new BadInputException($"{path}: value {at + i + 1} of '{stream.Name}' is outside 0–255; needs bytes.");
                values[at + i] = bytes[0];
            }
            at += count;
        }
        return new ByteArray(Array.ConvertAll(header.Shape, size => (int)size), values);
    });

    /// <summary>The dimensions alone, as the header says.</summary>
    internal static int[] ReadDimensions(string path, params ReadOnlySpan<string> names) => Open(path, names, (stream, header) =>
    {
        ByteArray.Count(header.Shape, stream.Length / header.ItemSize, path);
        return Array.ConvertAll(header.Shape, size => (int)size);
    });

    /// <summary>The names of the arrays in the file.</summary>
    internal static IReadOnlyList<string> Names(string path) => InputFile.ReadRaw(path, file =>
    {
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        return (IReadOnlyList<string>)[.. archive.Entries.Where(IsArray).Select(NameOf)];
    });

    private static T Open<T>(string path, ReadOnlySpan<string> names, Func<Packed, Header, T> read)
    {
        string[] wanted = names.ToArray();
        return InputFile.ReadRaw(path, file =>
        {
            try
            {
                using var archive = new ZipArchive(file, ZipArchiveMode.Read);
                var entry = Find(archive, wanted, path);
                using var content = entry.Open();
                if (entry.Length > InputFile.LargestUnpacked(file.Length))
                    throw new BadInputException(
                        $"{path}: unpacks to {entry.Length} bytes, which no images do in a file of this size; get the file again.");
                var header = ReadHeader(content, path, out int headerLength);
                var packed = new Packed(NameOf(entry), content, entry.Length - headerLength);
                // Nothing is read that the header does not promise, and nothing is promised that the archive does not hold.
                if (packed.Length != header.ItemSize * (long)ByteArray.Count(header.Shape, packed.Length / header.ItemSize, path))
                    throw new BadInputException($"{path}: '{packed.Name}' is longer than its shape says; get the file again.");
                return read(packed, header);
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidDataException("the archive ends before its arrays", e);
            }
        });
    }

    private static ZipArchiveEntry Find(ZipArchive archive, string[] wanted, string path)
    {
        var arrays = archive.Entries.Where(IsArray).ToList();
        if (wanted.Length == 0 && arrays.Count == 1)
            return arrays[0];
        string held = arrays.Count == 0 ? "none" : string.Join(", ", arrays.Take(8).Select(NameOf));
        string needed = wanted.Length == 0 ? "a single array" : $"an array {string.Join(" or ", wanted)}";
        return wanted.Select(name => arrays.Find(array => NameOf(array) == name)).FirstOrDefault(array => array is not null)
            ?? throw new BadInputException($"{path}: needs {needed}, holds {held}.");
    }

    private static bool IsArray(ZipArchiveEntry entry) => entry.FullName.EndsWith(".npy", StringComparison.Ordinal);

    private static string NameOf(ZipArchiveEntry entry) => BadInputException.Excerpt(entry.FullName[..^".npy".Length]);

    private static Header ReadHeader(Stream stream, string path, out int length)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..10]);
        if (start[0] != 0x93 || !start[1..].StartsWith("NUMPY"u8))
            throw new BadInputException($"{path}: holds an entry that is no NumPy array; save it with numpy.savez.");
        bool isLong = start[6] >= 2; // version 2 has 32 bits for the length
        if (isLong)
            stream.ReadExactly(start[10..]);
        uint textLength = isLong
            ? BinaryPrimitives.ReadUInt32LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (textLength > LongestHeader)
            throw new BadInputException($"{path}: an array's header of {textLength} bytes is over the limit of {LongestHeader}.");
        byte[] bytes = new byte[textLength];
        stream.ReadExactly(bytes);
        length = (isLong ? 12 : 10) + bytes.Length;
        return Parse(Encoding.Latin1.GetString(bytes), path);
    }

    private static Header Parse(string text, string path)
    {
        const int MostDimensions = 8;
        var (type, shape) = (Type().Match(text), Shape().Match(text));
        string[] sizes = shape.Groups["sizes"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        bool ordered = text.Contains("'fortran_order': False", StringComparison.Ordinal);
        if (!type.Success || !shape.Success || sizes.Length > MostDimensions || !ordered)
            throw new BadInputException($"{path}: an array of {BadInputException.Excerpt(text, 80)}; "
                + "needs whole numbers in C's order: save it with .astype('uint8').");
        return new Header(type.Groups["size"].Value[0] - '0', IsSigned: type.Groups["kind"].Value == "i", Array.ConvertAll(sizes, Size));

        // What is no number counts as more than any file holds.
        static long Size(string size) =>
            long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n : long.MaxValue;
    }

    private sealed record Packed(string Name, Stream Content, long Length);

    private sealed record Header(int ItemSize, bool IsSigned, long[] Shape);

    [GeneratedRegex(@"'descr': '[<|](?<kind>[bui])(?<size>[1248])'")]
    private static partial Regex Type();

    [GeneratedRegex(@"'shape': \((?<sizes>[^)]*)\)")]
    private static partial Regex Shape();
}
