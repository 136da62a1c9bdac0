using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class RasterTests
{
    [Fact]
    public void Coverage_is_the_exact_area()
    {
        var canvas = new PngCanvas(8, 8);
        canvas.Fill(Outline.Rectangle(new Rect(1, 1, 3.5, 3)), Color.Black);
        Assert.Equal(Color.Black, canvas.Pixels[2, 1]);
        Assert.InRange(canvas.Pixels[3, 1].R, 127, 128);
        Assert.Equal(Color.White, canvas.Pixels[4, 1]);
        Assert.Equal(Color.White, canvas.Pixels[3, 3]);

        // A triangle that halves a pixel, and one that takes an eighth of it.
        canvas.Fill(Outline.Polyline([new(5, 5), new(6, 5), new(5, 6)], closed: true), Color.Black);
        Assert.InRange(canvas.Pixels[5, 5].R, 127, 128);
        canvas.Fill(Outline.Polyline([new(6, 6), new(6.5, 6), new(6, 6.5)], closed: true), Color.Black);
        Assert.InRange(canvas.Pixels[6, 6].R, 222, 224);
    }

    [Fact]
    public void The_ink_of_any_polygon_is_its_area()
    {
        var random = new System.Random(5);
        for (int trial = 0; trial < 200; trial++)
        {
            // A star-shaped polygon round (20, 20) does not cross itself.
            Point[] points = [.. Enumerable.Range(0, 9).Select(i => (Angle: 2 * Math.PI * i / 9, Radius: 2 + 16 * random.NextDouble()))
                .Select(p => new Point(20 + p.Radius * Math.Cos(p.Angle), 20 + p.Radius * Math.Sin(p.Angle)))];
            double area = 0;
            for (int i = 0; i < points.Length; i++)
                area += (points[i].X * points[(i + 1) % 9].Y - points[(i + 1) % 9].X * points[i].Y) / 2;
            double ink = 0;
            var rasterizer = new Rasterizer(40, 40);
            rasterizer.Add(points);
            rasterizer.Sweep((_, _, coverage) =>
            {
                foreach (float share in coverage)
                    ink += share;
            });
            Assert.Equal(area, ink, tolerance: 0.01);
        }
    }

    [Fact]
    public void Overlaps_do_not_add_up_and_alpha_blends_once()
    {
        var canvas = new PngCanvas(40, 40);
        Outline crossing = Outline.Polyline([new(5, 20), new(35, 20), new(35, 30), new(20, 30), new(20, 5)]);
        canvas.Stroke(crossing, new Pen(new Color(0, 0, 0, 128), 6));
        Assert.InRange(canvas.Pixels[20, 20].R, 126, 128);
        Assert.InRange(canvas.Pixels[10, 20].R, 126, 128);
    }

    [Fact]
    public void A_clip_cuts_shapes_on_all_sides()
    {
        var canvas = new PngCanvas(20, 20);
        canvas.PushClip(new Rect(5, 6, 15, 14));
        canvas.Fill(Outline.Circle(new Point(10, 10), 1000), Color.Black);
        canvas.PopClip();
        for (int y = 0; y < 20; y++)
            for (int x = 0; x < 20; x++)
                Assert.Equal(x is >= 5 and < 15 && y is >= 6 and < 14 ? Color.Black : Color.White, canvas.Pixels[x, y]);
        canvas.Fill(Outline.Rectangle(new Rect(0, 0, 20, 20)), "red");
        Assert.Equal<Color>("red", canvas.Pixels[0, 0]);
    }

    [Fact]
    public void A_thick_line_has_its_width_and_its_dashes()
    {
        var canvas = new PngCanvas(40, 10);
        canvas.Line(0, 5, 40, 5, new Pen(Color.Black, 4, Dash: [6, 4]));
        Assert.Equal(Color.White, canvas.Pixels[2, 2]);
        Assert.Equal(Color.Black, canvas.Pixels[2, 3]);
        Assert.Equal(Color.Black, canvas.Pixels[2, 6]);
        Assert.Equal(Color.White, canvas.Pixels[2, 7]);
        string row = string.Concat(Enumerable.Range(0, 30).Select(x => canvas.Pixels[x, 5] == Color.Black ? 1 : 0));
        Assert.Equal("111111000011111100001111110000", row);
    }

    [Fact]
    public void An_image_has_sharp_cells()
    {
        var image = new Pixmap(2, 1) { [0, 0] = "red", [1, 0] = "blue" };
        var canvas = new PngCanvas(10, 4);
        canvas.Image(new Rect(2, 1, 8, 3), image);
        Assert.Equal<Color>("red", canvas.Pixels[4, 1]);
        Assert.Equal<Color>("blue", canvas.Pixels[5, 2]);
        Assert.Equal(Color.White, canvas.Pixels[8, 2]);
        Assert.Equal(Color.White, canvas.Pixels[4, 3]);
    }

    [Fact]
    public void Png_comes_back_pixel_by_pixel()
    {
        var canvas = new PngCanvas(61, 37, dpi: 100);
        var random = new System.Random(9);
        for (int i = 0; i < 40; i++)
            canvas.Fill(Outline.Circle(new Point(random.Next(61), random.Next(37)), random.Next(1, 9)),
                new Color((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256), 200));
        using var stream = new MemoryStream();
        canvas.Save(stream);
        Pixmap read = PngReader.Read(stream.ToArray(), out int pixelsPerMetre);
        Assert.Equal(3937, pixelsPerMetre);
        Assert.Equal(canvas.Pixels.Rgb, read.Rgb);
    }
}

public class TrueTypeFontTests
{
    [Fact]
    public void Widths_are_the_fonts()
    {
        // Advances of DejaVu Sans 2.37 in units of 1/2048 em: 'H' 1540, 'i' 569, space 651.
        Assert.Equal((1540 + 569 + 651) / 2048.0, TrueTypeFont.Default.Width("Hi "), tolerance: 1e-9);
    }

    [Theory]
    [InlineData("σκ→×²−⁻⁰¹²³⁴⁵⁶⁷⁸⁹±∞∂√ÅéΔ₁…")]
    public void Every_sign_of_the_lectures_has_an_outline(string signs)
    {
        foreach (System.Text.Rune rune in signs.EnumerateRunes())
        {
            int glyph = TrueTypeFont.Default.Glyph(rune);
            Assert.True(glyph > 0, rune.ToString());
            Assert.NotEmpty(TrueTypeFont.Default.GlyphOutline(glyph).Points);
        }
    }

    [Fact]
    public void A_composite_glyph_holds_its_parts()
    {
        TrueTypeFont font = TrueTypeFont.Default;
        Outline letter = font.GlyphOutline(font.Glyph(new('e'))), accented = font.GlyphOutline(font.Glyph(new('é')));
        Assert.True(accented.Points.Count > letter.Points.Count);
        Assert.True(accented.Points.Max(p => p.Y) > letter.Points.Max(p => p.Y) + 200);
    }

    [Fact]
    public void Outlines_stay_within_the_glyphs_height()
    {
        TrueTypeFont font = TrueTypeFont.Default;
        Outline h = font.GlyphOutline(font.Glyph(new('H')));
        Assert.Equal(1493, h.Points.Max(p => p.Y));
        Assert.Equal(0, h.Points.Min(p => p.Y));
    }
}
