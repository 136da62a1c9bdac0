using System.Runtime.CompilerServices;
using System.Text;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

public class DejaVuSansTests
{
    [Fact]
    public void Widths_are_the_fonts()
    {
        // Advances of DejaVu Sans 2.37 in units of 1/2048 em: 'H' 1540, 'i' 569, space 651.
        Assert.Equal(2048, DejaVuSans.UnitsPerEm);
        Assert.Equal((1540 + 569 + 651) / 2048.0, DejaVuSans.Width("Hi "), tolerance: 1e-9);
        Assert.Equal(0, DejaVuSans.Width(""));
    }

    [Fact]
    public void Pairs_are_kerned()
    {
        // The font's table kern: 'A' before 'V' is 131/2048 em closer, 'T' before 'e' 348.
        Assert.Equal([0, 1401 - 131], DejaVuSans.Place("AV").Select(p => p.X));
        Assert.Equal([0, 1251 - 348], DejaVuSans.Place("Te").Select(p => p.X));
    }

    [Fact]
    public void Kerned_pairs_are_drawn_closer()
    {
        // 'V' begins 0.005 em right of its origin: where the ink of its top left corner begins tells where it was put.
        Pixmap pixels = Pictures.Draw(200, 120, canvas => canvas.Text("AV", 0, 100, new TextStyle(100, Color.Black)));
        int top = 100 - 72;
        int left = Enumerable.Range(45, 100).First(x => pixels[x, top].R < 128);
        Assert.InRange(left, 100 * (1401 - 131) / 2048.0 - 1, 100 * (1401 - 131) / 2048.0 + 3);
    }

    /// <summary>Whatever a lecture writes on a figure stands in the source: none of its signs becomes an empty box.</summary>
    [SkippableFact]
    public void Every_sign_in_the_source_is_in_the_font()
    {
        string folder = SourceFolder();
        Skip.IfNot(Directory.Exists(folder), "the source is not beside the tests: only the built assemblies are here");
        string[] files = [.. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))];
        HashSet<Rune> signs = [.. files.SelectMany(file => File.ReadAllText(file).EnumerateRunes()).Where(sign => !Rune.IsControl(sign))];
        Assert.Contains(new Rune('σ'), signs);
        Assert.DoesNotContain(signs, sign => DejaVuSans.Glyph(sign) == 0);
    }

    [Fact]
    public void Every_sign_of_numbers_and_of_ASCII_is_in_the_font_and_a_Chinese_one_is_not()
    {
        string signs = string.Concat(Enumerable.Range(32, 95).Select(i => (char)i)) + "−×±∞…⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂σκμ≈≤≥→√∂Δé";
        Assert.DoesNotContain(signs.EnumerateRunes(), sign => DejaVuSans.Glyph(sign) == 0);
        Assert.Equal(0, DejaVuSans.Glyph(new Rune('网')));
    }

    private static string SourceFolder([CallerFilePath] string file = "")
        => Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "Experiments");
}
