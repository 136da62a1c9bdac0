namespace NativeNN.Experiments.Plotting;

/// <summary>Text with its place.</summary>
internal readonly record struct PlacedText(string Text, double X, double Y, TextStyle Style)
{
    public Rect Box => TextBlock.Box(Text, X, Y, Style);
}

/// <summary>Where everything around one frame goes; made anew for each frame that the layout tries.</summary>
internal sealed class Arrangement(Plane plane)
{
    public const double TickLength = 3.5, TickPad = 3.5, LabelPad = 4, TitlePad = 6, FontSize = 10, TitleSize = 12;

    // A title or label may take this part of its cell's height or width.
    private const double Share = 0.2;

    private Rect bounds = plane.Frame;

    public Plane Plane => plane;
    public List<PlacedText> Texts { get; } = [];
    public Ticks XTicks { get; private set; } = Ticks.Empty;
    public Ticks YTicks { get; private set; } = Ticks.Empty;
    public Ticks TwinTicks { get; private set; } = Ticks.Empty;
    public Ticks BarTicks { get; private set; } = Ticks.Empty;
    public Rect? Bar { get; private set; }
    public Rect? Legend { get; private set; }

    /// <summary>Size of the legend's letters, in points.</summary>
    public double LegendSize { get; set; } = FontSize;

    /// <summary>The frame with all that belongs to it.</summary>
    public Rect Bounds => bounds;

    public void AddYAxis(Axis axis, Rect cell, bool right)
    {
        Rect frame = plane.Frame;
        double size = plane.Pt(FontSize), edge = right ? frame.Right : frame.Left, sign = right ? 1 : -1;
        double at = edge + sign * plane.Pt(TickLength + TickPad);
        HorizontalAnchor anchor = right ? HorizontalAnchor.Left : HorizontalAnchor.Right;
        PlacedText Place(double value, string label)
        {
            (string text, double fitted) = TextBlock.Fit(label, size, 0.3 * cell.Width);
            return new PlacedText(text, at, frame.Bottom - axis.Fraction(value) * frame.Height,
                new TextStyle(fitted, Color.Black, anchor, VerticalAnchor.Center));
        }
        Ticks ticks = FitTicks(axis, (int)(frame.Height / (2 * size)), ticks => [.. ticks.Major.Zip(ticks.Labels, Place)], gap: 0);
        if (right)
            TwinTicks = ticks;
        else
            YTicks = ticks;
        double label = (right ? bounds.Right : bounds.Left) + sign * plane.Pt(LabelPad);
        AddUpwardLabel(axis.Label, label, cell, anchor);
        HorizontalAnchor inward = right ? HorizontalAnchor.Right : HorizontalAnchor.Left;
        AddOffset(ticks.Offset, edge, frame.Top - plane.Pt(3), inward, VerticalAnchor.Bottom);
    }

    public void AddXAxis(Axis axis, Rect cell)
    {
        Rect frame = plane.Frame;
        double size = plane.Pt(FontSize), at = frame.Bottom + plane.Pt(TickLength + TickPad);
        PlacedText Place(double value, string text, double fontSize, bool upward)
            => new(text, frame.Left + axis.Fraction(value) * frame.Width, at,
                new TextStyle(fontSize, Color.Black, HorizontalAnchor.Center, VerticalAnchor.Top, upward));
        List<PlacedText> Flat(Ticks ticks) => [.. ticks.Major.Select((value, i) => Place(value, ticks.Labels[i], size, upward: false))];
        // Labels set by hand wrap if that makes room, else they stand upright.
        List<PlacedText> Labels(Ticks ticks)
        {
            List<PlacedText> flat = Flat(ticks);
            if (axis.Fixed is null || !Collide(flat, size / 4) || ticks.Major.Length < 2)
                return flat;
            double slot = ticks.Major.Zip(ticks.Major.Skip(1), (a, b) => Math.Abs(axis.Fraction(b) - axis.Fraction(a))).Min() * frame.Width;
            double common = ticks.Labels.Min(label => TextBlock.Fit(label, size, slot - size / 4).Size);
            string[] wrapped = [.. ticks.Labels.Select(label => TextBlock.Fit(label, common, slot - size / 4).Text)];
            if (common >= 0.8 * size && wrapped.All(text => text.Count(c => c == '\n') < 3))
                return [.. ticks.Major.Zip(wrapped, (value, text) => Place(value, text, common, upward: false))];
            var upright = ticks.Labels.Select(label => TextBlock.Fit(label, size, 0.4 * cell.Height));
            return [.. ticks.Major.Zip(upright, (value, fit) => Place(value, fit.Text, fit.Size, upward: true))];
        }
        XTicks = FitTicks(axis, (int)(frame.Width / (3 * size)), Labels, gap: axis.Fixed is null ? size / 2 : size / 5);
        AddOffset(XTicks.Offset, frame.Right, bounds.Bottom + plane.Pt(2), HorizontalAnchor.Right, VerticalAnchor.Top);
        if (axis.Label.Length == 0)
            return;
        double room = 2 * Math.Min(frame.Center.X - cell.Left, cell.Right - frame.Center.X);
        (string text, size) = TextBlock.Fit(axis.Label, size, room, Share * cell.Height);
        AddCentered(new PlacedText(text, frame.Center.X, bounds.Bottom + plane.Pt(LabelPad),
            new TextStyle(size, Color.Black, HorizontalAnchor.Center, VerticalAnchor.Top)));
    }

