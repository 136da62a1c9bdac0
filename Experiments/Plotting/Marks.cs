namespace NativeNN.Experiments.Plotting;

/// <summary>Something drawn from data inside the axes.</summary>
internal abstract class Mark
{
    public string? Label { get; init; }
    public Color Color { get; init; }

    /// <summary>The numbers it was given, for counting those that cannot be drawn.</summary>
    public abstract IEnumerable<(double X, double Y)> Data { get; }

    /// <summary>Widens the axes' view to its data.</summary>
    public virtual void Extend(Axis x, Axis y)
    {
        foreach ((double dataX, double dataY) in Data)
            if (x.CanShow(dataX) && y.CanShow(dataY))
            {
                x.Include(dataX);
                y.Include(dataY);
            }
    }

    public abstract void Draw(Canvas canvas, Plane plane);

    /// <summary>Its sample in the legend.</summary>
    public abstract void DrawKey(Canvas canvas, Rect key, Plane plane);

    /// <summary>Pixels that a legend had better not hide.</summary>
    public virtual IEnumerable<Point> Occupied(Plane plane)
        => Data.Where(d => plane.CanShow(d.X, d.Y)).Select(d => plane.At(d.X, d.Y));

    protected static IEnumerable<Point> Along(IEnumerable<List<Point>> pieces)
    {
        foreach (List<Point> piece in pieces)
            for (int i = 1; i < piece.Count; i++)
            {
                int steps = Math.Max(1, (int)((piece[i] - piece[i - 1]).Length / 5));
                for (int s = 0; s < steps; s++)
                    yield return Point.Lerp(piece[i - 1], piece[i], (double)s / steps);
            }
    }
}

/// <summary>A line through points, with or without markers; without a line it is a scatter.</summary>
internal sealed class LineMark(Values x, Values y) : Mark
{
    public double Width { get; init; } = 1.5;
    public LineStyle Line { get; init; }
    public Marker Marker { get; init; }
    public double MarkerSize { get; init; } = 6;

    public override IEnumerable<(double X, double Y)> Data => x.Zip(y);

    public override void Draw(Canvas canvas, Plane plane)
    {
        if (Line != LineStyle.None)
            foreach (List<Point> piece in plane.Pieces(x, y))
                canvas.Stroke(piece, Strokes.Pen(Color, plane.Pt(Width), Line));
        // A line without markers still shows a point that has no neighbour to be joined to.
        bool loneOnly = Marker == Marker.None && Line != LineStyle.None;
        (Marker marker, double size) = loneOnly ? (Marker.Circle, 2 * Width) : (Marker, MarkerSize + 1);
        double radius = plane.Pt(size) / 2;
        Rect near = plane.Frame.Inflate(radius);
        bool CanShow(int i) => i >= 0 && i < x.Count && plane.CanShow(x[i], y[i]);
        Point[] centers = [.. Enumerable.Range(0, x.Count)
            .Where(i => CanShow(i) && !(loneOnly && (CanShow(i - 1) || CanShow(i + 1))))
            .Select(i => plane.At(x[i], y[i])).Where(near.Contains)];
        if (marker != Marker.None && centers.Length > 0)
            canvas.Markers(new MarkerShape(marker, radius, plane.Pt(1.5)), centers, Color);
    }

    public override void DrawKey(Canvas canvas, Rect key, Plane plane)
    {
        Point middle = key.Center;
        if (Line != LineStyle.None)
            canvas.Line(key.Left, middle.Y, key.Right, middle.Y, Strokes.Pen(Color, plane.Pt(Width), Line));
        // Tiny scatter points are shown no smaller than can be recognised.
        if (Marker != Marker.None)
            canvas.Markers(new MarkerShape(Marker, plane.Pt(Math.Max(MarkerSize, 3) + 1) / 2, plane.Pt(1.5)), [middle], Color);
    }

    public override IEnumerable<Point> Occupied(Plane plane)
        => Line == LineStyle.None ? base.Occupied(plane) : Along(plane.Pieces(x, y));
}

/// <summary>Upright bars from edge to edge on the value 0.</summary>
internal sealed class BarsMark(Values left, Values right, Values heights) : Mark
{
    /// <summary>Only the outline of the whole, without the sides of single bars.</summary>
    public double? StairsWidth { get; init; }

    public override IEnumerable<(double X, double Y)> Data => left.Zip(heights).Where(d => d.Second != 0);

