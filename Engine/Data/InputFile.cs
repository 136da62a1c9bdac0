using System.Buffers.Binary;
using System.IO.Compression;

namespace NativeNN.Data;

/// <summary>
/// Opens a file, unpacking gzip by its first two bytes, and turns the system's errors into <see cref="BadInputException"/>.
/// </summary>
internal static class InputFile
{
    /// <summary>
    /// Hands <paramref name="read"/> the content of a file and an upper bound for its unpacked length in bytes; it reads to the end.
    /// </summary>
    public static T Read<T>(string path, Func<InputStream, long, T> read) => ReadRaw(path, file =>
    {
        if (!IsGzip(file))
            return Known(new InputStream(file, path, file.Length), file.Length);
        uint promised = UnpackedLength(file);
        long limit = LargestUnpacked(file.Length);
        using var unpacked = new InputStream(new GZipStream(file, CompressionMode.Decompress), path, limit);
        var result = Known(unpacked, limit);
        // GZipStream compares the checksum at the end of the file, but lets a file pass that stops short of it.
        if ((uint)unpacked.Count != promised)
            throw new InvalidDataException("the length at the end is not that of the content");
        return result;

        T Known(InputStream stream, long limit)
        {
            RequireData(stream.Start, path);
            return read(stream, limit);
        }
    });

    /// <summary>The first bytes of a file, unpacked, up to 512.</summary>
    public static byte[] Start(string path) => ReadRaw(path, file =>
    {
        using var stream = new InputStream(
            IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : file, path, limit: long.MaxValue);
        return stream.Start.ToArray();
    });

    /// <summary>Hands <paramref name="read"/> the bytes of a file as they are.</summary>
    public static T ReadRaw<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var file = Open(path);
            return read(file);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"{path}: the packed data are damaged or cut off; get the file again.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such file; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            string what = Directory.Exists(path) ? "is a folder, a file was expected" : $"cannot be read ({e.Message.TrimEnd('.')})";
            throw new BadInputException($"{path}: {what}; check the path and its permissions.", e);
        }
    }

    /// <summary>
    /// What a packed file of that length may unpack to. Deflate packs zeros a thousandfold, but no images: MNIST's pack five-fold.
    /// </summary>
    public static long LargestUnpacked(long packed)
    {
        const int LargestRatio = 1032, LargestRatioOfImages = 100; // the first is deflate's own limit
        const long Small = 64 << 20;
        return Math.Min(packed * LargestRatio, Math.Max(Small, packed * LargestRatioOfImages));
    }

    /// <summary>Throws BadInputException if the first bytes are those of something that holds no data.</summary>
    public static void RequireData(ReadOnlySpan<byte> start, string path)
    {
        if (FileKind.Of(start) is { } kind)
            throw new BadInputException($"{path}: {kind}.");
    }

    private static FileStream Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new BadInputException("The path of a data file is empty; give a file or a folder.");
        // A pipe would keep the program waiting; it has no length, as devices have none.
        var target = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
        if (File.Exists(path) && target is not FileInfo { Exists: true, Length: > 0 })
            throw new BadInputException($"{path}: empty, or a pipe or device; save the data to a file and give that.");
        return File.OpenRead(path);
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int got = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }

    // A gzip file ends with the length of its content, modulo 2³².
    private static uint UnpackedLength(FileStream file)
    {
        Span<byte> last = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - last.Length);
        int got = file.ReadAtLeast(last, last.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return got == last.Length ? BinaryPrimitives.ReadUInt32LittleEndian(last) : 0;
    }
}
