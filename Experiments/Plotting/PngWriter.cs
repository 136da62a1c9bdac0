using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NativeNN.Experiments.Plotting;

/// <summary>Writes 8-bit RGB pixels as PNG (ISO/IEC 15948).</summary>
internal static class PngWriter
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    public static void Write(Stream stream, Pixmap image, double dpi)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        (header[8], header[9]) = (8, 2); // bits per channel, RGB; then deflate, adaptive filters, no interlace
        WriteChunk(stream, "IHDR", header);

        Span<byte> density = stackalloc byte[9];
        int perMetre = (int)Math.Round(dpi / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(density, perMetre);
        BinaryPrimitives.WriteInt32BigEndian(density[4..], perMetre);
        density[8] = 1; // the unit is the metre
        WriteChunk(stream, "pHYs", density);

        WriteChunk(stream, "IDAT", Compress(image));
        WriteChunk(stream, "IEND", []);
    }

    // Each row is stored as its difference from the row above (filter 2) if that has more zeros, else as it is (filter 0).
    // Plots are flat areas with few edges: deflate finds their repeats itself, and smoother filters only hide them.
    private static byte[] Compress(Pixmap image)
    {
        int stride = 3 * image.Width;
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var filtered = new byte[stride + 1];
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> row = image.Rgb.AsSpan(y * stride, stride);
                ReadOnlySpan<byte> above = y == 0 ? new byte[stride] : image.Rgb.AsSpan((y - 1) * stride, stride);
                filtered[0] = 2;
                int changes = 0, steps = 0;
                for (int i = 0; i < stride; i++)
                {
                    filtered[i + 1] = (byte)(row[i] - above[i]);
                    changes += row[i] != above[i] ? 1 : 0;
                    steps += i >= 3 && row[i] != row[i - 3] ? 1 : 0;
                }
                if (steps < changes)
                {
                    filtered[0] = 0;
                    row.CopyTo(filtered.AsSpan(1));
                }
                zlib.Write(filtered);
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream stream, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        ReadOnlySpan<byte> name = Encoding.ASCII.GetBytes(type);
        stream.Write(name);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(0xFFFFFFFF, name), data));
        stream.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte b in data)
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    // Polynomial 0x04C11DB7, bits reversed.
    private static uint CrcOfByte(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        return crc;
    }
}
