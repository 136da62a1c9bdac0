using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>Fits letters to a grid of pixels: the heights of small letters and of capitals become whole pixels, so that their edges are
/// sharp.</summary>
/// <remarks>Skia fits the bitmaps of glyphs, but blends those too lightly, and not the outlines that it hands out.</remarks>
internal sealed class GridFit
{
    // Of DejaVu Sans, in 1/2048 em: 'x' is 1120 high, 'H' 1493; round letters overshoot by 29.
    private const double XHeight = 1120, CapHeight = 1493, Overshoot = 33;

    private readonly double scale, fittedX, fittedCap;

    /// <summary>For letters of <paramref name="size"/> pixels per em.</summary>
    public GridFit(double size)
    {
        scale = size / DejaVuSans.UnitsPerEm;
        fittedX = Math.Max(1, Math.Round(XHeight * scale));
        fittedCap = Math.Max(fittedX + 1, Math.Round(CapHeight * scale));
    }

    /// <summary>Appends a glyph's outline that starts at x, both in the font's units, y down, as pixels.</summary>
    public void Append(SKPathBuilder text, SKPath outline, double x)
    {
        SKPoint Place(SKPoint p) => new((float)((x + p.X) * scale), -(float)Up(-p.Y));
        Span<SKPoint> points = stackalloc SKPoint[4];
        using SKPath.RawIterator parts = outline.CreateRawIterator();
        for (SKPathVerb verb = parts.Next(points); verb != SKPathVerb.Done; verb = parts.Next(points))
            switch (verb)
            {
                case SKPathVerb.Move:
                    text.MoveTo(Place(points[0]));
                    break;
                case SKPathVerb.Line:
                    text.LineTo(Place(points[1]));
                    break;
                case SKPathVerb.Quad: // TrueType has no other curves
                    text.QuadTo(Place(points[1]), Place(points[2]));
                    break;
                case SKPathVerb.Close:
                    text.Close();
                    break;
            }
    }

    // Pixels above the baseline for a height in the font's units: linear up to the small letters' height, and from there to the capitals'.
    private double Up(double y) => y switch
    {
        < -Overshoot => y * scale,
        < 0 => 0,
        <= XHeight => y / XHeight * fittedX,
        <= XHeight + Overshoot => fittedX,
        <= CapHeight => fittedX + (y - XHeight) / (CapHeight - XHeight) * (fittedCap - fittedX),
        <= CapHeight + Overshoot => fittedCap,
        _ => fittedCap + (y - CapHeight) * scale,
    };
}
