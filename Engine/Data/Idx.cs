using System.Buffers.Binary;

namespace NativeNN.Data;

/// <summary>An array of bytes as an IDX file holds it: its dimensions and its values in row-major order.</summary>
public sealed record IdxArray(int[] Dimensions, byte[] Values);

/// <summary>
/// Reads IDX files, the format of MNIST and Fashion-MNIST, plain or gzipped. Big-endian: two zero bytes, type code (0x08 = byte), number of
/// dimensions, each dimension as 32 bits, the values.
/// </summary>
public static class Idx
{
    private const int ByteType = 0x08;

    /// <summary>
    /// Reads an IDX file of bytes with the number of dimensions given (3 for images, 1 for labels). Throws BadInputException if the file is
    /// missing, damaged, of another type or shape, or not as long as its header says.
    /// </summary>
    public static IdxArray Read(string path, int dimensions) =>
        InputFile.Read(path, (stream, limit) => Read(stream, limit, path, dimensions));

    private static IdxArray Read(Stream stream, long limit, string path, int dimensions)
    {
        byte[] header = new byte[4 + 4 * dimensions];
        int got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got < 4)
            throw new BadInputException($"{path}: {got} bytes are no IDX file; get the file again.");
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        uint expected = (ByteType << 8) | (uint)dimensions;
        if (magic != expected)
        {
            throw new BadInputException(
                $"{path}: magic number 0x{magic:x8}, an IDX file of bytes in {dimensions} dimension(s) starts with 0x{expected:x8}; "
                + "check that images and labels are not swapped.");
        }
        if (got < header.Length)
            throw new BadInputException($"{path}: cut off inside the header after {got} bytes; get the file again.");

        int[] sizes = new int[dimensions];
        long count = 1;
        for (int d = 0; d < dimensions; d++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + 4 * d));
            // Multiplied step by step: no product overflows, and nothing is allocated on the header's word alone.
            count = size <= Array.MaxLength && count * size <= Array.MaxLength ? count * size : long.MaxValue;
            if (count > limit)
            {
                throw new BadInputException(
                    $"{path}: the header promises more values than the file can hold (dimension {d + 1} is {size}); get the file again.");
            }
            sizes[d] = (int)size;
        }
        return new IdxArray(sizes, ReadValues(stream, (int)count, path));
    }

    // Grows as bytes arrive: a gzipped file may promise a thousand times its size.
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
