using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>Draws with Skia. What it draws on, how text is drawn and how the file is written is the derived canvas's matter.</summary>
public abstract class SkiaCanvas(int width, int height, double dpi) : Canvas(width, height, dpi)
{
    /// <summary>Skia's canvas, in our pixels.</summary>
    protected abstract SKCanvas Target { get; }

    public override void Fill(Rect box, Color color, double radius = 0) => Draw(box, FillPaint(color), radius);

    public override void Stroke(Rect box, Pen pen, double radius = 0) => Draw(box, StrokePaint(pen), radius);

    public override void Stroke(IReadOnlyList<Point> line, Pen pen)
    {
        using var builder = new SKPathBuilder();
        AddContour(builder, line);
        using SKPath path = builder.Detach();
        using SKPaint paint = StrokePaint(pen);
        Target.DrawPath(path, paint);
    }

    public override void Markers(MarkerShape shape, IEnumerable<Point> centers, Color color)
    {
        using var builder = new SKPathBuilder();
        if (shape.Marker == Marker.Circle)
            builder.AddCircle(0, 0, (float)shape.Radius);
        foreach (Point[] contour in shape.Contours())
        {
            AddContour(builder, contour);
            if (shape.IsFilled)
                builder.Close();
        }
        using SKPath path = builder.Detach();
        using SKPaint paint = shape.IsFilled ? FillPaint(color) : StrokePaint(new Pen(color, shape.LineWidth));
        foreach (Point center in centers)
        {
            Target.Save();
            Target.Translate((float)center.X, (float)center.Y);
            Target.DrawPath(path, paint);
            Target.Restore();
        }
    }

    public override void PushClip(Rect clip)
    {
        Target.Save();
        Target.ClipRect(ToSkia(clip), antialias: false);
    }

    public override void PopClip() => Target.Restore();

    protected static SKPaint FillPaint(Color color)
        => new() { Style = SKPaintStyle.Fill, Color = new SKColor(color.R, color.G, color.B, color.A), IsAntialias = true };

    protected static SKRect ToSkia(Rect r) => new((float)r.Left, (float)r.Top, (float)r.Right, (float)r.Bottom);

    protected static SKImage ToSkia(Pixmap image)
        => SKImage.FromPixelCopy(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), image.Rgba);

    private static SKPaint StrokePaint(Pen pen)
    {
        SKPaint paint = FillPaint(pen.Color);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = (float)pen.Width;
        paint.StrokeJoin = pen.Join == LineJoin.Round ? SKStrokeJoin.Round : SKStrokeJoin.Miter;
        paint.StrokeCap = pen.Cap == LineCap.Square ? SKStrokeCap.Square : SKStrokeCap.Butt;
        if (pen.Dash is not null)
            paint.PathEffect = SKPathEffect.CreateDash([.. pen.Dash.Select(length => (float)length)], phase: 0);
        return paint;
    }

    // Not as a path: of a rectangle's path Skia smears one side over two pixels.
    private void Draw(Rect box, SKPaint paint, double radius)
    {
        using (paint)
            Target.DrawRoundRect(ToSkia(box), (float)radius, (float)radius, paint);
    }

    private static void AddContour(SKPathBuilder builder, IReadOnlyList<Point> points)
    {
        for (int i = 0; i < points.Count; i++)
        {
            (float x, float y) = ((float)points[i].X, (float)points[i].Y);
            if (i == 0)
                builder.MoveTo(x, y);
            else
                builder.LineTo(x, y);
        }
    }
}
