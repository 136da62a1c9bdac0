using NativeNN.Data;
using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>A picture as grey values, 0 black to 255 white, row by row.</summary>
public sealed record GreyPicture(int Rows, int Columns, byte[] Pixels)
{
    private const long MostPixels = 100_000_000;

    /// <summary>Whether its edge, taken for the background, is light.</summary>
    public bool IsOnLight
    {
        get
        {
            var edge = Enumerable.Range(0, Pixels.Length)
                .Where(i => i / Columns == 0 || i / Columns == Rows - 1 || i % Columns == 0 || i % Columns == Columns - 1);
            return edge.Average(i => (double)Pixels[i]) > 127.5;
        }
    }

    /// <summary>
    /// Reads PNG, JPEG and what else Skia knows; transparent is white. Throws BadInputException if the file is missing or no such picture.
    /// </summary>
    public static GreyPicture Read(string path)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: no such file");
        SkiaLibrary.Load();
        using var codec = SKCodec.Create(path)
            ?? throw new BadInputException($"{path}: neither a picture that can be read (PNG, JPEG) nor an IDX file of images");
        if ((long)codec.Info.Width * codec.Info.Height > MostPixels)
            throw new BadInputException($"{path}: {codec.Info.Width}×{codec.Info.Height} pixels; needs at most 100 megapixels");
        using var picture = new SKBitmap(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        if (codec.GetPixels(picture.Info, picture.GetPixels()) != SKCodecResult.Success)
            throw new BadInputException($"{path}: a damaged picture; save it again");
        return new(picture.Height, picture.Width, [.. picture.Pixels.Select(Grey)]);
    }

    public GreyPicture Inverted() => this with { Pixels = [.. Pixels.Select(p => (byte)(byte.MaxValue - p))] };

    /// <summary>
    /// The whole picture in that size, each pixel the mean of what it covers; where the shapes differ it stands in the middle, on black.
    /// </summary>
    public GreyPicture FitInto(int rows, int columns)
    {
        double scale = Math.Min((double)rows / Rows, (double)columns / Columns);
        int high = Math.Clamp((int)Math.Round(scale * Rows), 1, rows), wide = Math.Clamp((int)Math.Round(scale * Columns), 1, columns);
        int top = (rows - high) / 2, left = (columns - wide) / 2;
        var down = Shares(Rows, high);
        var across = Shares(Columns, wide);
        var pixels = new byte[rows * columns];
        for (int row = 0; row < high; row++)
            for (int column = 0; column < wide; column++)
                pixels[(top + row) * columns + left + column] = (byte)Math.Round(down[row].Sum(r =>
                    r.Share * across[column].Sum(c => c.Share * Pixels[r.Index * Columns + c.Index])));
        return new(rows, columns, pixels);
    }

    // Which of `from` cells each of `to` equal parts of the same length covers, and with which share of the part.
    private static (int Index, double Share)[][] Shares(int from, int to) => [.. Enumerable.Range(0, to).Select(part =>
    {
        double size = (double)from / to, start = part * size, end = start + size;
        int first = (int)start, last = Math.Min(from - 1, (int)Math.Ceiling(end) - 1);
        return Enumerable.Range(first, last - first + 1)
            .Select(i => (i, (Math.Min(end, i + 1) - Math.Max(start, i)) / size)).ToArray();
    })];

    //  Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), on white
    private static byte Grey(SKColor color)
    {
        double y = 0.299 * color.Red + 0.587 * color.Green + 0.114 * color.Blue;
        return (byte)Math.Round(byte.MaxValue + (y - byte.MaxValue) * color.Alpha / byte.MaxValue);
    }
}
