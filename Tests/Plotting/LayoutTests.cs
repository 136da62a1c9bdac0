using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class LayoutTests
{
    private const string Long = "Distribution of initialised input layer weights against σ, κ → ×10² − and more words than fit on one line";

    public static TheoryData<string> Cases => [.. Figures.Keys];

    private static readonly Dictionary<string, Func<Figure>> Figures = new()
    {
        ["empty"] = () => new Figure(),
        ["one point"] = () => With(a => a.Plot([5.0], [3.0])),
        ["constant"] = () => With(a => a.Plot([1, 2, 3], [7.123456, 7.123456, 7.123456])),
        ["all NaN"] = () => With(a => a.Plot([double.NaN, double.NaN, double.PositiveInfinity], label: "nothing").Legend()),
        ["huge"] = () => With(a => a.Plot([-1e300, 0, 1e300], [1e300, -1e300, 3])),
        ["tiny"] = () => With(a => a.Plot([1e-300, 3e-300], [-2e-12, 1e-12])),
        ["offset"] = () => With(a => { a.Plot([1234567.01, 1234567.05], [-98765.4321, -98765.4320]); a.Title = Long; }),
        ["negative"] = () => With(a => { a.Plot([-123456, -99999], [-0.00012, -0.00001]); a.YLabel = Long; a.XLabel = Long; }),
        ["long labels"] = () => With(a => { a.Plot([1, 2]); a.Title = a.XLabel = a.YLabel = Long + Long; }, title: Long + Long),
        ["one long word"] = () => With(a => { a.Plot([1, 2]); a.Title = new string('W', 200); a.YLabel = new string('x', 150); }),
        ["named ticks"] = () => With(a => a.Bar([0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6])
            .XTicks([0, 1, 2, 3, 4, 5], ["default", "Kaiming normal", "Xavier", "truncated normal", "orthogonal", "sparse with zeros"])),
        ["many named ticks"] = () => With(a => a.Plot(Enumerable.Range(0, 60).ToArray())
            .XTicks(Enumerable.Range(0, 60).ToArray(), [.. Enumerable.Range(0, 60).Select(i => $"the epoch number {i}")])
            .YTicks(Enumerable.Range(0, 60).ToArray(), [.. Enumerable.Range(0, 60).Select(i => $"{Long} {i}")])),
        ["log"] = () => With(a =>
        {
            a.Plot([1e-4, 1, 1e5], [1e-9, 5, 1e30]);
            (a.XScale, a.YScale, a.YLabel) = (AxisScale.Log, AxisScale.Log, "κ");
        }),
        ["log, less than a decade"] = () => With(a => { a.Plot([1, 2], [12.1, 18.7]); a.YScale = AxisScale.Log; }),
        ["log of nothing positive"] = () => With(a => { a.Plot([0, -1, double.NaN]); a.YScale = AxisScale.Log; }),
        ["colour bar and twin"] = () => With(a =>
        {
            a.Image(new double[,] { { 1e7, 2e7 }, { 3e7, double.NaN } }).ColorBar(Long);
            a.TwinY().Plot([0.0, 1.0], [1e-7, 3e-7]).YLabel = "σ² of weights";
            a.Title = "A title over a factor of ten";
        }),
        ["legend"] = () => With(a =>
        {
            for (int i = 0; i < 30; i++)
                a.Plot([i, 3], label: $"{Long} {i}");
            a.Legend();
        }),
        ["legend outside"] = () => With(a =>
        {
            for (int i = 0; i < 25; i++)
                a.Plot([i, 3], label: $"σ = {i}×10⁻⁴");
            a.Legend(LegendLocation.OutsideRight, title: "init");
        }),
        ["small"] = () => With(a => { a.Plot([0.001, 1000.25]); a.Title = a.XLabel = a.YLabel = "small"; }, width: 2, height: 1.6),
        ["grid of plots"] = () =>
        {
            string title = "Weight histograms per layer\n(brighter is later)";
            var figure = new Figure(rows: 2, columns: 2, width: 12.9, height: 8) { Title = title };
            for (int i = 0; i < 4; i++)
            {
                Axes axes = figure[i / 2, i % 2].Plot([-1e-5, 2e5], [i * 1e6, 4e7]);
                (axes.Title, axes.XLabel, axes.YLabel) = ($"fc{i} (784→{i})", "Weight value", "Density");
            }
            return figure;
        },
        ["crowded grid"] = () =>
        {
            var figure = new Figure(rows: 3, columns: 3, width: 9, height: 7) { Title = Long };
            for (int i = 0; i < 9; i++)
            {
                Axes axes = figure[i / 3, i % 3].Plot([-1234.5, 6789.1], [1e-6, 5e-6], label: "loss").Legend();
                (axes.Title, axes.XLabel, axes.YLabel) = (Long, "Epochs of training", "Cross-entropy (mean)");
            }
            figure[2, 2].Hide();
            return figure;
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_text_leaves_the_figure_or_lies_on_other_text(string name)
    {
        foreach ((int width, int height) in SizesOf(name))
        {
            var canvas = new RecordingCanvas(width, height);
            Figures[name]().Draw(canvas);
            foreach ((string text, Rect box) in canvas.Texts)
                Assert.True(new Rect(0, 0, width, height).Intersect(box) == box, $"'{text}' at {box} leaves {width} × {height}");
            for (int i = 0; i < canvas.Texts.Count; i++)
                for (int j = 0; j < i; j++)
                    Assert.False(canvas.Texts[i].Box.Intersects(canvas.Texts[j].Box), $"'{canvas.Texts[i]}' lies on '{canvas.Texts[j]}'");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_figure_can_be_saved_in_all_formats(string name)
    {
        Assert.NotEmpty(Pictures.Decode(Figures[name]().Encode("png")).Rgba);
        Assert.NotEmpty(Figures[name]().Encode("png", dpi: 50));
        Assert.NotEmpty(Figures[name]().Encode("pdf"));
        System.Xml.Linq.XDocument.Parse(System.Text.Encoding.UTF8.GetString(Figures[name]().Encode("svg")));
    }

    [Fact]
    public void Frames_of_a_grid_are_aligned_and_of_one_size()
    {
        Arrangement[,] all = Figures["grid of plots"]().Arrange(1290, 800, out _);
        Assert.Equal(all[0, 0].Plane.Frame.Left, all[1, 0].Plane.Frame.Left);
        Assert.Equal(all[0, 0].Plane.Frame.Top, all[0, 1].Plane.Frame.Top);
        Assert.Equal(all[0, 0].Plane.Frame.Width, all[1, 1].Plane.Frame.Width, tolerance: 1);
    }

    [Fact]
    public void The_frame_takes_most_of_a_plain_figure()
    {
        Rect frame = With(a => a.Plot([1, 2, 3])).Arrange(640, 480, out _)[0, 0].Plane.Frame;
        Assert.True(frame.Width > 560 && frame.Height > 420, frame.ToString());
    }

    [Fact]
    public void The_best_place_for_a_legend_hides_no_line()
    {
        Figure figure = With(a => a.Plot([0, 0.1, 7], [0, 1, 1], label: "rises").Legend());
        // The line takes the lower left, the upper left and the upper right.
        Rect label = LabelOf(figure, "rises");
        Assert.True(label.Left > 320 && label.Top > 240, label.ToString());
    }

    [Fact]
    public void A_legend_finds_a_gap_between_the_corners()
    {
        // Ink from top to bottom but for a gap at three tenths of the width, too narrow for the places in the middle.
        double[] x = [.. Enumerable.Range(0, 2000).Select(i => i / 2000.0).Where(v => v is < 0.2 or > 0.42)];
        Figure figure = With(a => a.Plot(x, x.Select((_, i) => i % 2.0).ToArray(), label: "a").Legend());
        Rect frame = figure.Arrange(640, 480, out _)[0, 0].Plane.Frame;
        Rect label = LabelOf(figure, "a");
        Assert.InRange(label.Left, frame.Left + 0.22 * frame.Width, frame.Left + 0.44 * frame.Width);
        Assert.InRange(label.Right, label.Left, frame.Left + 0.44 * frame.Width);
    }

    [Theory]
    [InlineData(AxisScale.Linear)]
    [InlineData(AxisScale.Log)]
    public void Where_no_place_is_free_the_legend_gets_room_above_the_data(AxisScale scale)
    {
        Figure figure = With(a => a.Bar([0, 1, 2], [520, 520, 520], width: 1, label: "full").Legend());
        figure.Axes.YScale = scale;
        Plane plane = figure.Arrange(640, 480, out _)[0, 0].Plane;
        Assert.True(LabelOf(figure, "full").Bottom < plane.AtY(520), $"{LabelOf(figure, "full")} and {plane.AtY(520)}");
        figure.Axes.YLimits = (1, 530);
        Assert.Equal(530, figure.Arrange(640, 480, out _)[0, 0].Plane.Y.High);
        figure.Axes.YLimits = null;
        figure.Axes.Legend(LegendLocation.LowerLeft); // as asked for, whatever it hides
        Assert.True(figure.Arrange(640, 480, out _)[0, 0].Plane.Y.High < 560 || scale == AxisScale.Log);
    }

    [Fact]
    public void All_legends_of_a_figure_have_letters_of_one_size()
    {
        var figure = new Figure(columns: 2, width: 6, height: 3);
        figure[0, 0].Plot([1, 2], label: "short").Legend();
        for (int i = 0; i < 12; i++)
            figure[0, 1].Plot([i, 2], label: $"line {i}").Legend(size: 9);
        Assert.Equal(LabelOf(figure, "line 3", 600, 300).Height, LabelOf(figure, "short", 600, 300).Height, tolerance: 1e-9);
    }

    private static Rect LabelOf(Figure figure, string text, int width = 640, int height = 480)
    {
        var canvas = new RecordingCanvas(width, height);
        figure.Draw(canvas);
        return canvas.Texts.Single(t => t.Text == text).Box;
    }

    private static (int, int)[] SizesOf(string name) => name switch
    {
        "small" => [(200, 160)],
        "grid of plots" => [(1290, 800), (900, 600)],
        "crowded grid" => [(900, 700), (1200, 900)],
        _ => [(640, 480), (1000, 600), (500, 500)],
    };

    private static Figure With(Action<Axes> fill, string title = "", double width = 6.4, double height = 4.8)
    {
        var figure = new Figure(width: width, height: height) { Title = title };
        fill(figure.Axes);
        return figure;
    }
}
