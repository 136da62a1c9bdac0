namespace NativeNN.Experiments.Plotting;

public enum LegendLocation
{
    Best, UpperRight, UpperLeft, LowerLeft, LowerRight, CenterLeft, CenterRight, LowerCenter, UpperCenter, Center, OutsideRight,
}

/// <summary>How a legend was asked for, and where it goes.</summary>
internal sealed record Legend(LegendLocation Location, int Columns, double Size, string Title)
{
    /// <summary>A box that fits into the frame: if need be with smaller letters, more columns, at last only the first entries.</summary>
    public LegendBox Fit(List<Mark> entries, Plane plane, double largest)
    {
        double height = plane.Frame.Height - plane.Pt(4), width = plane.Frame.Width - plane.Pt(4);
        foreach (int columns in (ReadOnlySpan<int>)[Columns, Columns + 1, Columns + 2])
            for (double size = largest; size >= 6; size--)
            {
                var box = new LegendBox(entries, plane, columns, size, Title);
                (double w, double h) = box.Measure();
                if (h <= height && (w <= width || Location == LegendLocation.OutsideRight))
                    return box;
            }
        for (int shown = entries.Count - 1; shown > 1; shown--)
        {
            string title = $"{Title} (first {shown} of {entries.Count})".TrimStart();
            var box = new LegendBox(entries[..shown], plane, Columns, size: 6, title);
            if (box.Measure().Height <= height)
                return box;
        }
        return new LegendBox(entries[..1], plane, columns: 1, size: 6, Title);
    }

    /// <summary>The corner or side asked for, or the place that hides least.</summary>
    public Rect Place(LegendBox box, Plane plane, List<Point> occupied, Rect? note)
    {
        (double width, double height) = box.Measure();
        double pad = plane.Pt(0.5 * box.Size);
        Rect f = plane.Frame;
        Rect At(LegendLocation location)
        {
            double left = location switch
            {
                LegendLocation.UpperLeft or LegendLocation.LowerLeft or LegendLocation.CenterLeft => f.Left + pad,
                LegendLocation.UpperCenter or LegendLocation.LowerCenter or LegendLocation.Center => f.Center.X - width / 2,
                _ => f.Right - pad - width,
            };
            double top = location switch
            {
                LegendLocation.UpperLeft or LegendLocation.UpperRight or LegendLocation.UpperCenter => f.Top + pad,
                LegendLocation.CenterLeft or LegendLocation.CenterRight or LegendLocation.Center => f.Center.Y - height / 2,
                _ => f.Bottom - pad - height,
            };
            (left, top) = (Math.Round(left) + 0.5, Math.Round(top) + 0.5);
            return new Rect(left, top, left + width, top + height);
        }
        if (Location is not LegendLocation.Best)
            return At(Location);
        IEnumerable<Rect> named = Enumerable.Range((int)LegendLocation.UpperRight, LegendLocation.Center - LegendLocation.Best)
            .Select(location => At((LegendLocation)location));
        // Between those places, from the top and the right on, for data that leave a gap elsewhere.
        const int Steps = 12;
        Rect first = At(LegendLocation.UpperLeft), last = At(LegendLocation.LowerRight);
        IEnumerable<Rect> between = from row in Enumerable.Range(0, Steps + 1)
                                    from column in Enumerable.Range(0, Steps + 1)
                                    let x = Math.Round((last.Left - first.Left) * (Steps - column) / Steps)
                                    let y = Math.Round((last.Top - first.Top) * row / Steps)
                                    select new Rect(first.Left + x, first.Top + y, first.Right + x, first.Bottom + y);
        int Hidden(Rect place) => occupied.Count(place.Inflate(2).Contains) + (note is Rect n && n.Intersects(place) ? 10 : 0);
        (Rect best, int least) = (default, int.MaxValue);
        foreach (Rect place in named.Concat(between))
        {
            int hidden = Hidden(place);
            if (hidden < least)
                (best, least) = (place, hidden);
            if (hidden == 0)
                break;
        }
        return best;
    }
}

/// <summary>A legend's rows and columns at one letter size; proportions, in letters' sizes, are matplotlib's.</summary>
internal sealed class LegendBox(List<Mark> entries, Plane plane, int columns, double size, string title)
{
    private const double BorderPad = 0.4, RowGap = 0.5, KeyWidth = 2.0, KeyHeight = 0.7, KeyGap = 0.8, ColumnGap = 2.0;

    private readonly double em = plane.Pt(size);
    private readonly (string Text, double Size)[] labels = FitLabels(entries, plane, columns, plane.Pt(size));

    public double Size => size;

    private int Rows => (entries.Count + columns - 1) / columns;

    public (double Width, double Height) Measure()
    {
        double[] widths = ColumnWidths(), heights = RowHeights();
        double width = widths.Sum() + (widths.Length - 1) * ColumnGap * em, height = heights.Sum() + (heights.Length - 1) * RowGap * em;
        if (title.Length > 0)
            (width, height) = (Math.Max(width, TextBlock.Width(title, em)), height + TextBlock.Height(title, em) + RowGap * em);
        return (width + 2 * BorderPad * em, height + 2 * BorderPad * em);
    }

    public void Draw(Canvas canvas, Rect box)
    {
        double radius = 0.2 * em;
        canvas.Fill(box, Color.White.WithAlpha(0.8), radius);
        canvas.Stroke(box, new Pen(new Color(204, 204, 204).WithAlpha(0.8), plane.Pt(1)), radius);
        double[] widths = ColumnWidths(), heights = RowHeights();
        double left = box.Left + BorderPad * em, top = box.Top + BorderPad * em;
        if (title.Length > 0)
        {
            canvas.Text(title, box.Center.X, top, new TextStyle(em, Color.Black, HorizontalAnchor.Center, VerticalAnchor.Top));
            top += TextBlock.Height(title, em) + RowGap * em;
        }
        for (int i = 0; i < entries.Count; i++)
        {
            (int column, int row) = (i / Rows, i % Rows);
            double x = left + widths.Take(column).Sum() + column * ColumnGap * em;
            double middle = top + heights.Take(row).Sum() + row * RowGap * em + heights[row] / 2;
            middle = Math.Round(middle) + 0.5;
            var key = new Rect(Math.Round(x), middle - KeyHeight / 2 * em, Math.Round(x + KeyWidth * em), middle + KeyHeight / 2 * em);
            entries[i].DrawKey(canvas, key, plane);
            canvas.Text(labels[i].Text, x + (KeyWidth + KeyGap) * em, middle,
                new TextStyle(labels[i].Size, Color.Black, Vertical: VerticalAnchor.Center));
        }
    }

    private double[] ColumnWidths()
        => [.. from column in labels.Chunk(Rows)
               select (KeyWidth + KeyGap) * em + column.Max(label => TextBlock.Width(label.Text, label.Size))];

    private double[] RowHeights()
        => [.. from row in Enumerable.Range(0, Rows)
               select labels.Where((_, i) => i % Rows == row).Max(label => TextBlock.Height(label.Text, label.Size))];

    // A label that is wider than its share of the frame is broken into lines.
    private static (string Text, double Size)[] FitLabels(List<Mark> entries, Plane plane, int columns, double em)
    {
        double share = (plane.Frame.Width - 2 * em) / columns - (KeyWidth + KeyGap + (columns > 1 ? ColumnGap : 0)) * em;
        return [.. entries.Select(entry => TextBlock.Fit(entry.Label!, em, Math.Max(share, 3 * em)))];
    }
}
