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
    public static T Read<T>(string path, Func<Stream, long, T> read) => ReadRaw(path, file =>
    {
        if (!IsGzip(file))
            return read(file, file.Length);
        uint promised = UnpackedLength(file);
        using var unpacked = new CountingStream(new GZipStream(file, CompressionMode.Decompress));
        const int LargestRatio = 1032; // deflate cannot pack better
        var result = read(unpacked, file.Length * LargestRatio);
        // GZipStream compares the checksum at the end of the file, but lets a file pass that stops short of it.
        if ((uint)unpacked.Count != promised)
            throw new InvalidDataException("the length at the end is not that of the content");
        return result;
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

    // A gzip file ends with the length of its content, modulo 2³².
    private static uint UnpackedLength(FileStream file)
    {
        Span<byte> last = stackalloc byte[4];
        file.Position = Math.Max(0, file.Length - last.Length);
        int got = file.ReadAtLeast(last, last.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return got == last.Length ? BinaryPrimitives.ReadUInt32LittleEndian(last) : 0;
    }

    private sealed class CountingStream(Stream inner) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int got = inner.Read(buffer);
            Count += got;
            return got;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
