namespace NativeNN.Experiments.Plotting;

public enum LineStyle { Solid, Dashed, Dotted, DashDot, None }

public enum Marker { None, Circle, Square, Triangle, Diamond, Cross, Plus }

/// <summary>A marker of a size in pixels; only crosses and pluses are stroked, with <paramref name="LineWidth"/>.</summary>
public readonly record struct MarkerShape(Marker Marker, double Radius, double LineWidth)
{
    /// <summary>Whether it is an area; else it is lines.</summary>
    public bool IsFilled => Marker is not (Marker.Cross or Marker.Plus);

    /// <summary>Its contours round (0, 0), y down: a filled one's corners, or each line's ends. A circle has none.</summary>
    public Point[][] Contours()
    {
        Point[][] unit = Marker switch
        {
            Marker.Square => [[new(-1, -1), new(1, -1), new(1, 1), new(-1, 1)]],
            Marker.Triangle => [[new(0, -1), new(1, 1), new(-1, 1)]],
            Marker.Diamond => [[new(0, -1.3), new(1.3, 0), new(0, 1.3), new(-1.3, 0)]],
            Marker.Cross => [[new(-1, -1), new(1, 1)], [new(-1, 1), new(1, -1)]],
            Marker.Plus => [[new(-1, 0), new(1, 0)], [new(0, -1), new(0, 1)]],
            _ => [],
        };
        double radius = Radius;
        return [.. unit.Select(contour => contour.Select(corner => corner * radius).ToArray())];
    }
}

/// <summary>Pens for the line styles.</summary>
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
}
