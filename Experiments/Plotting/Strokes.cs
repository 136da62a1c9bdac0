namespace NativeNN.Experiments.Plotting;

public enum LineStyle { Solid, Dashed, Dotted, DashDot, None }

public enum Marker { None, Circle, Square, Triangle, Diamond, Cross, Plus }

/// <summary>Pens for the line styles, and the markers.</summary>
internal static class Strokes
{
    /// <summary>matplotlib's dash patterns, in line widths.</summary>
    public static Pen Pen(Color color, double width, LineStyle style)
    {
        double[]? pattern = style switch
        {
            LineStyle.Dashed => [3.7, 1.6],
            LineStyle.Dotted => [1, 1.65],
            LineStyle.DashDot => [6.4, 1.6, 1, 1.6],
            _ => null,
        };
        return new Pen(color, width, pattern is null ? null : [.. pattern.Select(p => p * width)],
            Cap: pattern is null ? LineCap.Square : LineCap.Butt);
    }

    public static void Draw(Canvas canvas, Marker marker, Point p, double radius, Color color, double lineWidth)
    {
        Point At(double x, double y) => new(p.X + x * radius, p.Y + y * radius);
        switch (marker)
        {
            case Marker.Circle:
                canvas.Fill(Outline.Circle(p, radius), color);
                break;
            case Marker.Square:
                canvas.Fill(Outline.Polyline([At(-1, -1), At(1, -1), At(1, 1), At(-1, 1)], closed: true), color);
                break;
            case Marker.Triangle:
                canvas.Fill(Outline.Polyline([At(0, -1), At(1, 1), At(-1, 1)], closed: true), color);
                break;
            case Marker.Diamond:
                canvas.Fill(Outline.Polyline([At(0, -1.3), At(1.3, 0), At(0, 1.3), At(-1.3, 0)], closed: true), color);
                break;
            case Marker.Cross:
                canvas.Stroke(Outline.Polyline([At(-1, -1), At(1, 1)]).MoveTo(At(-1, 1)).LineTo(At(1, -1)), new Pen(color, lineWidth));
                break;
            case Marker.Plus:
                canvas.Stroke(Outline.Polyline([At(-1, 0), At(1, 0)]).MoveTo(At(0, -1)).LineTo(At(0, 1)), new Pen(color, lineWidth));
                break;
        }
    }
}
