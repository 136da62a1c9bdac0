namespace NativeNN.Experiments.Plotting;

/// <summary>One plot of a <see cref="Figure"/>: collects what to draw; the figure draws it. Methods return the axes for chaining.</summary>
/// <remarks>Sizes are in points (1/72 inch). Values that are not finite leave gaps, and a note in the plot counts them.</remarks>
public sealed partial class Axes
{
    private readonly List<Mark> marks = [];
    private readonly Axis xAxis, yAxis = new("y");
    private readonly Axes? parent;
    private (Colormap Map, double Low, double High)? mapped;
    private ColorBarSettings? colorBar;
    private Axes? twin;
    private int colorsUsed;
    private bool hidden;
    private Legend? legend;

    internal Axes(Axes? parent = null)
    {
        this.parent = parent;
        xAxis = parent?.xAxis ?? new Axis("x");
    }

    public string Title { get; set; } = "";

    public string XLabel { get => xAxis.Label; set => xAxis.Label = value; }

    public string YLabel { get => yAxis.Label; set => yAxis.Label = value; }

    public AxisScale XScale { get => xAxis.Scale; set => xAxis.Scale = value; }

    public AxisScale YScale { get => yAxis.Scale; set => yAxis.Scale = value; }

    /// <summary>The ends of the x axis; null or NaN leaves an end to the data. A higher value first turns the axis round.</summary>
    public (double Low, double High)? XLimits { get => xAxis.Limits; set => xAxis.Limits = value; }

    /// <summary>As <see cref="XLimits"/>.</summary>
    public (double Low, double High)? YLimits { get => yAxis.Limits; set => yAxis.Limits = value; }

    public bool Grid { get; set; }

    /// <summary>The title and the names of both axes.</summary>
    public Axes Label(string title, string x, string y)
    {
        (Title, XLabel, YLabel) = (title, x, y);
        return this;
    }

    /// <summary>A line through (x, y).</summary>
    public Axes Plot(Values x, Values y, Color? color = null, double alpha = 1, string? label = null, double width = 1.5,
        LineStyle line = LineStyle.Solid, Marker marker = Marker.None, double markerSize = 6)
    {
        RequireSameLength(nameof(Plot), ("x", x.Count), ("y", y.Count));
        return Add(new LineMark(x, y)
        {
            Color = Next(color, alpha),
            Label = label,
            Width = width,
            Line = line,
            Marker = marker,
            MarkerSize = markerSize,
        });
    }

    /// <summary>A line through (0, y₀), (1, y₁), ….</summary>
    public Axes Plot(Values y, Color? color = null, double alpha = 1, string? label = null, double width = 1.5,
        LineStyle line = LineStyle.Solid, Marker marker = Marker.None, double markerSize = 6)
        => Plot(Values.Range(y.Count), y, color, alpha, label, width, line, marker, markerSize);

    /// <summary>Single points; <paramref name="size"/> is the area of a marker in square points.</summary>
    public Axes Scatter(Values x, Values y, double size = 36, Color? color = null, double alpha = 1, string? label = null,
        Marker marker = Marker.Circle)
    {
        RequireSameLength(nameof(Scatter), ("x", x.Count), ("y", y.Count));
        return Add(new LineMark(x, y)
        {
            Color = Next(color, alpha),
            Label = label,
            Line = LineStyle.None,
            Marker = marker,
            MarkerSize = Math.Sqrt(size),
        });
    }

    /// <summary>Bars of one width, centred on x.</summary>
    public Axes Bar(Values x, Values heights, double width = 0.8, Color? color = null, double alpha = 1, string? label = null)
    {
        RequireSameLength(nameof(Bar), ("x", x.Count), ("heights", heights.Count));
        double[] left = [.. x.Select(v => v - width / 2)], right = [.. x.Select(v => v + width / 2)];
        return Add(new BarsMark(left, right, heights) { Color = Next(color, alpha), Label = label });
    }

    /// <summary>The bars of a histogram: counts[i] from edges[i] to edges[i + 1].</summary>
    public Axes Bars(Values edges, Values counts, Color? color = null, double alpha = 1, string? label = null)
    {
        RequireSameLength(nameof(Bars), ("edges", edges.Count), ("counts + 1", counts.Count + 1));
        return Add(new BarsMark(edges.SkipLast(1).ToArray(), edges.Skip(1).ToArray(), counts)
        {
            Color = Next(color, alpha),
            Label = label,
        });
    }

    /// <summary>The outline of a histogram, for several over one another.</summary>
    public Axes Steps(Values edges, Values counts, Color? color = null, double alpha = 1, string? label = null, double width = 1.5)
    {
        RequireSameLength(nameof(Steps), ("edges", edges.Count), ("counts + 1", counts.Count + 1));
        return Add(new BarsMark(edges.SkipLast(1).ToArray(), edges.Skip(1).ToArray(), counts)
        {
            Color = Next(color, alpha),
            Label = label,
            StairsWidth = width,
        });
    }

