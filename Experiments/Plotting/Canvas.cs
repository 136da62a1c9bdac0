namespace NativeNN.Experiments.Plotting;

public enum LineJoin { Round, Miter }

public enum LineCap { Butt, Square }

/// <summary>How a path is stroked; width and the dash pattern (on, off, on, …) are in pixels.</summary>
public readonly record struct Pen(
    Color Color, double Width, double[]? Dash = null, LineJoin Join = LineJoin.Round, LineCap Cap = LineCap.Butt);

/// <summary>A small opaque RGB picture; row 0 is the top.</summary>
public sealed class Pixmap(int width, int height)
{
    public int Width => width;
    public int Height => height;

    /// <summary>Row-major, three bytes per pixel.</summary>
    public byte[] Rgb { get; } = new byte[3 * width * height];

    public Color this[int x, int y]
    {
        get => new(Rgb[3 * (y * width + x)], Rgb[3 * (y * width + x) + 1], Rgb[3 * (y * width + x) + 2]);
        set => (Rgb[3 * (y * width + x)], Rgb[3 * (y * width + x) + 1], Rgb[3 * (y * width + x) + 2]) = (value.R, value.G, value.B);
    }
}

/// <summary>The few primitives a figure is drawn with. Pixels; the origin is the top left corner; starts white.</summary>
public abstract class Canvas(int width, int height)
{
    public int Width => width;
    public int Height => height;

    /// <summary>Fills by the non-zero winding rule.</summary>
    public abstract void Fill(Outline outline, Color color);

    public abstract void Stroke(Outline outline, Pen pen);

    /// <summary>Limits what follows to <paramref name="clip"/> and to the clips already there, until <see cref="PopClip"/>.</summary>
    public abstract void PushClip(Rect clip);

    public abstract void PopClip();

    /// <summary>Stretches a picture over <paramref name="target"/>; each of its pixels becomes a sharp rectangle.</summary>
    public abstract void Image(Rect target, Pixmap image);

    /// <summary>One line of text that starts at (x, y) on its baseline, running right or, if <paramref name="upward"/>, up.</summary>
    protected abstract void TextLine(string line, Point start, double size, bool upward, Color color);

    /// <summary>Writes the finished picture.</summary>
    public abstract void Save(Stream stream);

    /// <summary>Text of one or more lines (<c>\n</c>) anchored at (x, y).</summary>
    public void Text(string text, double x, double y, TextStyle style)
    {
        foreach ((string line, Point start) in TextBlock.Lines(text, x, y, style))
            if (line.Length > 0)
                TextLine(line, start, style.Size, style.Upward, style.Color);
    }

    public void Line(double x0, double y0, double x1, double y1, Pen pen) => Stroke(Outline.Polyline([new(x0, y0), new(x1, y1)]), pen);
}
