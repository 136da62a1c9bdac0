using System.Buffers.Binary;
using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>Draws into pixels, anti-aliased, and saves them as PNG.</summary>
public sealed class PngCanvas : SkiaCanvas
{
    private readonly SKSurface surface;

    public PngCanvas(int width, int height, double dpi = Figure.ScreenDpi) : base(width, height, dpi)
    {
        SkiaLibrary.Load();
        surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque))
            ?? throw new ArgumentException($"PngCanvas: {width} × {height} pixels are more than Skia can draw; choose fewer per inch.");
        Target.Clear(SKColors.White);
    }

    protected override SKCanvas Target => surface.Canvas;

    public override void Image(Rect target, Pixmap image)
    {
        using SKImage picture = ToSkia(image);
        using var paint = new SKPaint { IsAntialias = false };
        Target.DrawImage(picture, ToSkia(target), new SKSamplingOptions(SKFilterMode.Nearest), paint);
    }

    public override void Save(Stream stream)
    {
        using SKPixmap pixels = surface.PeekPixels();
        using SKData png = pixels.Encode(SKPngEncoderOptions.Default)
            ?? throw new InvalidOperationException($"PngCanvas: Skia could not encode {Width} × {Height} pixels.");
        ReadOnlySpan<byte> bytes = png.AsSpan();
        const int HeaderEnd = 8 + 25; // the signature and the chunk IHDR
        stream.Write(bytes[..HeaderEnd]);
        stream.Write(DensityChunk(Dpi));
        stream.Write(bytes[HeaderEnd..]);
    }

    public override void Dispose()
    {
        surface.Dispose();
        base.Dispose();
    }

    protected override void TextLine(string line, Point start, double size, bool upward, Color color)
    {
        var fit = new GridFit(size);
        using var text = new SKPathBuilder();
        foreach ((ushort glyph, int x) in DejaVuSans.Place(line))
            fit.Append(text, DejaVuSans.Outline(glyph), x);
        using SKPath path = text.Detach();
        using SKPaint paint = FillPaint(color);
        Target.Save();
        // The baseline lies between two rows of pixels.
        start = upward ? start with { X = Math.Round(start.X) } : start with { Y = Math.Round(start.Y) };
        Target.Translate((float)start.X, (float)start.Y);
        Target.RotateDegrees(upward ? -90 : 0);
        Target.DrawPath(path, paint);
        Target.Restore();
    }

    /// <summary>PNG's chunk pHYs: pixels per metre in x and y, and 1 for the metre. Skia writes none.</summary>
    private static byte[] DensityChunk(double dpi)
    {
        var chunk = new byte[4 + 4 + 9 + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, 9);
        "pHYs"u8.CopyTo(chunk.AsSpan(4));
        int perMetre = (int)Math.Round(dpi / 0.0254);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(8), perMetre);
        BinaryPrimitives.WriteInt32BigEndian(chunk.AsSpan(12), perMetre);
        chunk[16] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(17), Crc(chunk.AsSpan(4, 13)));
        return chunk;
    }

    // ISO 3309's polynomial 0x04C11DB7, bits reversed; name and data of a chunk count.
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }
        return ~crc;
    }
}