    /// <summary>A matrix as colours, values[row, column], row 0 at the bottom; NaN is grey.</summary>
    /// <param name="values">The matrix.</param>
    /// <param name="extent">The outer edges (x0, x1, y0, y1); by default cells are centred on 0, 1, ….</param>
    /// <param name="colormap">Viridis by default.</param>
    /// <param name="vmin">The value of the lowest colour; by default the least finite value.</param>
    /// <param name="vmax">The value of the highest colour; by default the greatest finite value.</param>
    public Axes Image(double[,] values, (double X0, double X1, double Y0, double Y1)? extent = null, Colormap? colormap = null,
        double? vmin = null, double? vmax = null)
    {
        colormap ??= Colormap.Viridis;
        (int rows, int columns) = (values.GetLength(0), values.GetLength(1));
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite)];
        double low = vmin ?? (finite.Length == 0 ? 0 : finite.Min()), high = vmax ?? (finite.Length == 0 ? 1 : finite.Max());
        var picture = new Pixmap(columns, rows);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
            {
                double value = values[row, column];
                picture[column, rows - 1 - row] = colormap.At(high > low ? (value - low) / (high - low) : double.IsNaN(value) ? value : 0);
            }
        mapped = (colormap, low, high);
        return Add(new ImageMark(picture, values.Length - finite.Length, extent ?? (-0.5, columns - 0.5, -0.5, rows - 0.5)));
    }

    /// <summary>A colour bar beside the plot, for the last image.</summary>
    public Axes ColorBar(string label = "")
    {
        (Colormap map, double low, double high) = mapped
            ?? throw new InvalidOperationException("Axes.ColorBar: there is no image yet; call Image first or pass a colormap and range.");
        return ColorBar(map, low, high, label);
    }

    /// <summary>A colour bar beside the plot, for a family of lines that takes the part [from, to] of a map for low…high.</summary>
    public Axes ColorBar(
        Colormap map, double low, double high, string label = "", double from = 0, double to = 1, AxisScale scale = AxisScale.Linear)
    {
        colorBar = new ColorBarSettings(map, low, high, label, from, to, scale);
        return this;
    }

    /// <summary>A horizontal line across the plot.</summary>
    public Axes HorizontalLine(double y, Color? color = null, LineStyle line = LineStyle.Dashed, string? label = null, double width = 1.5)
        => Add(new RuleMark(y, horizontal: true, line, width) { Color = color ?? "grey", Label = label });

    /// <summary>A vertical line across the plot.</summary>
    public Axes VerticalLine(double x, Color? color = null, LineStyle line = LineStyle.Dashed, string? label = null, double width = 1.5)
        => Add(new RuleMark(x, horizontal: false, line, width) { Color = color ?? "grey", Label = label });

    /// <summary>Words with their baseline at (x, y), in the data's units.</summary>
    public Axes Text(double x, double y, string text, Color? color = null, double size = 10,
        HorizontalAnchor anchor = HorizontalAnchor.Left)
        => Add(new NoteMark(text, x, y, size, anchor, offset: null) { Color = color ?? Color.Black });

    /// <summary>Words beside the point (x, y), moved by (dx, dy) points right and up, with a thin line back to it.</summary>
    public Axes Annotate(double x, double y, string text, double dx = 20, double dy = 20, Color? color = null, double size = 10)
    {
        HorizontalAnchor anchor = dx < 0 ? HorizontalAnchor.Right : HorizontalAnchor.Left;
        return Add(new NoteMark(text, x, y, size, anchor, new Point(dx, dy)) { Color = color ?? Color.Black });
    }

    /// <summary>Lists the labelled series; also those of the twin.</summary>
    public Axes Legend(LegendLocation location = LegendLocation.Best, int columns = 1, double size = 10, string title = "")
    {
        legend = new Legend(location, columns, size, title);
        return this;
    }

    /// <summary>Sets the ticks of the x axis by hand.</summary>
    public Axes XTicks(Values positions, string[]? labels = null) => SetTicks(xAxis, nameof(XTicks), positions, labels);

    /// <summary>Sets the ticks of the y axis by hand.</summary>
    public Axes YTicks(Values positions, string[]? labels = null) => SetTicks(yAxis, nameof(YTicks), positions, labels);

    /// <summary>Draws nothing at all in this place.</summary>
    public Axes Hide()
    {
        hidden = true;
        return this;
    }

    /// <summary>A second plot on the same x axis with its y axis on the right. Its colours go on where these stand.</summary>
    public Axes TwinY()
    {
        if (parent is not null)
            throw new InvalidOperationException("Axes.TwinY: these axes are a twin already.");
        return twin ??= new Axes(parent: this);
    }

    private Axes SetTicks(Axis axis, string operation, Values positions, string[]? labels)
    {
        if (labels is not null)
            RequireSameLength(operation, ("positions", positions.Count), ("labels", labels.Length));
        axis.Fixed = ([.. positions], labels);
        return this;
    }

    private Axes Add(Mark mark)
    {
        marks.Add(mark);
        return this;
    }

    private Color Next(Color? color, double alpha)
    {
        Axes counter = parent ?? this;
        return (color ?? Color.Cycle[counter.colorsUsed++ % Color.Cycle.Count]).WithAlpha(alpha);
    }

    private static void RequireSameLength(string operation, (string Name, int Count) a, (string Name, int Count) b)
    {
        if (a.Count != b.Count)
            throw new ArgumentException($"Axes.{operation}: {a.Name} ({a.Count}) and {b.Name} ({b.Count}) must be of one length.");
    }
}
