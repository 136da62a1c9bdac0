namespace NativeNN.Experiments.Plotting;

public sealed partial class Axes
{
    private const double SpineWidth = 0.8;

    private static readonly Color GridColor = "#b0b0b0";

    /// <summary>The axes' plots: itself and its twin.</summary>
    private IEnumerable<Axes> Layers => twin is null ? [this] : [this, twin];

    internal bool Hidden => hidden;

    internal void LeaveNoHeadroom()
    {
        foreach (Axes layer in Layers)
            layer.yAxis.Headroom = 0;
    }

    /// <summary>Sets the views from the data of all layers.</summary>
    internal void Autoscale()
    {
        xAxis.Reset();
        foreach (Axes layer in Layers)
        {
            layer.yAxis.Reset();
            foreach (Mark mark in layer.marks)
                mark.Extend(xAxis, layer.yAxis);
            layer.yAxis.Autoscale();
        }
        xAxis.Autoscale();
    }

    /// <summary>Places ticks, labels, title, colour bar and an outside legend around a frame inside a cell of the figure.</summary>
    internal Arrangement Arrange(Rect frame, Rect cell, double pixelsPerPoint)
    {
        var plane = new Plane(frame, xAxis, yAxis, pixelsPerPoint);
        var arrangement = new Arrangement(plane);
        if (hidden)
            return arrangement;
        arrangement.AddXAxis(xAxis, cell);
        arrangement.AddYAxis(yAxis, cell, right: false);
        if (twin is not null)
            arrangement.AddYAxis(twin.yAxis, cell, right: true);
        if (colorBar is not null)
            arrangement.AddColorBar(colorBar, cell);
        if (legend is { Location: LegendLocation.OutsideRight } && LegendEntries().Count > 0)
            arrangement.AddOutsideLegend(legend.Fit(LegendEntries(), plane, legend.Size).Measure());
        arrangement.AddTitle(Title, cell);
        return arrangement;
    }

    internal void Draw(Canvas canvas, Arrangement arrangement)
    {
        if (hidden)
            return;
        Plane plane = arrangement.Plane;
        Rect frame = plane.Frame;
        Pen spine = new(Color.Black, Math.Max(1, Math.Round(plane.Pt(SpineWidth))), Join: LineJoin.Miter, Cap: LineCap.Square);

        canvas.PushClip(frame.Inflate(0.5));
        if (Grid)
            DrawGrid(canvas, arrangement, spine with { Color = GridColor, Cap = LineCap.Butt });
        foreach (Axes layer in Layers)
            foreach (Mark mark in layer.marks)
                mark.Draw(canvas, plane with { Y = layer.yAxis });
        canvas.PopClip();

        if (arrangement.Bar is Rect bar && colorBar is not null)
        {
            colorBar.Draw(canvas, bar);
            canvas.Stroke(bar, spine);
            DrawTicks(canvas, arrangement.BarTicks, colorBar.Axis, plane, Side.Right, bar.Right, spine);
        }
        canvas.Stroke(frame, spine);
        DrawTicks(canvas, arrangement.XTicks, xAxis, plane, Side.Bottom, frame.Bottom, spine);
        DrawTicks(canvas, arrangement.YTicks, yAxis, plane, Side.Left, frame.Left, spine);
        if (twin is not null)
            DrawTicks(canvas, arrangement.TwinTicks, twin.yAxis, plane, Side.Right, frame.Right, spine);
        foreach (PlacedText text in arrangement.Texts)
            canvas.Text(text.Text, text.X, text.Y, text.Style);

        DrawLegendAndNote(canvas, arrangement);
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
            double x = Snap(frame.Left + xAxis.Fraction(value) * frame.Width);
            canvas.Line(x, frame.Top, x, frame.Bottom, pen);
        }
        foreach (double value in arrangement.YTicks.Major)
        {
            double y = Snap(frame.Bottom - yAxis.Fraction(value) * frame.Height);
            canvas.Line(frame.Left, y, frame.Right, y, pen);
        }
    }

    // The middle of a pixel: a line one pixel wide then fills exactly one row or column.
    private static double Snap(double pixel) => Math.Floor(pixel) + 0.5;
}