    public void AddColorBar(ColorBarSettings bar, Rect cell)
    {
        Rect frame = plane.Frame;
        double left = Math.Round(bounds.Right + plane.Pt(12)) + 0.5;
        double width = Math.Round(Math.Clamp(frame.Height / 20, plane.Pt(8), plane.Pt(16)));
        Bar = new Rect(left, frame.Top, left + width, frame.Bottom);
        Include(Bar.Value);
        double size = plane.Pt(FontSize);
        BarTicks = FitTicks(bar.Axis, (int)(frame.Height / (2 * size)), ticks => [.. ticks.Major.Select((value, i) => new PlacedText(
            ticks.Labels[i], left + width + plane.Pt(TickLength + TickPad), frame.Bottom - bar.Axis.Fraction(value) * frame.Height,
            new TextStyle(size, Color.Black, HorizontalAnchor.Left, VerticalAnchor.Center)))], gap: 0);
        AddUpwardLabel(bar.Axis.Label, bounds.Right + plane.Pt(LabelPad), cell, HorizontalAnchor.Left);
        AddOffset(BarTicks.Offset, left, frame.Top - plane.Pt(5), HorizontalAnchor.Left, VerticalAnchor.Bottom);
    }

    /// <summary>A legend outside takes its place on the right.</summary>
    public void AddOutsideLegend((double Width, double Height) size)
    {
        double left = bounds.Right + plane.Pt(8);
        Legend = new Rect(left, plane.Frame.Top, left + size.Width, plane.Frame.Top + size.Height);
        Include(Legend.Value with { Bottom = plane.Frame.Bottom });
    }

    public void AddTitle(string title, Rect cell)
    {
        if (title.Length == 0)
            return;
        Rect frame = plane.Frame;
        double room = 2 * Math.Min(frame.Center.X - cell.Left, cell.Right - frame.Center.X);
        (string text, double size) = TextBlock.Fit(title, plane.Pt(TitleSize), room, Share * cell.Height);
        var placed = new PlacedText(text, frame.Center.X, frame.Top - plane.Pt(TitlePad),
            new TextStyle(size, Color.Black, HorizontalAnchor.Center, VerticalAnchor.Bottom));
        // A factor ×10ⁿ may stand above the frame's corner: then the title goes above that.
        IEnumerable<Rect> below = Texts.Select(other => other.Box).Where(placed.Box.Inflate(2).Intersects);
        AddCentered(placed with { Y = below.Select(box => box.Top - 2).Append(placed.Y).Min() });
    }

    private void AddUpwardLabel(string label, double x, Rect cell, HorizontalAnchor anchor)
    {
        if (label.Length == 0)
            return;
        Rect frame = plane.Frame;
        (string text, double size) = TextBlock.Fit(label, plane.Pt(FontSize), frame.Height, Share * cell.Width);
        var placed = new PlacedText(text, x, frame.Center.Y, new TextStyle(size, Color.Black, anchor, VerticalAnchor.Center, Upward: true));
        Texts.Add(placed);
        Include(placed.Box with { Top = frame.Top, Bottom = frame.Bottom });
    }

    // Fitted into the cell's width, so it asks for no room at the sides.
    private void AddCentered(PlacedText placed)
    {
        Texts.Add(placed);
        Include(placed.Box with { Left = plane.Frame.Left, Right = plane.Frame.Right });
    }

    private void AddOffset(string offset, double x, double y, HorizontalAnchor horizontal, VerticalAnchor vertical)
    {
        if (offset.Length == 0)
            return;
        var placed = new PlacedText(offset, x, y, new TextStyle(plane.Pt(FontSize), Color.Black, horizontal, vertical));
        Texts.Add(placed);
        Include(placed.Box);
    }

    // As many ticks as fit without touching labels; if even two collide, only some keep their label.
    private Ticks FitTicks(Axis axis, int most, Func<Ticks, List<PlacedText>> place, double gap)
    {
        most = Math.Clamp(most, 1, 9);
        Ticks ticks = axis.FindTicks(most);
        List<PlacedText> labels = place(ticks);
        while (axis.Fixed is null && most > 1 && Collide(labels, gap))
            labels = place(ticks = axis.FindTicks(--most));
        var kept = new List<PlacedText>();
        foreach (PlacedText label in labels)
            if (!kept.Exists(other => Touch(other, label, gap)))
                kept.Add(label);
        Texts.AddRange(kept);
        Include(plane.Frame.Inflate(plane.Pt(TickLength)));
        foreach (PlacedText label in kept)
            Include(label.Box);
        return ticks;
    }

    private static bool Collide(List<PlacedText> labels, double gap)
    {
        for (int i = 1; i < labels.Count; i++)
            if (Touch(labels[i - 1], labels[i], gap))
                return true;
        return false;
    }

    private static bool Touch(PlacedText a, PlacedText b, double gap) => a.Box.Inflate(gap).Intersects(b.Box);

    private void Include(Rect box) => bounds = bounds.Union(box);
}
