using System.IO.Compression;

namespace NativeNN.Data;

/// <summary>Opens a file, unpacking gzip by its first two bytes, and turns the system's errors into <see cref="BadInputException"/>.</summary>
internal static class InputFile
{
    /// <summary>Hands <paramref name="read"/> the content of a file and an upper bound for its unpacked length in bytes.</summary>
    public static T Read<T>(string path, Func<Stream, long, T> read) => ReadRaw(path, file =>
    {
        if (!IsGzip(file))
            return read(file, file.Length);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        const int LargestRatio = 1032; // deflate cannot pack better
        return read(unpacked, file.Length * LargestRatio);
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
            throw new BadInputException($"{path}: the gzip data is damaged or cut off; get the file again.", e);
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

    private static FileStream Open(string path) => string.IsNullOrWhiteSpace(path)
        ? throw new BadInputException("The path of a data file is empty; give a file or a folder.")
        : File.OpenRead(path);

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        int got = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return got == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
    }
}