    public override void Extend(Axis x, Axis y)
    {
        for (int i = 0; i < heights.Count; i++)
            if (double.IsFinite(heights[i]))
            {
                x.Include(left[i]);
                x.Include(right[i]);
                y.Include(heights[i]);
            }
        y.Include(0);
        y.Sticky.Add(0);
    }

    public override void Draw(Canvas canvas, Plane plane)
    {
        if (StairsWidth is double width)
        {
            DrawStairs(canvas, plane, width);
            return;
        }
        // Edges on whole pixels: bars that touch show no seam, and those of one width keep it.
        foreach (Rect bar in Bars(plane))
        {
            (double x0, double x1) = (Math.Round(bar.Left), Math.Round(bar.Right));
            canvas.Fill(new Rect(x0, Math.Round(bar.Top), Math.Max(x1, x0 + 1), Math.Round(bar.Bottom)), Color);
        }
    }

    public override void DrawKey(Canvas canvas, Rect key, Plane plane)
    {
        if (StairsWidth is double width)
            canvas.Line(key.Left, key.Center.Y, key.Right, key.Center.Y, Strokes.Pen(Color, plane.Pt(width), LineStyle.Solid));
        else
            canvas.Fill(key, Color);
    }

    public override IEnumerable<Point> Occupied(Plane plane)
    {
        foreach (Rect bar in Bars(plane))
            for (double y = bar.Top; y < bar.Bottom; y += 8)
                for (double x = bar.Left; x <= bar.Right; x += 8)
                    yield return new Point(x, y);
    }

    private double Foot(Plane plane) => plane.Y.Scale == AxisScale.Log ? plane.Frame.Bottom : plane.AtY(0);

    private IEnumerable<Rect> Bars(Plane plane)
    {
        Rect near = plane.Frame.Inflate(100);
        double foot = Foot(plane);
        for (int i = 0; i < heights.Count; i++)
            if (plane.CanShow(left[i], heights[i]) && plane.X.CanShow(right[i]) && heights[i] != 0)
            {
                (double x0, double x1, double y) = (plane.AtX(left[i]), plane.AtX(right[i]), plane.AtY(heights[i]));
                yield return new Rect(Math.Min(x0, x1), Math.Min(y, foot), Math.Max(x0, x1), Math.Max(y, foot)).Intersect(near);
            }
    }

    private void DrawStairs(Canvas canvas, Plane plane, double width)
    {
        var points = new List<Point>();
        double foot = Foot(plane);
        Rect near = plane.Frame.Inflate(100);
        double Top(int i) => plane.Y.CanShow(heights[i]) ? Math.Clamp(plane.AtY(heights[i]), near.Top, near.Bottom) : foot;
        for (int i = 0; i < heights.Count; i++)
        {
            if (i == 0 || left[i] != right[i - 1])
                points.Add(new(plane.AtX(left[i]), foot));
            points.Add(new(plane.AtX(left[i]), Top(i)));
            points.Add(new(plane.AtX(right[i]), Top(i)));
            if (i + 1 == heights.Count || left[i + 1] != right[i])
                points.Add(new(plane.AtX(right[i]), foot));
        }
        canvas.Stroke(points, new Pen(Color, plane.Pt(width), Join: LineJoin.Miter));
    }
}

/// <summary>A matrix as coloured cells; row 0 is at the bottom.</summary>
internal sealed class ImageMark(Pixmap picture, int nonFinite, (double X0, double X1, double Y0, double Y1) extent) : Mark
{
    // Cells that are not finite are grey; they are counted at the image's corner.
    public override IEnumerable<(double X, double Y)> Data => Enumerable.Repeat((extent.X0, double.NaN), nonFinite);

    public override void Extend(Axis x, Axis y)
    {
        foreach ((Axis axis, double edge) in ((Axis, double)[])[(x, extent.X0), (x, extent.X1), (y, extent.Y0), (y, extent.Y1)])
        {
            axis.Include(edge);
            axis.Sticky.Add(edge);
        }
    }

    public override void Draw(Canvas canvas, Plane plane)
    {
        if (plane.CanShow(extent.X0, extent.Y0) && plane.CanShow(extent.X1, extent.Y1) && picture.Rgba.Length > 0)
            canvas.Image(new(plane.AtX(extent.X0), plane.AtY(extent.Y1), plane.AtX(extent.X1), plane.AtY(extent.Y0)), picture);
    }

