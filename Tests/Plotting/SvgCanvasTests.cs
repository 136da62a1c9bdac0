using System.Globalization;
using System.Text;
using System.Xml.Linq;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class SvgCanvasTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg", XLink = "http://www.w3.org/1999/xlink";

    [Fact]
    public void A_figure_says_what_it_shows()
    {
        var figure = new Figure { Title = "loss & <accuracy>" };
        XElement root = Parse(figure.Encode("svg"));
        Assert.Equal("img", (string?)root.Attribute("role"));
        Assert.Equal("loss & <accuracy>", (string?)root.Attribute("aria-label"));
        Assert.Equal("loss & <accuracy>", root.Elements().First().Value);
        Assert.Equal("title", root.Elements().First().Name.LocalName);
        figure.Description = "both rise";
        Assert.Equal("both rise", Parse(figure.Encode("svg")).Element(Svg + "title")!.Value);
    }

    [Fact]
    public void Everything_used_is_defined_once_and_everything_defined_is_used()
    {
        string text = Draw(canvas =>
        {
            canvas.Markers(new MarkerShape(Marker.Circle, 3, 1), [new(5, 5), new(15, 5)], Color.Black);
            canvas.Markers(new MarkerShape(Marker.Circle, 3, 1), [new(25, 5)], "red");
            canvas.Markers(new MarkerShape(Marker.Plus, 3, 1), [new(35, 5)], "red");
            canvas.PushClip(new Rect(0, 0, 10, 10));
            canvas.Text("attention", 0, 20, new TextStyle(12, Color.Black));
            canvas.PopClip();
        });
        XElement root = Parse(Encoding.UTF8.GetBytes(text));
        string[] defined = [.. root.Descendants().Select(e => (string?)e.Attribute("id")).OfType<string>()];
        string[] used = [.. root.Descendants(Svg + "use").Select(use => ((string)use.Attribute(XLink + "href")!)[1..]), "clip0"];
        Assert.Equal(defined.Order(), defined.Distinct().Order());
        Assert.Equal(defined.Order(), used.Distinct().Order());
        Assert.Equal(2 + 6, defined.Count(id => id[0] is 'm' or 'g')); // circle, plus; a t e n i o
        Assert.Contains("clip-path=\"url(#clip0)\"", text);
    }

    [Fact]
    public void Letters_are_the_fonts_outlines_kerned_and_no_text_is_left_to_the_viewer()
    {
        XElement root = Parse(Encoding.UTF8.GetBytes(Draw(canvas => canvas.Text("AV ", 10, 20, new TextStyle(12, Color.Black)))));
        XElement line = root.Elements(Svg + "g").Single(g => (string?)g.Attribute("aria-label") == "AV ");
        Assert.Equal(["0", "1270"], line.Elements().Select(use => (string?)use.Attribute("x")));
        Assert.Empty(root.Descendants(Svg + "text"));
        // 'V' reaches from the baseline to the capitals' height of 1493/2048 em; y runs down.
        string glyph = ((string)line.Elements().Last().Attribute(XLink + "href")!)[1..];
        string outline = (string)root.Descendants().Single(e => (string?)e.Attribute("id") == glyph).Attribute("d")!;
        Assert.Contains("-1493", outline);
        Assert.StartsWith("M", outline);
    }

    [Fact]
    public void Dashes_alpha_and_corners_are_kept()
    {
        string text = Draw(canvas =>
        {
            canvas.Line(0, 5, 40, 5, new Pen("#ff000080", 4, Dash: [6, 4], Cap: LineCap.Square));
            canvas.Fill(new Rect(1, 2, 4, 6), new Color(0, 0, 255, 51), radius: 1.5);
        });
        Assert.Contains("stroke=\"#ff0000\" stroke-width=\"4\" stroke-linejoin=\"round\" stroke-linecap=\"square\" "
            + "stroke-dasharray=\"6 4\" stroke-opacity=\"0.502\"", text);
        Assert.Contains("<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" rx=\"1.5\" fill=\"#0000ff\" fill-opacity=\"0.2\"/>", text);
    }

    [Fact]
    public void Marks_on_one_spot_become_one_as_dense_as_they_are_together()
    {
        var square = new MarkerShape(Marker.Square, 3, 1);
        string text = Draw(canvas => canvas.Markers(square, [new(5, 5), new(5.01, 5), new(15, 5), new(5, 5.02)], new Color(0, 0, 0, 128)));
        XElement[] groups = [.. Parse(Encoding.UTF8.GetBytes(text)).Elements(Svg + "g")];
        Assert.Equal(["5", "15"], groups.Select(g => (string?)g.Elements().Single().Attribute("x")));
        // 1 − (1 − 128/255)³
        Assert.Equal(0.8765, double.Parse((string)groups[0].Attribute("fill-opacity")!, CultureInfo.InvariantCulture), tolerance: 2e-3);
    }

    [Fact]
    public void Ten_thousand_marks_stay_below_400_KB()
    {
        var figure = new Figure(width: 18, height: 5.5);
        double[] x = [.. Enumerable.Range(0, 9000).Select(i => -5 + i / 900.0)];
        figure.Axes.Scatter(x, x.Select(v => 1 / (1 + Math.Exp(-v))).ToArray(), size: 5, alpha: 0.5);
        Assert.InRange(figure.Encode("svg").Length, 50_000, 400_000);
    }

    [Fact]
    public void Numbers_are_the_same_under_any_locale_and_on_each_run()
    {
        var figure = new Figure { Title = "1.5 → 2" };
        figure.Axes.Plot([0.5, 1.5], [0.25, 2.5], label: "a").Legend();
        byte[] here = figure.Encode("svg");
        Assert.Equal(here, figure.Encode("svg"));
        Assert.Equal(here, figure.Encode("svg", dpi: 300)); // dots per inch are a PNG's matter
        Assert.DoesNotContain("NaN", Encoding.UTF8.GetString(here));
    }

    private static string Draw(Action<Canvas> draw)
    {
        using var canvas = new SvgCanvas(100, 50, Figure.ScreenDpi, "a test");
        draw(canvas);
        return Encoding.UTF8.GetString(Pictures.Saved(canvas));
    }

    private static XElement Parse(byte[] svg) => XDocument.Parse(Encoding.UTF8.GetString(svg)).Root!;
}
