using NativeNN.Experiments.Plotting;
using SkiaSharp;

namespace NativeNN.Tests.Plotting;

/// <summary>Pixels of PNG files, decoded with Skia.</summary>
internal static class Pictures
{
    public static Pixmap Decode(byte[] png)
    {
        using SKBitmap bitmap = SKBitmap.Decode(png, SKBitmap.DecodeBounds(png).WithColorType(SKColorType.Rgba8888));
        var picture = new Pixmap(bitmap.Width, bitmap.Height);
        bitmap.Bytes.CopyTo(picture.Rgba.AsSpan());
        return picture;
    }

    /// <summary>What a canvas shows when <paramref name="draw"/> has drawn on it.</summary>
    public static Pixmap Draw(int width, int height, Action<Canvas> draw)
    {
        using var canvas = new PngCanvas(width, height);
        draw(canvas);
        return Decode(Saved(canvas));
    }

    public static byte[] Saved(Canvas canvas)
    {
        using var file = new MemoryStream();
        canvas.Save(file);
        return file.ToArray();
    }
}
