using NativeNN.Data;

namespace NativeNN.Experiments.Plotting;

/// <summary>A picture with a grid of plots. Sizes are in inches.</summary>
/// <example><code>
/// var figure = new Figure { Title = "Training" };
/// figure[0, 0].Plot(losses, label: "loss").Legend();
/// figure.Save("out/loss.png");
/// </code></example>
public sealed class Figure
{
    /// <summary>Pixels per inch of a picture on a screen.</summary>
    public const double ScreenDpi = 100;

    private const double Pad = 6, Gap = 12, TitleSize = 14, TitleGap = 12;

    private readonly Axes[,] grid;
    private readonly double width, height;

    public Figure(int rows = 1, int columns = 1, double width = 6.4, double height = 4.8)
    {
        if (rows < 1 || columns < 1)
            throw new ArgumentException($"Figure: {rows} × {columns} plots; it needs at least one row and one column.");
        if (width is not (> 0.5 and < 200) || height is not (> 0.5 and < 200))
            throw new ArgumentException($"Figure: {width} × {height} inches; each side must lie between 0.5 and 200.");
        (this.width, this.height) = (width, height);
        grid = new Axes[rows, columns];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                grid[row, column] = new Axes();
    }

    /// <summary>Stands above all plots.</summary>
    public string Title { get; set; } = "";

    /// <summary>What it shows, in words, for readers who do not see it; by default its titles.</summary>
    public string? Description { get; set; }

    /// <summary>The plot in a row and column, from the top left.</summary>
    public Axes this[int row, int column] => grid[row, column];

    /// <summary>The only plot, or the first.</summary>
    public Axes Axes => grid[0, 0];

    /// <summary>Draws on any canvas; <see cref="Save"/> chooses one.</summary>
    public void Draw(Canvas canvas)
    {
        Arrangement[,] arrangements = Arrange(canvas.Width, canvas.Height, out PlacedText? title, canvas.PixelsPerPoint);
        if (title is PlacedText text)
            canvas.Text(text.Text, text.X, text.Y, text.Style);
        foreach ((Axes axes, Arrangement place) in Pairs(arrangements))
            axes.Draw(canvas, place);
    }

    /// <summary>Finds the place of everything on a canvas of that size.</summary>
    internal Arrangement[,] Arrange(int width, int height, out PlacedText? title, double pixelsPerPoint = ScreenDpi / 72)
    {
        double pad = Pad * pixelsPerPoint;
        Rect area = new Rect(0, 0, width, height).Inflate(-pad);
        title = null;
        if (Title.Length > 0)
        {
            (string text, double size) = TextBlock.Fit(Title, TitleSize * pixelsPerPoint, area.Width, 0.25 * area.Height);
            var style = new TextStyle(size, Color.Black, HorizontalAnchor.Center, VerticalAnchor.Top);
            title = new PlacedText(text, area.Center.X, area.Top, style);
            area = area with { Top = title.Value.Box.Bottom + TitleGap * pixelsPerPoint };
        }
        foreach (Axes axes in grid)
            axes.LeaveNoHeadroom();
        Arrangement[,] arrangements = Solve();
        if (!Pairs(arrangements).Aggregate(false, (any, pair) => pair.Axes.MakeHeadroom(pair.Place) || any))
            return arrangements;
        return Solve();

        Arrangement[,] Solve()
        {
            foreach (Axes axes in grid)
                axes.Autoscale();
            Arrangement[,] solved = Layout.Solve(grid, area, Gap * pixelsPerPoint, pixelsPerPoint);
            // All legends in the letters of the one that has least room.
            double legendSize = Pairs(solved).Min(pair => pair.Axes.LegendSize(pair.Place)) ?? Arrangement.FontSize;
            foreach (Arrangement place in solved)
                place.LegendSize = legendSize;
            return solved;
        }
    }

    private IEnumerable<(Axes Axes, Arrangement Place)> Pairs(Arrangement[,] arrangements)
        => grid.Cast<Axes>().Zip(arrangements.Cast<Arrangement>());

    /// <summary>The picture as the bytes of a file; <paramref name="format"/> is png, svg or pdf, and <paramref name="dpi"/> the pixels per
    /// inch of a PNG.</summary>
    public byte[] Encode(string format, double dpi = ScreenDpi)
    {
        format = format.TrimStart('.').ToLowerInvariant();
        if (format != "png")
            dpi = ScreenDpi; // lines and letters have no pixels
        (int width, int height) = ((int)Math.Round(this.width * dpi), (int)Math.Round(this.height * dpi));
        IEnumerable<string> titles = grid.Cast<Axes>().Select(axes => axes.Title).Prepend(Title);
        string description = Description ?? string.Join(" / ", titles.Where(title => title.Length > 0));
        using Canvas canvas = format switch
        {
            "png" => new PngCanvas(width, height, dpi),
            "svg" => new SvgCanvas(width, height, dpi, description),
            "pdf" => new PdfCanvas(width, height, dpi, description),
            _ => throw new ArgumentException($"Figure: the format '{format}' is not known; use png, svg or pdf."),
        };
        Draw(canvas);
        using var stream = new MemoryStream();
        canvas.Save(stream);
        return stream.ToArray();
    }

    /// <summary>Writes .png, .svg or .pdf, as the path ends, and makes its folder. A crash leaves the old file or the new one.</summary>
    /// <exception cref="IOException">The file cannot be written there.</exception>
    public void Save(string path)
    {
        byte[] bytes = Encode(Path.GetExtension(path));
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder)
                Directory.CreateDirectory(folder);
            AtomicFile.Write(path, file => file.Write(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Figure: cannot write '{path}': {e.Message} Choose a folder that can be written.", e);
        }
    }
}
