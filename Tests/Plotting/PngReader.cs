using System.Buffers.Binary;
using System.IO.Compression;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

/// <summary>Reads 8-bit RGB PNG, written from the standard's text and not from the writer, and checks every CRC.</summary>
internal static class PngReader
{
    public static Pixmap Read(byte[] file) => Read(file, out _);

    public static Pixmap Read(byte[] file, out int pixelsPerMetre)
    {
        Assert.Equal(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }, file[..8]);
        (int width, int height) = (0, 0);
        pixelsPerMetre = 0;
        using var compressed = new MemoryStream();
        var names = new List<string>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string name = System.Text.Encoding.ASCII.GetString(file, at + 4, 4);
            ReadOnlySpan<byte> data = file.AsSpan(at + 8, length);
            Assert.Equal(Crc(file.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            names.Add(name);
            if (name == "IHDR")
            {
                width = BinaryPrimitives.ReadInt32BigEndian(data);
                height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
                Assert.Equal(new byte[] { 8, 2, 0, 0, 0 }, data[8..].ToArray());
            }
            else if (name == "pHYs")
                pixelsPerMetre = BinaryPrimitives.ReadInt32BigEndian(data);
            else if (name == "IDAT")
                compressed.Write(data);
            at += 12 + length;
        }
        Assert.Equal("IHDR", names[0]);
        Assert.Equal("IEND", names[^1]);
        compressed.Position = 0;
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionMode.Decompress))
            zlib.CopyTo(inflated);
        return Unfilter(inflated.ToArray(), width, height);
    }

    private static Pixmap Unfilter(byte[] rows, int width, int height)
    {
        int stride = 3 * width;
        Assert.Equal((stride + 1) * height, rows.Length);
        var image = new Pixmap(width, height);
        for (int y = 0; y < height; y++)
            for (int i = 0; i < stride; i++)
            {
                int left = i >= 3 ? image.Rgb[y * stride + i - 3] : 0, up = y > 0 ? image.Rgb[(y - 1) * stride + i] : 0;
                int corner = i >= 3 && y > 0 ? image.Rgb[(y - 1) * stride + i - 3] : 0;
                int estimate = left + up - corner;
                (int toLeft, int toUp, int toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - up), Math.Abs(estimate - corner));
                int predicted = rows[y * (stride + 1)] switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner,
                    byte other => throw new InvalidDataException($"filter {other}"),
                };
                image.Rgb[y * stride + i] = (byte)(rows[y * (stride + 1) + 1 + i] + predicted);
            }
        return image;
    }

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
