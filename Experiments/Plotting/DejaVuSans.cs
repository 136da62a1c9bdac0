using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>The font of all figures. It travels inside the program, so that a figure is the same with any fonts installed.</summary>
internal static class DejaVuSans
{
    private const string Resource = "NativeNN.Experiments.Plotting.Fonts.DejaVuSans.ttf";

    private static readonly Lazy<SKTypeface> Embedded = new(Load);
    private static readonly ConcurrentDictionary<Rune, (ushort Glyph, int Advance)> Glyphs = [];
    private static readonly ConcurrentDictionary<ushort, SKPath> Outlines = [];
    private static readonly ConcurrentDictionary<(ushort Left, ushort Right), int> Kerning = [];

    public static SKTypeface Typeface => Embedded.Value;

    /// <summary>The font's own grid: outlines and widths are whole numbers of 1/2048 em.</summary>
    public static int UnitsPerEm => Typeface.UnitsPerEm;

    /// <summary>The glyph of a character; 0, an empty box, if the font lacks it.</summary>
    public static ushort Glyph(Rune character) => Measure(character).Glyph;

    /// <summary>Width of one line of text, in ems.</summary>
    public static double Width(string line)
    {
        int end = 0;
        Walk(line, (_, x, advance) => end = x + advance);
        return (double)end / UnitsPerEm;
    }

    /// <summary>The glyphs of a line and where each starts, in units per em, kerned.</summary>
    public static List<(ushort Glyph, int X)> Place(string line)
    {
        var placed = new List<(ushort, int)>();
        Walk(line, (glyph, x, _) => placed.Add((glyph, x)));
        return placed;
    }

    /// <summary>The font at <paramref name="size"/> pixels per em, as it was designed.</summary>
    public static SKFont AtSize(double size)
        => new(Typeface, (float)size) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };

    /// <summary>A glyph's outline in units per em, y down; empty for a space.</summary>
    public static SKPath Outline(ushort glyph) => Outlines.GetOrAdd(glyph, g =>
    {
        using SKFont design = AtSize(UnitsPerEm);
        return design.GetGlyphPath(g) ?? new SKPath();
    });

    // Skia draws text without kerning; a pair's correction is added to the advance of its first glyph.
    private static void Walk(string line, Action<ushort, int, int> visit)
    {
        int x = 0;
        ushort? previous = null;
        foreach (Rune character in line.EnumerateRunes())
        {
            (ushort glyph, int advance) = Measure(character);
            if (previous is ushort left)
                x += Kerning.GetOrAdd((left, glyph), pair => Typeface.GetKerningPairAdjustments([pair.Left, pair.Right])[0]);
            visit(glyph, x, advance);
            x += advance;
            previous = glyph;
        }
    }

    private static (ushort Glyph, int Advance) Measure(Rune character) => Glyphs.GetOrAdd(character, c =>
    {
        using SKFont design = AtSize(UnitsPerEm);
        ushort glyph = design.GetGlyph(c.Value);
        return (glyph, (int)Math.Round(design.GetGlyphWidths([glyph])[0]));
    });

    private static SKTypeface Load()
    {
        SkiaLibrary.Load();
        using Stream stream = typeof(DejaVuSans).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"DejaVuSans: the resource {Resource} is missing from the program.");
        return SKTypeface.FromStream(stream)
            ?? throw new InvalidOperationException($"DejaVuSans: Skia cannot read the resource {Resource} as a font.");
    }
}
