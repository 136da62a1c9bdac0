namespace NativeNN.Experiments.Plotting;

public sealed partial class Axes
{
    private const double SpineWidth = 0.8;

    private static readonly Color GridColor = "#b0b0b0";

    /// <summary>The axes' plots: itself and its twin.</summary>
    private IEnumerable<Axes> Layers => _twin is null ? [this] : [this, _twin];

    internal bool Hidden => _hidden;

    /// <summary>Sets the views from the data of all layers.</summary>
    internal void Autoscale()
    {
        _x.Reset();
        foreach (Axes layer in Layers)
        {
            layer._y.Reset();
            foreach (Mark mark in layer._marks)
                mark.Extend(_x, layer._y);
            layer._y.Autoscale();
        }
        _x.Autoscale();
    }

    /// <summary>Places ticks, labels, title, colour bar and an outside legend around a frame inside a cell of the figure.</summary>
    internal Arrangement Arrange(Rect frame, Rect cell, double pixelsPerPoint)
    {
        var plane = new Plane(frame, _x, _y, pixelsPerPoint);
        var arrangement = new Arrangement(plane);
        if (_hidden)
            return arrangement;
        arrangement.AddXAxis(_x, cell);
        arrangement.AddYAxis(_y, cell, right: false);
        if (_twin is not null)
            arrangement.AddYAxis(_twin._y, cell, right: true);
        if (_colorBar is not null)
            arrangement.AddColorBar(_colorBar, cell);
        if (_legend is { Location: LegendLocation.OutsideRight } && LegendEntries().Count > 0)
            arrangement.AddOutsideLegend(_legend.Fit(LegendEntries(), plane, _legend.Size).Measure());
        arrangement.AddTitle(Title, cell);
        return arrangement;
    }

    /// <summary>The size of letters at which the legend fits there, in points; null without a legend.</summary>
    internal double? LegendSize(Arrangement arrangement)
        => _legend is not null && !_hidden && LegendEntries() is { Count: > 0 } entries
            ? _legend.Fit(entries, arrangement.Plane, _legend.Size).Size : null;

    internal void Draw(Canvas canvas, Arrangement arrangement, double legendSize)
    {
        if (_hidden)
            return;
        Plane plane = arrangement.Plane;
        Rect frame = plane.Frame;
        Pen spine = new(Color.Black, Math.Max(1, Math.Round(plane.Pt(SpineWidth))), Join: LineJoin.Miter, Cap: LineCap.Square);

        canvas.PushClip(frame.Inflate(0.5));
        if (Grid)
            DrawGrid(canvas, arrangement, spine with { Color = GridColor, Cap = LineCap.Butt });
        foreach (Axes layer in Layers)
            foreach (Mark mark in layer._marks)
                mark.Draw(canvas, plane with { Y = layer._y });
        canvas.PopClip();

        if (arrangement.Bar is Rect bar && _colorBar is not null)
        {
            _colorBar.Draw(canvas, bar);
            canvas.Stroke(bar, spine);
            DrawTicks(canvas, arrangement.BarTicks, _colorBar.Axis, plane, Side.Right, bar.Right, spine);
        }
        canvas.Stroke(frame, spine);
        DrawTicks(canvas, arrangement.XTicks, _x, plane, Side.Bottom, frame.Bottom, spine);
        DrawTicks(canvas, arrangement.YTicks, _y, plane, Side.Left, frame.Left, spine);
        if (_twin is not null)
            DrawTicks(canvas, arrangement.TwinTicks, _twin._y, plane, Side.Right, frame.Right, spine);
        foreach (PlacedText text in arrangement.Texts)
            canvas.Text(text.Text, text.X, text.Y, text.Style);

        DrawLegendAndNote(canvas, arrangement, legendSize);
    }

    // Both go where they hide least; the legend keeps clear of the note.
    private void DrawLegendAndNote(Canvas canvas, Arrangement arrangement, double legendSize)
    {
        Plane plane = arrangement.Plane;
        List<Mark> entries = _legend is null ? [] : LegendEntries();
        string skipped = SkippedValues();
        if (entries.Count == 0 && skipped.Length == 0)
            return;
        List<Point> occupied = [.. Layers.SelectMany(layer => layer._marks.SelectMany(mark => mark.Occupied(plane with { Y = layer._y })))];
        Rect? noteBox = null;
        if (skipped.Length > 0)
        {
            PlacedText note = PlaceNote(skipped, plane, occupied);
            noteBox = note.Box.Inflate(plane.Pt(1));
            canvas.Fill(noteBox.Value, Color.White.WithAlpha(0.9));
            canvas.Text(note.Text, note.X, note.Y, note.Style);
        }
        if (entries.Count > 0 && _legend is not null)
        {
            LegendBox box = _legend.Fit(entries, plane, legendSize);
            (double width, double height) = box.Measure();
            Rect place = arrangement.Legend is Rect outside
                ? new Rect(outside.Left, outside.Top, outside.Left + width, outside.Top + height)
                : _legend.Place(box, plane, occupied, noteBox);
            box.Draw(canvas, place);
        }
    }