    public override void DrawKey(Canvas canvas, Rect key, Plane plane) => canvas.Fill(key, Color);
}

/// <summary>A straight line across the whole plot at one value.</summary>
internal sealed class RuleMark(double value, bool horizontal, LineStyle line, double width) : Mark
{
    public override IEnumerable<(double X, double Y)> Data => double.IsFinite(value) ? [] : [(value, value)];

    public override void Extend(Axis x, Axis y) => (horizontal ? y : x).Include(value);

    public override void Draw(Canvas canvas, Plane plane)
    {
        Pen pen = Strokes.Pen(Color, plane.Pt(width), line);
        if (horizontal && plane.Y.CanShow(value))
            canvas.Line(plane.Frame.Left, plane.AtY(value), plane.Frame.Right, plane.AtY(value), pen);
        else if (!horizontal && plane.X.CanShow(value))
            canvas.Line(plane.AtX(value), plane.Frame.Bottom, plane.AtX(value), plane.Frame.Top, pen);
    }

    public override void DrawKey(Canvas canvas, Rect key, Plane plane)
        => canvas.Line(key.Left, key.Center.Y, key.Right, key.Center.Y, Strokes.Pen(Color, plane.Pt(width), line));

    public override IEnumerable<Point> Occupied(Plane plane)
    {
        if (!(horizontal ? plane.Y : plane.X).CanShow(value))
            return [];
        Rect f = plane.Frame;
        return Along(horizontal
            ? [[new(f.Left, plane.AtY(value)), new(f.Right, plane.AtY(value))]]
            : [[new(plane.AtX(value), f.Top), new(plane.AtX(value), f.Bottom)]]);
    }
}

/// <summary>Words at a point of the data, moved aside by an offset in points with a thin line back to it, kept inside the frame.</summary>
internal sealed class NoteMark(string text, double x, double y, double size, HorizontalAnchor anchor, Point? offset) : Mark
{
    public override IEnumerable<(double X, double Y)> Data => [];

    public override void Extend(Axis xAxis, Axis yAxis)
    {
        if (!xAxis.CanShow(x) || !yAxis.CanShow(y))
            return;
        xAxis.Include(x);
        yAxis.Include(y);
    }

    public override void Draw(Canvas canvas, Plane plane)
    {
        if (!plane.CanShow(x, y) || !plane.Frame.Inflate(1).Contains(plane.At(x, y)))
            return;
        (Point at, TextStyle style) = Place(plane);
        Rect box = TextBlock.Box(text, at.X, at.Y, style);
        if (offset is not null)
        {
            Point target = plane.At(x, y), from = new(Math.Clamp(target.X, box.Left, box.Right), Math.Clamp(target.Y, box.Top, box.Bottom));
            canvas.Line(from.X, from.Y, target.X, target.Y, new Pen(Color.WithAlpha(0.6), plane.Pt(0.8)));
        }
        canvas.Fill(box.Inflate(1), Color.White.WithAlpha(0.7)); // lines behind stay visible, words readable
        canvas.Text(text, at.X, at.Y, style);
    }

    public override void DrawKey(Canvas canvas, Rect key, Plane plane) { }

    public override IEnumerable<Point> Occupied(Plane plane)
    {
        if (!plane.CanShow(x, y))
            yield break;
        (Point at, TextStyle style) = Place(plane);
        Rect box = TextBlock.Box(text, at.X, at.Y, style);
        for (double px = box.Left; px <= box.Right; px += 5)
            for (double py = box.Top; py <= box.Bottom; py += 5)
                yield return new Point(px, py);
    }

    private (Point At, TextStyle Style) Place(Plane plane)
    {
        var style = new TextStyle(plane.Pt(size), Color, anchor, offset is null ? VerticalAnchor.Baseline : VerticalAnchor.Center);
        Point at = plane.At(x, y) + (offset is Point o ? new Point(plane.Pt(o.X), -plane.Pt(o.Y)) : default);
        Rect box = TextBlock.Box(text, at.X, at.Y, style), inside = plane.Frame.Inflate(-3);
        double dx = Math.Max(inside.Left - box.Left, 0) + Math.Min(inside.Right - box.Right, 0);
        double dy = Math.Max(inside.Top - box.Top, 0) + Math.Min(inside.Bottom - box.Bottom, 0);
        return (at + new Point(dx, dy), style);
    }
}
