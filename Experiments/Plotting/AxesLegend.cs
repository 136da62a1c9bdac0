namespace NativeNN.Experiments.Plotting;

// The legend, and the note about values that are not drawn.
public sealed partial class Axes
{
    /// <summary>The size of letters at which the legend fits there, in points; null without a legend.</summary>
    internal double? LegendSize(Arrangement arrangement)
        => legend is not null && !hidden && LegendEntries() is { Count: > 0 } entries
            ? legend.Fit(entries, arrangement.Plane, legend.Size).Size : null;

    /// <summary>Makes the legend some room above the data if it would hide some of them in every place; true if so. A limit set by
    /// hand stays.</summary>
    internal bool MakeHeadroom(Arrangement arrangement)
    {
        Plane plane = arrangement.Plane;
        if (hidden || legend is not { Location: LegendLocation.Best } || LegendEntries() is not { Count: > 0 } entries
            || Layers.Any(layer => layer.yAxis.Limits is (_, not double.NaN)))
            return false;
        LegendBox box = legend.Fit(entries, plane, arrangement.LegendSize);
        List<Point> occupied = Occupied(plane);
        Rect place = legend.Place(box, plane, occupied, note: null);
        if (!occupied.Exists(place.Contains))
            return false;
        foreach (Axes layer in Layers)
            layer.yAxis.Headroom = Math.Min(0.5, (place.Height + plane.Pt(box.Size)) / plane.Frame.Height);
        return true;
    }

    // Both go where they hide least; the legend keeps clear of the note.
    private void DrawLegendAndNote(Canvas canvas, Arrangement arrangement)
    {
        Plane plane = arrangement.Plane;
        List<Mark> entries = legend is null ? [] : LegendEntries();
        string skipped = SkippedValues();
        if (entries.Count == 0 && skipped.Length == 0)
            return;
        List<Point> occupied = Occupied(plane);
        Rect? noteBox = null;
        if (skipped.Length > 0)
        {
            PlacedText note = PlaceNote(skipped, plane, occupied);
            noteBox = note.Box.Inflate(plane.Pt(1));
            canvas.Fill(noteBox.Value, Color.White.WithAlpha(0.9));
            canvas.Text(note.Text, note.X, note.Y, note.Style);
        }
        if (entries.Count > 0 && legend is not null)
        {
            LegendBox box = legend.Fit(entries, plane, arrangement.LegendSize);
            (double width, double height) = box.Measure();
            Rect place = arrangement.Legend is Rect outside
                ? new Rect(outside.Left, outside.Top, outside.Left + width, outside.Top + height)
                : legend.Place(box, plane, occupied, noteBox);
            box.Draw(canvas, place);
        }
    }

    private List<Mark> LegendEntries() => [.. Layers.SelectMany(layer => layer.marks).Where(mark => !string.IsNullOrEmpty(mark.Label))];

    /// <summary>Says how many values could not be drawn; empty if all were.</summary>
    private string SkippedValues()
    {
        int gaps = 0, grey = 0, belowLog = 0;
        foreach (Axes layer in Layers)
            foreach (Mark mark in layer.marks)
                foreach ((double x, double y) in mark.Data)
                    if (!double.IsFinite(x) || !double.IsFinite(y))
                        (gaps, grey) = mark is ImageMark ? (gaps, grey + 1) : (gaps + 1, grey);
                    else if (!xAxis.CanShow(x) || !layer.yAxis.CanShow(y))
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

    // Pixels that a legend had better not hide.
    private List<Point> Occupied(Plane plane)
        => [.. Layers.SelectMany(layer => layer.marks.SelectMany(mark => mark.Occupied(plane with { Y = layer.yAxis })))];
}
