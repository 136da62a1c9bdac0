namespace NativeNN.Experiments.Plotting;

public enum LineJoin { Round, Miter }

public enum LineCap { Butt, Square }

/// <summary>How a line is stroked; width and the dash pattern (on, off, on, …) are in pixels.</summary>
public readonly record struct Pen(
    Color Color, double Width, double[]? Dash = null, LineJoin Join = LineJoin.Round, LineCap Cap = LineCap.Butt);

/// <summary>The few primitives a figure is drawn with, in pixels, <paramref name="dpi"/> to the inch. The origin is the top left corner;
/// starts white.</summary>
public abstract class Canvas(int width, int height, double dpi) : IDisposable
{
    public int Width => width;
    public int Height => height;

    /// <summary>Typographic points (1/72 inch) to pixels.</summary>
    public double PixelsPerPoint => dpi / 72;

    protected double Dpi => dpi;

    /// <summary>Fills a rectangle, its corners rounded with <paramref name="radius"/>.</summary>
    public abstract void Fill(Rect box, Color color, double radius = 0);

    /// <summary>Strokes a rectangle's border, its corners rounded with <paramref name="radius"/>.</summary>
    public abstract void Stroke(Rect box, Pen pen, double radius = 0);

    /// <summary>Strokes the open line through the points.</summary>
    public abstract void Stroke(IReadOnlyList<Point> line, Pen pen);

    /// <summary>One marker at each of the points.</summary>
    public abstract void Markers(MarkerShape shape, IEnumerable<Point> centers, Color color);

    /// <summary>Limits what follows to <paramref name="clip"/> and to the clips already there, until <see cref="PopClip"/>.</summary>
    public abstract void PushClip(Rect clip);

    public abstract void PopClip();

    /// <summary>Stretches a picture over <paramref name="target"/>; each of its pixels becomes a sharp rectangle.</summary>
    public abstract void Image(Rect target, Pixmap image);

    /// <summary>One line of text that starts at (x, y) on its baseline, running right or, if <paramref name="upward"/>, up.</summary>
    protected abstract void TextLine(string line, Point start, double size, bool upward, Color color);

    /// <summary>Writes the finished picture, once; nothing can be drawn afterwards.</summary>
    public abstract void Save(Stream stream);

    /// <summary>Text of one or more lines (<c>\n</c>) anchored at (x, y).</summary>
    public void Text(string text, double x, double y, TextStyle style)
    {
        foreach ((string line, Point start) in TextBlock.Lines(text, x, y, style))
            if (line.Length > 0)
                TextLine(line, start, style.Size, style.Upward, style.Color);
    }

    public void Line(double x0, double y0, double x1, double y1, Pen pen) => Stroke([new(x0, y0), new(x1, y1)], pen);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
