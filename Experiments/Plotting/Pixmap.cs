namespace NativeNN.Experiments.Plotting;

/// <summary>A small opaque picture; row 0 is the top.</summary>
public sealed class Pixmap(int width, int height)
{
    public int Width => width;
    public int Height => height;

    /// <summary>Row-major, four bytes per pixel: red, green, blue and 255.</summary>
    public byte[] Rgba { get; } = new byte[4 * width * height];

    public Color this[int x, int y]
    {
        get => new(Rgba[4 * (y * width + x)], Rgba[4 * (y * width + x) + 1], Rgba[4 * (y * width + x) + 2]);
        set => ((ReadOnlySpan<byte>)[value.R, value.G, value.B, 255]).CopyTo(Rgba.AsSpan(4 * (y * width + x)));
    }

    /// <summary>Each pixel repeated by whole factors, to at least twice the size given: viewers that smooth pictures then smooth less than
    /// a pixel of the page.</summary>
    public Pixmap EnlargedFor(double targetWidth, double targetHeight)
    {
        int xFactor = Math.Max(1, (int)Math.Ceiling(2 * targetWidth / width));
        int yFactor = Math.Max(1, (int)Math.Ceiling(2 * targetHeight / height));
        var enlarged = new Pixmap(width * xFactor, height * yFactor);
        for (int y = 0; y < enlarged.Height; y++)
            for (int x = 0; x < enlarged.Width; x++)
                enlarged[x, y] = this[x / xFactor, y / yFactor];
        return enlarged;
    }
}
