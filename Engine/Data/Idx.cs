using System.Buffers.Binary;

namespace NativeNN.Data;

/// <summary>
/// Reads IDX files, the format of MNIST and Fashion-MNIST, plain or gzipped. Big-endian: two zero bytes, type code (0x08 = byte, 0x0C = 32
/// bits), number of dimensions, each dimension as 32 bits, the values.
/// </summary>
public static class Idx
{
    private const int ByteType = 0x08, IntType = 0x0C;

    /// <summary>
    /// Reads an IDX file of bytes with the number of dimensions given (3 for images, 1 for labels). Throws BadInputException if the file is
    /// missing, damaged, of another type or shape, or not as long as its header says.
    /// </summary>
    public static ByteArray Read(string path, int dimensions) => InputFile.Read(path, (stream, limit) =>
    {
        int[] sizes = ReadHeader(stream, path, ByteType, dimensions);
        return new ByteArray(sizes, ReadValues(stream, ByteArray.Count(Longs(sizes), limit, path), path));
    });

    /// <summary>The dimensions alone, as the header says; nothing else of the file is read.</summary>
    internal static int[] ReadDimensions(string path, int dimensions)
    {
        byte[] start = InputFile.Start(path);
        InputFile.RequireData(start, path);
        return ReadHeader(new MemoryStream(start), path, ByteType, dimensions);
    }

    /// <summary>
    /// Labels: bytes [n], or QMNIST's table of integers [n, 8], whose first column they are. Throws BadInputException also unless there are
    /// <paramref name="count"/> of them, as there are images in the file of that path, before they are read.
    /// </summary>
    internal static byte[] ReadLabels(string path, int count, string images) => InputFile.Read(path, (stream, limit) =>
    {
        bool table = stream.Start.StartsWith((ReadOnlySpan<byte>)[0, 0, IntType, 2]);
        int[] sizes = table ? ReadHeader(stream, path, IntType, dimensions: 2) : ReadHeader(stream, path, ByteType, dimensions: 1);
        if (sizes[0] != count)
            throw new BadInputException(
                $"{path}: {sizes[0]} labels for {count} images in {images}; the two files belong to different sets.");
        if (!table)
            return ReadValues(stream, ByteArray.Count(Longs(sizes), limit, path), path);
        int width = sizes[1] * sizeof(int);
        byte[] cells = ReadValues(stream, ByteArray.Count([sizes[0], sizes[1], sizeof(int)], limit, path), path);
        byte[] labels = new byte[sizes[1] == 0 ? 0 : count];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = BinaryPrimitives.ReadInt32BigEndian(cells.AsSpan(i * width));
            labels[i] = label is >= 0 and <= byte.MaxValue ? (byte)label
                : throw new BadInputException($"{path}: label {label} of image {i + 1} is outside 0–255; get the file again.");
        }
        return labels;
    });

    private static long[] Longs(int[] sizes) => Array.ConvertAll(sizes, size => (long)size);

    private static int[] ReadHeader(Stream stream, string path, int type, int dimensions)
    {
        byte[] header = new byte[4 + 4 * dimensions];
        int got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got < 4)
            throw new BadInputException($"{path}: {got} bytes are no IDX file; get the file again.");
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint expected = ((uint)type << 8) | (uint)dimensions;
        if (magic != expected)
        {
            throw new BadInputException(
                $"{path}: magic number 0x{magic:x8}, an IDX file of bytes in {dimensions} dimension(s) starts with 0x{expected:x8}; "
                + "check that images and labels are not swapped.");
        }
        if (got < header.Length)
            throw new BadInputException($"{path}: cut off inside the header after {got} bytes; get the file again.");
        int[] sizes = new int[dimensions];
        for (int d = 0; d < dimensions; d++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * d));
            sizes[d] = size <= Array.MaxLength ? (int)size : throw new BadInputException(
                $"{path}: the header promises more values than the file can hold (dimension {d + 1} is {size}); get the file again.");
        }
        return sizes;
    }

    // Grows as bytes arrive: a gzipped file may promise a hundred times its size.
    private static byte[] ReadValues(Stream stream, int count, string path)
    {
        const int FirstPiece = 1 << 20;
        byte[] values = new byte[Math.Min(count, FirstPiece)];
        int got = stream.ReadAtLeast(values, values.Length, throwOnEndOfStream: false);
        while (got == values.Length && got < count)
        {
            Array.Resize(ref values, (int)Math.Min(count, 2L * values.Length));
            got += stream.ReadAtLeast(values.AsSpan(got), values.Length - got, throwOnEndOfStream: false);
        }
        if (got < count)
            throw new BadInputException($"{path}: {got} values, the header says {count}; the file is cut off, get it again.");
        // Reading past the end also makes gzip compare its checksum.
        if (stream.ReadByte() >= 0)
            throw new BadInputException($"{path}: longer than the {count} values its header says; get the file again.");
        return values;
    }
}
