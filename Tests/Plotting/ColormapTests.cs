using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class ColormapTests
{
    // round(255 · rgb) of matplotlib 3.6.3 at 0, 0.1, 0.25, 0.5, 0.75 and 1.
    public static TheoryData<string, int[]> Expected => new()
    {
        { "viridis", [68, 1, 84, 72, 36, 117, 59, 82, 139, 33, 145, 140, 94, 201, 98, 253, 231, 37] },
        { "plasma", [13, 8, 135, 65, 4, 157, 126, 3, 168, 204, 71, 120, 248, 149, 64, 240, 249, 33] },
        { "hot", [11, 0, 0, 76, 0, 0, 179, 0, 0, 255, 92, 0, 255, 255, 7, 255, 255, 255] },
        { "coolwarm", [59, 76, 192, 89, 119, 227, 141, 176, 254, 221, 220, 220, 244, 152, 122, 180, 4, 38] },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Colours_are_matplotlibs(string name, int[] expected)
    {
        Colormap map = new[] { Colormap.Viridis, Colormap.Plasma, Colormap.Hot, Colormap.Coolwarm }.Single(m => m.Name == name);
        double[] at = [0, 0.1, 0.25, 0.5, 0.75, 1];
        for (int i = 0; i < at.Length; i++)
        {
            Color color = map.At(at[i]);
            Assert.InRange(color.R, expected[3 * i] - 1, expected[3 * i] + 1);
            Assert.InRange(color.G, expected[3 * i + 1] - 1, expected[3 * i + 1] + 1);
            Assert.InRange(color.B, expected[3 * i + 2] - 1, expected[3 * i + 2] + 1);
        }
    }

    [Fact]
    public void Outside_the_range_are_the_end_colours_and_nan_is_in_no_map()
    {
        Assert.Equal(Colormap.Hot.At(0), Colormap.Hot.At(-3));
        Assert.Equal(Colormap.Hot.At(1), Colormap.Hot.At(double.PositiveInfinity));
        foreach (Colormap map in new[] { Colormap.Viridis, Colormap.Plasma, Colormap.Hot })
            Assert.DoesNotContain(Enumerable.Range(0, 256).Select(i => map.Sample(i, 256)), c => c == map.At(double.NaN));
    }

    [Fact]
    public void Samples_are_spread_from_end_to_end()
    {
        Assert.Equal(Colormap.Plasma.At(0.2), Colormap.Plasma.Sample(0, 60, from: 0.2, to: 0.9));
        Assert.Equal(Colormap.Plasma.At(0.9), Colormap.Plasma.Sample(59, 60, from: 0.2, to: 0.9));
        Assert.Equal(Colormap.Viridis.At(0.5), Colormap.Viridis.Sample(12, 25));
        Assert.Throws<ArgumentOutOfRangeException>(() => Colormap.Viridis.Sample(25, 25));
    }
}

public class ColorTests
{
    [Theory]
    [InlineData("steelblue", 70, 130, 180, 255)]
    [InlineData("tab:orange", 255, 127, 14, 255)]
    [InlineData("#abc", 170, 187, 204, 255)]
    [InlineData("#1f77b480", 31, 119, 180, 128)]
    public void Text_gives_a_colour(string text, byte r, byte g, byte b, byte a) => Assert.Equal(new Color(r, g, b, a), Color.Parse(text));

    [Theory]
    [InlineData("bluish")]
    [InlineData("#12345")]
    [InlineData("#gggggg")]
    public void Bad_text_is_named(string text) => Assert.Contains(text, Assert.Throws<ArgumentException>(() => Color.Parse(text)).Message);
}
