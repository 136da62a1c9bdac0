using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public partial class PdfCanvasTests
{
    [Theory]
    [InlineData(6.4, 4.8)]
    [InlineData(18, 5.5)]
    public void A_page_has_the_figures_inches_in_points(double width, double height)
    {
        string pdf = Text(new Figure(width: width, height: height));
        Assert.StartsWith("%PDF-", pdf);
        Assert.EndsWith("%%EOF", pdf.TrimEnd());
        string[] numbers = MediaBox().Match(pdf).Groups[1].Value.Split(' ');
        double[] box = [.. numbers.Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Equal([0, 0], box[..2]);
        Assert.Equal(72 * width, box[2], tolerance: 0.4);
        Assert.Equal(72 * height, box[3], tolerance: 0.4);
    }

    [Fact]
    public void Nothing_in_it_depends_on_when_it_was_made()
    {
        string pdf = Text(new Figure { Title = "loss" });
        Assert.DoesNotContain("CreationDate", pdf);
        Assert.DoesNotContain("/ID", pdf);
        Assert.Contains("/Title (loss)", pdf);
        Assert.Contains("DejaVuSans", pdf); // the font is inside
    }

    private static string Text(Figure figure) => Encoding.Latin1.GetString(figure.Encode("pdf"));

    [GeneratedRegex(@"/MediaBox \[([^\]]*)\]")]
    private static partial Regex MediaBox();
}
