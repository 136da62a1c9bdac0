using System.Text;
using System.Xml.Linq;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public sealed class FigureTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"nativenn-figures-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Spines_bars_lines_and_cells_are_where_the_axes_say()
    {
        var figure = new Figure(columns: 3, width: 12, height: 4);
        figure[0, 0].Bar([0, 1, 2], [4, 8, 2], color: "steelblue");
        figure[0, 1].Image(new double[,] { { 0, 1 }, { 2, 3 } }, colormap: Colormap.Plasma);
        figure[0, 2].Plot([1e-4, 1e-2, 1], [1, 1, 1], color: "red", line: LineStyle.None, marker: Marker.Square);
        figure[0, 2].XScale = AxisScale.Log;
        figure[0, 2].XLimits = (1e-4, 1);
        Arrangement[,] places = figure.Arrange(1200, 400, out _);
        Pixmap pixels = Pictures.Decode(figure.Encode("png"));
        Color At(double x, double y) => pixels[(int)x, (int)y];

        foreach (Arrangement place in places)
        {
            Rect frame = place.Plane.Frame;
            Assert.Equal(Color.Black, At(frame.Left, frame.Top + 7));
            Assert.Equal(Color.Black, At(frame.Left + 40, frame.Bottom));
            Assert.Equal(Color.Black, At(frame.Right, frame.Bottom));
            Assert.NotEqual(Color.Black, At(frame.Left + 1, frame.Top + 7));
            Assert.Equal(Color.White, At(frame.Left - 1, frame.Top + 1));
            Assert.All(place.XTicks.Major, tick => Assert.Equal(Color.Black, At(place.Plane.AtX(tick), frame.Bottom + 3)));
        }

        Plane bars = places[0, 0].Plane;
        Assert.Equal<Color>("steelblue", At(bars.AtX(1), bars.AtY(7.9)));
        Assert.Equal<Color>("steelblue", At(bars.AtX(0.62), bars.AtY(0.5)));
        Assert.Equal(Color.White, At(bars.AtX(1), bars.AtY(8.2)));
        Assert.Equal(Color.White, At(bars.AtX(0.5), bars.AtY(1)));

        // Row 0 is at the bottom: 0 lower left, 3 upper right.
        Plane image = places[0, 1].Plane;
        Assert.Equal(Colormap.Plasma.At(0), At(image.AtX(0), image.AtY(0)));
        Assert.Equal(Colormap.Plasma.At(1 / 3.0), At(image.AtX(1), image.AtY(0)));
        Assert.Equal(Colormap.Plasma.At(1), At(image.AtX(1), image.AtY(1)));

        // On a log axis 10⁻² lies in the middle of 10⁻⁴…1.
        Plane log = places[0, 2].Plane;
        Assert.Equal(log.Frame.Center.X, log.AtX(1e-2), tolerance: 1e-9);
        Assert.Equal<Color>("red", At(log.Frame.Center.X, log.AtY(1)));
        Assert.Equal(Color.White, At(log.Frame.Left + log.Frame.Width / 4, log.AtY(1)));
    }

    [Fact]
    public void A_histogram_stands_on_zero_and_touching_bars_show_no_seam()
    {
        var figure = new Figure();
        double[] edges = [.. Enumerable.Range(0, 41).Select(i => i / 7.3)];
        figure.Axes.Bars(edges, Enumerable.Repeat(5.0, 40).ToArray(), color: "steelblue", alpha: 0.7);
        Plane plane = figure.Arrange(640, 480, out _)[0, 0].Plane;
        Assert.Equal(plane.Frame.Bottom, plane.AtY(0));
        Pixmap pixels = Pictures.Decode(figure.Encode("png"));
        int y = (int)plane.AtY(2);
        var row = Enumerable.Range((int)plane.AtX(0.1), (int)(plane.AtX(edges[^1] - 0.1) - plane.AtX(0.1))).Select(x => pixels[x, y]);
        Assert.Single(row.Distinct());
    }

    [Fact]
    public void The_same_figure_gives_the_same_bytes()
    {
        Figure figure = Sample();
        foreach (string format in new[] { "png", "svg", "pdf" })
        {
            Assert.Equal(figure.Encode(format), figure.Encode(format));
            Assert.Equal(Sample().Encode(format), figure.Encode(format));
        }
    }

    [Fact]
    public void Svg_holds_the_texts_and_shapes()
    {
        XDocument svg = XDocument.Parse(Encoding.UTF8.GetString(Sample().Encode("svg")));
        XNamespace ns = "http://www.w3.org/2000/svg";
        string[] texts = [.. svg.Descendants(ns + "g").Select(g => (string?)g.Attribute("aria-label")).OfType<string>()];
        Assert.Contains("σ < κ & \"→\"", texts);
        Assert.Contains("train", texts);
        Assert.Contains("−2", texts);
        Assert.Contains(svg.Descendants(ns + "path"), path => (string?)path.Attribute("stroke") == "#1f77b4");
        Assert.Contains(svg.Descendants(ns + "image"), _ => true);
        // Every glyph and clip that is used is defined.
        XNamespace xlink = "http://www.w3.org/1999/xlink";
        HashSet<string> ids = [.. svg.Descendants().Select(e => (string?)e.Attribute("id")).OfType<string>()];
        Assert.All(svg.Descendants(ns + "use"), use => Assert.Contains(((string)use.Attribute(xlink + "href")!)[1..], ids));
    }

    [Fact]
    public void Values_that_are_not_finite_leave_a_gap_and_a_note()
    {
        var figure = new Figure();
        figure.Axes.Plot([0, 1, 2, 3, 4, 5, 6], [1, 1, double.NaN, double.PositiveInfinity, 1, 1, 1], color: "red");
        figure.Axes.VerticalLine(double.NaN);
        Assert.Contains("3 non-finite values not drawn", TextsOf(figure));
        Plane plane = figure.Arrange(640, 480, out _)[0, 0].Plane;
        Pixmap pixels = Pictures.Decode(figure.Encode("png"));
        Assert.Equal<Color>("red", pixels[(int)plane.AtX(0.5), (int)plane.AtY(1)]);
        Assert.Equal(Color.White, pixels[(int)plane.AtX(2.5), (int)plane.AtY(1)]);
    }

    [Fact]
    public void Values_without_a_logarithm_and_grey_cells_are_noted_too()
    {
        var log = new Figure();
        log.Axes.Plot([0, 1, 10, -3]);
        log.Axes.YScale = AxisScale.Log;
        Assert.Contains("2 non-positive values not drawn", TextsOf(log));

        var image = new Figure();
        image.Axes.Image(new double[,] { { 1, double.NaN } });
        Assert.Contains("1 non-finite value in grey", TextsOf(image));
        Plane plane = image.Arrange(640, 480, out _)[0, 0].Plane;
        Assert.Equal(Colormap.NotANumber, Pictures.Decode(image.Encode("png"))[(int)plane.AtX(1), (int)plane.AtY(0)]);

        Assert.DoesNotContain(TextsOf(Sample()), text => text.Contains("not drawn"));
    }

    [Fact]
    public void A_lone_point_of_a_line_is_seen()
    {
        var figure = new Figure();
        figure.Axes.Plot([3.0], color: "red");
        Plane plane = figure.Arrange(640, 480, out _)[0, 0].Plane;
        Assert.Equal<Color>("red", Pictures.Decode(figure.Encode("png"))[(int)plane.AtX(0), (int)plane.AtY(3)]);
    }

    [Fact]
    public void Limits_are_kept_and_may_be_given_for_one_end()
    {
        var figure = new Figure();
        figure.Axes.Plot([10, 20, 30]);
        figure.Axes.YLimits = (0, 100);
        figure.Axes.XLimits = (double.NaN, 5);
        Plane plane = figure.Arrange(640, 480, out _)[0, 0].Plane;
        Assert.Equal((0, 100), (plane.Y.Low, plane.Y.High));
        Assert.Equal(5, plane.X.High);
        Assert.Equal(-0.25, plane.X.Low, tolerance: 1e-12);
        figure.Axes.YScale = AxisScale.Log;
        Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => figure.Encode("png")).Message);
    }

    [Fact]
    public void A_twin_has_its_own_scale_and_colour()
    {
        var figure = new Figure();
        figure.Axes.Plot([0, 1], [0, 1000], label: "loss").Legend();
        figure.Axes.TwinY().Plot([0, 2], [0.5, 0.9], label: "accuracy");
        string[] texts = TextsOf(figure);
        Assert.Contains("accuracy", texts);
        Assert.Contains("1000", texts);
        Assert.Contains("0.90", texts.Select(t => t.PadRight(4, '0')));
        Assert.Equal(2, figure.Arrange(640, 480, out _)[0, 0].XTicks.Major[^1]);
    }

    [Fact]
    public void Saving_makes_the_folder_replaces_the_file_and_leaves_nothing_else()
    {
        string path = Path.Combine(folder, "deep", "figure.png");
        Sample().Save(path);
        Sample().Save(path);
        Assert.Equal(new[] { path }, Directory.GetFiles(Path.GetDirectoryName(path)!));
        Assert.Equal(640, Pictures.Decode(File.ReadAllBytes(path)).Width);
        Sample().Save(Path.ChangeExtension(path, ".svg"));
        Assert.StartsWith("<?xml", File.ReadAllText(Path.ChangeExtension(path, ".svg")));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_named()
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        string path = Path.Combine(file, "figure.png");
        Assert.Contains(path, Assert.Throws<IOException>(() => Sample().Save(path)).Message);

        Directory.CreateDirectory(Path.Combine(folder, "folder.png"));
        Assert.Throws<IOException>(() => Sample().Save(Path.Combine(folder, "folder.png")));
        Assert.Equal([file], Directory.GetFiles(folder));
        Assert.Contains("gif", Assert.Throws<ArgumentException>(() => Sample().Save(Path.Combine(folder, "a.gif"))).Message);
    }

    [Fact]
    public void Wrong_arguments_say_which_call_and_which_numbers()
    {
        Axes axes = new Figure().Axes;
        Assert.Contains("Axes.Plot: x (2) and y (3)", Assert.Throws<ArgumentException>(() => axes.Plot([1, 2], [1, 2, 3])).Message);
        Assert.Contains("Axes.Bars: edges (2)", Assert.Throws<ArgumentException>(() => axes.Bars([1, 2], [1, 2])).Message);
        Assert.Throws<InvalidOperationException>(() => axes.ColorBar("no image yet"));
        Assert.Throws<ArgumentException>(() => new Figure(rows: 0));
    }

    private static Figure Sample()
    {
        var figure = new Figure { Title = "σ < κ & \"→\"" };
        figure.Axes.Image(new double[,] { { 1, 2 }, { 3, 4 } }, extent: (-2, 2, -2, 2)).ColorBar("value");
        figure.Axes.Plot([-2, 0, 2], [-2, 1, 2], label: "train", marker: Marker.Circle).Legend();
        return figure;
    }

    private static string[] TextsOf(Figure figure)
    {
        var canvas = new RecordingCanvas(640, 480);
        figure.Draw(canvas);
        return [.. canvas.Texts.Select(text => text.Text)];
    }
}
