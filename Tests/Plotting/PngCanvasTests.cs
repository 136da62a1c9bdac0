using System.Buffers.Binary;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class PngCanvasTests
{
    [Fact]
    public void Pixels_half_covered_are_half_dark()
    {
        Pixmap pixels = Pictures.Draw(8, 8, canvas => canvas.Fill(new Rect(1, 1, 3.5, 3), Color.Black));
        Assert.Equal(Color.Black, pixels[2, 1]);
        Assert.InRange(pixels[3, 1].R, 126, 129);
        Assert.Equal(Color.White, pixels[4, 1]);
        Assert.Equal(Color.White, pixels[3, 3]);
    }

    [Fact]
    public void A_border_on_the_middle_of_pixels_is_sharp_on_all_sides()
    {
        var pen = new Pen(Color.Black, 1, Join: LineJoin.Miter);
        Pixmap pixels = Pictures.Draw(12, 10, canvas => canvas.Stroke(new Rect(2.5, 1.5, 9.5, 7.5), pen));
        for (int y = 0; y < 10; y++)
            for (int x = 0; x < 12; x++)
            {
                bool border = x is >= 2 and <= 9 && y is >= 1 and <= 7 && (x is 2 or 9 || y is 1 or 7);
                Assert.Equal(border ? Color.Black : Color.White, pixels[x, y]);
            }
    }

    [Fact]
    public void Where_a_line_crosses_itself_alpha_blends_once()
    {
        var pen = new Pen(new Color(0, 0, 0, 128), 6);
        Point[] crossing = [new(5, 20), new(35, 20), new(35, 30), new(20, 30), new(20, 5)];
        Pixmap pixels = Pictures.Draw(40, 40, canvas => canvas.Stroke(crossing, pen));
        Assert.InRange(pixels[20, 20].R, 126, 128);
        Assert.Equal(pixels[10, 20], pixels[20, 20]);
    }

    [Fact]
    public void Markers_over_one_another_blend_each()
    {
        var square = new MarkerShape(Marker.Square, Radius: 4, LineWidth: 1);
        Pixmap pixels = Pictures.Draw(20, 20, canvas => canvas.Markers(square, [new(8, 8), new(12, 8)], new Color(0, 0, 0, 128)));
        Assert.InRange(pixels[5, 8].R, 126, 128);
        Assert.InRange(pixels[10, 8].R, 62, 65);
    }

    [Theory]
    [InlineData(Marker.Circle, 78.5)]   // πr²
    [InlineData(Marker.Square, 100)]    // (2r)²
    [InlineData(Marker.Triangle, 50)]   // (2r)²/2
    [InlineData(Marker.Diamond, 84.5)]  // (2.6r)²/2
    [InlineData(Marker.Cross, 52.6)]    // two lines of 2√2·r, 2 wide, less the middle
    [InlineData(Marker.Plus, 36)]       // two lines of 2r, 2 wide, less the middle
    public void The_ink_of_a_marker_is_its_area(Marker marker, double area)
    {
        var shape = new MarkerShape(marker, Radius: 5, LineWidth: 2);
        Pixmap pixels = Pictures.Draw(20, 20, canvas => canvas.Markers(shape, [new(10, 10)], Color.Black));
        double ink = Enumerable.Range(0, 400).Sum(i => 1 - pixels[i % 20, i / 20].R / 255.0);
        Assert.Equal(area, ink, tolerance: 2);
    }

    [Fact]
    public void A_clip_cuts_shapes_on_all_sides_until_it_is_taken_away()
    {
        Pixmap pixels = Pictures.Draw(20, 20, canvas =>
        {
            canvas.PushClip(new Rect(5, 6, 15, 14));
            canvas.PushClip(new Rect(0, 0, 20, 13));
            canvas.Fill(new Rect(-100, -100, 100, 100), Color.Black);
            canvas.PopClip();
            canvas.PopClip();
            canvas.Fill(new Rect(0, 0, 1, 1), "red");
        });
        Assert.Equal<Color>("red", pixels[0, 0]);
        for (int i = 1; i < 400; i++)
            Assert.Equal(i % 20 is >= 5 and < 15 && i / 20 is >= 6 and < 13 ? Color.Black : Color.White, pixels[i % 20, i / 20]);
    }

    [Fact]
    public void A_thick_line_has_its_width_and_its_dashes()
    {
        Pixmap pixels = Pictures.Draw(40, 10, canvas => canvas.Line(0, 5, 40, 5, new Pen(Color.Black, 4, Dash: [6, 4])));
        Assert.Equal(Color.White, pixels[2, 2]);
        Assert.Equal(Color.Black, pixels[2, 3]);
        Assert.Equal(Color.Black, pixels[2, 6]);
        Assert.Equal(Color.White, pixels[2, 7]);
        string row = string.Concat(Enumerable.Range(0, 30).Select(x => pixels[x, 5] == Color.Black ? 1 : 0));
        Assert.Equal("111111000011111100001111110000", row);
    }

    [Fact]
    public void An_image_has_sharp_cells()
    {
        var image = new Pixmap(2, 1) { [0, 0] = "red", [1, 0] = "blue" };
        Pixmap pixels = Pictures.Draw(10, 4, canvas => canvas.Image(new Rect(2, 1, 8, 3), image));
        char Letter(Color color) => color switch { (255, 0, 0, _) => 'r', (0, 0, 255, _) => 'b', _ => '.' };
        Assert.Equal("..rrrbbb..", string.Concat(Enumerable.Range(0, 10).Select(x => Letter(pixels[x, 1]))));
        Assert.Equal(Color.White, pixels[4, 0]);
        Assert.Equal(Color.White, pixels[4, 3]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(14)]
    public void Letters_have_the_ink_of_their_outlines_and_whole_pixels_high_edges(double points)
    {
        double size = points * 100 / 72;
        Pixmap pixels = Pictures.Draw(40, 40, canvas => canvas.Text("E", 10, 30, new TextStyle(size, Color.Black)));
        // Down the middle of the arms of an E: black for each arm, white between, and little in between.
        int x = (int)(10 + 0.35 * size);
        byte[] column = [.. Enumerable.Range(0, 40).Select(y => pixels[x, y].R)];
        Assert.Equal(255, column[30]);
        Assert.True(column[29] < 60, $"the foot's edge is {column[29]}");
        int top = Array.FindIndex(column, value => value < 255);
        Assert.True(column[top] < 60, $"the top's edge is {column[top]}");
        Assert.Equal(30 - Math.Round(0.729 * size), top);
    }

    [Fact]
    public void Upward_text_is_level_text_turned()
    {
        Pixmap level = Pictures.Draw(60, 60, canvas => canvas.Text("Ay", 20, 40, new TextStyle(16, Color.Black)));
        Pixmap upward = Pictures.Draw(60, 60, canvas =>
            canvas.Text("Ay", 20, 40, new TextStyle(16, Color.Black, Upward: true)));
        double Ink(Pixmap p) => p.Rgba.Sum(value => 255 - value) / 765.0;
        Assert.Equal(Ink(level), Ink(upward), tolerance: 0.05 * Ink(level));
    }

    [Theory]
    [InlineData(100, 3937, 0xA83FA769)]
    [InlineData(200, 7874, 0x6ED0753E)]
    public void A_png_says_how_many_pixels_make_an_inch(double dpi, int perMetre, uint crc)
    {
        byte[] png = new Figure(width: 4, height: 3).Encode("png", dpi);
        Pixmap pixels = Pictures.Decode(png);
        Assert.Equal((4 * dpi, 3 * dpi), (pixels.Width, pixels.Height));
        int chunk = png.AsSpan().IndexOf("pHYs"u8);
        Assert.Equal(perMetre, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(chunk + 4)));
        Assert.Equal(perMetre, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(chunk + 8)));
        Assert.Equal(1, png[chunk + 12]); // per metre
        Assert.Equal(crc, BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(chunk + 13)));
    }

    [Fact]
    public void More_dots_per_inch_draw_the_same_figure_larger()
    {
        var figure = new Figure(width: 4, height: 3);
        figure.Axes.Bar([1, 2], [1, 2], color: "red");
        Pixmap small = Pictures.Decode(figure.Encode("png", 100)), large = Pictures.Decode(figure.Encode("png", 300));
        double Share(Pixmap p) => Enumerable.Range(0, p.Width * p.Height).Average(i => p[i % p.Width, i / p.Width] == "red" ? 1.0 : 0.0);
        Assert.Equal(Share(small), Share(large), tolerance: 0.01);
    }
}