    private enum Side { Left, Right, Bottom }

    private static void DrawTicks(Canvas canvas, Ticks ticks, Axis axis, Plane plane, Side side, double edge, Pen pen)
    {
        Rect frame = plane.Frame;
        foreach ((double[] positions, double points) in ((double[], double)[])[(ticks.Major, Arrangement.TickLength), (ticks.Minor, 2)])
            foreach (double value in positions)
            {
                double fraction = axis.Fraction(value), length = Math.Round(plane.Pt(points));
                double x = Snap(frame.Left + fraction * frame.Width), y = Snap(frame.Bottom - fraction * frame.Height);
                if (side == Side.Bottom)
                    canvas.Line(x, edge, x, edge + length, pen);
                else
                    canvas.Line(edge, y, edge + (side == Side.Right ? length : -length), y, pen);
            }
    }

    private void DrawGrid(Canvas canvas, Arrangement arrangement, Pen pen)
    {
        Rect frame = arrangement.Plane.Frame;
        foreach (double value in arrangement.XTicks.Major)
        {
            double x = Snap(frame.Left + _x.Fraction(value) * frame.Width);
            canvas.Line(x, frame.Top, x, frame.Bottom, pen);
        }
        foreach (double value in arrangement.YTicks.Major)
        {
            double y = Snap(frame.Bottom - _y.Fraction(value) * frame.Height);
            canvas.Line(frame.Left, y, frame.Right, y, pen);
        }
    }

    private List<Mark> LegendEntries() => [.. Layers.SelectMany(layer => layer._marks).Where(mark => !string.IsNullOrEmpty(mark.Label))];

    /// <summary>Says how many values could not be drawn; empty if all were.</summary>
    private string SkippedValues()
    {
        int gaps = 0, grey = 0, belowLog = 0;
        foreach (Axes layer in Layers)
            foreach (Mark mark in layer._marks)
                foreach ((double x, double y) in mark.Data)
                    if (!double.IsFinite(x) || !double.IsFinite(y))
                        (gaps, grey) = mark is ImageMark ? (gaps, grey + 1) : (gaps + 1, grey);
                    else if (!_x.CanShow(x) || !layer._y.CanShow(y))
                        belowLog++;
        string Count(int n, string what, string fate) => n == 0 ? "" : $"{n} {what} value{(n == 1 ? "" : "s")} {fate}";
        string[] parts =
        [
            Count(gaps, "non-finite", "not drawn"),
            Count(grey, "non-finite", "in grey"),
            Count(belowLog, "non-positive", "not drawn"),
        ];
        return string.Join("\n", parts.Where(part => part.Length > 0));
    }

    // In the corner where it hides least; the lower left if all are free.
    private static PlacedText PlaceNote(string note, Plane plane, List<Point> occupied)
    {
        Rect inside = plane.Frame.Inflate(-plane.Pt(4));
        (string text, double size) = TextBlock.Fit(note, plane.Pt(8), inside.Width);
        PlacedText At(double x, double y, HorizontalAnchor horizontal, VerticalAnchor vertical)
            => new(text, x, y, new TextStyle(size, "#555555", horizontal, vertical));
        PlacedText[] corners =
        [
            At(inside.Left, inside.Bottom, HorizontalAnchor.Left, VerticalAnchor.Bottom),
            At(inside.Right, inside.Bottom, HorizontalAnchor.Right, VerticalAnchor.Bottom),
            At(inside.Left, inside.Top, HorizontalAnchor.Left, VerticalAnchor.Top),
            At(inside.Right, inside.Top, HorizontalAnchor.Right, VerticalAnchor.Top),
        ];
        return corners.MinBy(corner => occupied.Count(corner.Box.Inflate(4).Contains));
    }

    // The middle of a pixel: a line one pixel wide then fills exactly one row or column.
    private static double Snap(double pixel) => Math.Floor(pixel) + 0.5;
}
