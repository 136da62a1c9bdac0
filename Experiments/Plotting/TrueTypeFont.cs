using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;

namespace NativeNN.Experiments.Plotting;

/// <summary>Reads the outlines and widths of a TrueType font (tables head, hhea, hmtx, cmap 4 and 12, loca, glyf, kern).</summary>
/// <remarks>Microsoft and Apple, 'OpenType specification' 1.9, chapters of those names. Hinting programs are not run.</remarks>
public sealed class TrueTypeFont
{
    private const string Resource = "NativeNN.Experiments.Plotting.Fonts.DejaVuSans.ttf";
    private static readonly Lazy<TrueTypeFont> Embedded = new(LoadEmbedded);

    private readonly byte[] _data;
    private readonly Dictionary<string, int> _tables = [];
    private readonly Dictionary<int, int> _glyphOf = [];
    private readonly Dictionary<(int Left, int Right), int> _kerning = [];
    private readonly ConcurrentDictionary<int, Outline> _outlines = [];
    private readonly bool _longOffsets;
    private readonly int _wideGlyphs;

    public TrueTypeFont(byte[] data)
    {
        _data = data;
        if (data.Length < 12 || UInt32(0) is not (0x00010000 or 0x74727565))
            throw new InvalidDataException("TrueTypeFont: the data does not start like a TrueType font.");
        for (int i = 0, tables = UInt16(4); i < tables; i++)
            _tables[Encoding.ASCII.GetString(data, 12 + 16 * i, 4)] = (int)UInt32(12 + 16 * i + 8);
        UnitsPerEm = UInt16(Table("head") + 18);
        _longOffsets = Int16(Table("head") + 50) == 1;
        _wideGlyphs = UInt16(Table("hhea") + 34);
        ReadCharacterMap();
        if (_tables.TryGetValue("kern", out int kern))
            ReadKerning(kern);
    }

    /// <summary>DejaVu Sans, which travels inside the program: Latin, Greek, Cyrillic, mathematics, arrows, superscripts.</summary>
    public static TrueTypeFont Default => Embedded.Value;

    public int UnitsPerEm { get; }

    /// <summary>The glyph of a character; 0, an empty box, if the font lacks it.</summary>
    public int Glyph(Rune character) => _glyphOf.GetValueOrDefault(character.Value);

    /// <summary>Width of one line of text, in ems.</summary>
    public double Width(string line)
    {
        double end = 0;
        foreach ((int glyph, double x) in Place(line))
            end = x + Advance(glyph);
        return end / UnitsPerEm;
    }

    /// <summary>The glyphs of a line and where each starts, in font units, kerned.</summary>
    public IEnumerable<(int Glyph, double X)> Place(string line)
    {
        double x = 0;
        int previous = -1;
        foreach (Rune character in line.EnumerateRunes())
        {
            int glyph = Glyph(character);
            x += _kerning.GetValueOrDefault((previous, glyph));
            yield return (glyph, x);
            x += Advance(glyph);
            previous = glyph;
        }
    }

    /// <summary>A glyph's outline in font units, y up.</summary>
    public Outline GlyphOutline(int glyph) => _outlines.GetOrAdd(glyph, g =>
    {
        var outline = new Outline();
        AddGlyph(g, outline, p => p, depth: 0);
        return outline;
    });

    private int Advance(int glyph) => UInt16(Table("hmtx") + 4 * Math.Min(glyph, _wideGlyphs - 1));

    private void AddGlyph(int glyph, Outline outline, Func<Point, Point> place, int depth)
    {
        int loca = Table("loca");
        long start = _longOffsets ? UInt32(loca + 4 * glyph) : 2L * UInt16(loca + 2 * glyph);
        long end = _longOffsets ? UInt32(loca + 4 * glyph + 4) : 2L * UInt16(loca + 2 * glyph + 2);
        if (start == end)
            return; // a space
        int at = Table("glyf") + (int)start;
        int contours = Int16(at);
        if (contours >= 0)
            AddSimpleGlyph(at + 10, contours, outline, place);
        else if (depth < 8)
            AddCompositeGlyph(at + 10, outline, place, depth);
    }

    private void AddSimpleGlyph(int at, int contours, Outline outline, Func<Point, Point> place)
    {
        int[] ends = [.. Enumerable.Range(0, contours).Select(i => (int)UInt16(at + 2 * i))];
        at += 2 * contours;
        at += 2 + UInt16(at); // skip the hinting program
        int count = contours == 0 ? 0 : ends[^1] + 1;

        // Flags: 1 on the curve, 2/4 x/y is one byte, 8 repeat, 16/32 that byte is positive, or the coordinate did not change.
        var flags = new byte[count];
        for (int i = 0; i < count; i++)
        {
            flags[i] = _data[at++];
            if ((flags[i] & 8) != 0)
                for (int repeat = _data[at++]; repeat > 0; repeat--, i++)
                    flags[i + 1] = flags[i];
        }
        double[] Coordinates(int shortBit, int sameBit)
        {
            var values = new double[count];
            int value = 0;
            for (int i = 0; i < count; i++)
            {
                if ((flags[i] & shortBit) != 0)
                    value += (flags[i] & sameBit) != 0 ? _data[at++] : -_data[at++];
                else if ((flags[i] & sameBit) == 0)
                    (value, at) = (value + Int16(at), at + 2);
                values[i] = value;
            }
            return values;
        }
        double[] x = Coordinates(shortBit: 2, sameBit: 16), y = Coordinates(shortBit: 4, sameBit: 32);
        for (int c = 0, first = 0; c < contours; first = ends[c++] + 1)
        {
            IEnumerable<int> points = Enumerable.Range(first, ends[c] - first + 1);
            AddContour([.. points.Select(i => (place(new(x[i], y[i])), (flags[i] & 1) != 0))], outline);
        }
    }

    // Between two points off the curve lies an implied point on it, halfway.
    private static void AddContour((Point Position, bool On)[] points, Outline outline)
    {
        int n = points.Length;
        if (n < 2)
            return;
        int first = Array.FindIndex(points, p => p.On);
        Point start = first >= 0 ? points[first].Position : Point.Lerp(points[0].Position, points[n - 1].Position, 0.5);
        outline.MoveTo(start);
        Point? control = null;
        for (int i = 1; i <= n; i++)
        {
            (Point p, bool on) = points[(first + i + n) % n];
            if (on && control is Point c)
                outline.QuadraticTo(c, p);
            else if (on)
                outline.LineTo(p);
            else if (control is Point previous)
                outline.QuadraticTo(previous, Point.Lerp(previous, p, 0.5));
            control = on ? null : p;
        }
        if (control is Point last)
            outline.QuadraticTo(last, start);
        outline.Close();
    }

    // Flags: 1 offsets are 16 bits, 2 they are offsets, 8 one scale, 32 more follow, 64 two scales, 128 a 2×2 matrix.
    private void AddCompositeGlyph(int at, Outline outline, Func<Point, Point> place, int depth)
    {
        int flags;
        do
        {
            flags = UInt16(at);
            int part = UInt16(at + 2);
            at += 4;
            bool wide = (flags & 1) != 0;
            (double dx, double dy) = (flags & 2) == 0 ? (0, 0)
                : wide ? (Int16(at), Int16(at + 2))
                : ((sbyte)_data[at], (sbyte)_data[at + 1]);
            at += wide ? 4 : 2;
            double Scale() => Int16((at += 2) - 2) / 16384.0;
            (double xx, double yx, double xy, double yy) = (1, 0, 0, 1);
            if ((flags & 8) != 0)
                xx = yy = Scale();
            else if ((flags & 64) != 0)
                (xx, yy) = (Scale(), Scale());
            else if ((flags & 128) != 0)
                (xx, yx, xy, yy) = (Scale(), Scale(), Scale(), Scale());
            AddGlyph(part, outline, p => place(new(xx * p.X + xy * p.Y + dx, yx * p.X + yy * p.Y + dy)), depth + 1);
        }
        while ((flags & 32) != 0);
    }

    private void ReadCharacterMap()
    {
        int cmap = Table("cmap");
        for (int i = 0, count = UInt16(cmap + 2); i < count; i++)
        {
            int at = cmap + (int)UInt32(cmap + 4 + 8 * i + 4);
            if (UInt16(at) == 4 && UInt16(cmap + 4 + 8 * i) is 0 or 3)
                ReadSegments(at);
            else if (UInt16(at) == 12)
                for (uint g = 0, groups = UInt32(at + 12); g < groups; g++)
                {
                    int group = at + 16 + 12 * (int)g;
                    for (uint c = UInt32(group); c <= UInt32(group + 4); c++)
                        _glyphOf[(int)c] = (int)(UInt32(group + 8) + c - UInt32(group));
                }
        }
    }

    // cmap format 4: per segment an end, a start, a delta, and an offset that is 0 or leads into a table of glyphs.
    private void ReadSegments(int at)
    {
        int segments = UInt16(at + 6) / 2;
        int ends = at + 14, starts = ends + 2 * segments + 2, deltas = starts + 2 * segments, offsets = deltas + 2 * segments;
        for (int s = 0; s < segments; s++)
            for (int c = UInt16(starts + 2 * s), end = UInt16(ends + 2 * s); c <= end && c != 0xFFFF; c++)
            {
                int offset = UInt16(offsets + 2 * s);
                int glyph = offset == 0 ? c : UInt16(offsets + 2 * s + offset + 2 * (c - UInt16(starts + 2 * s)));
                if (offset == 0 || glyph != 0)
                    _glyphOf[c] = (glyph + UInt16(deltas + 2 * s)) & 0xFFFF;
            }
    }

    // kern version 0: subtables of format 0 hold pairs of glyphs and the change of their distance.
    private void ReadKerning(int kern)
    {
        int at = kern + 4;
        for (int i = 0, subtables = UInt16(kern + 2); UInt16(kern) == 0 && i < subtables; i++, at += UInt16(at + 2))
            if ((UInt16(at + 4) & 0xFF07) == 1)
                for (int pair = 0, pairs = UInt16(at + 6); pair < pairs; pair++)
                {
                    int entry = at + 14 + 6 * pair;
                    _kerning[(UInt16(entry), UInt16(entry + 2))] = Int16(entry + 4);
                }
    }

    private static TrueTypeFont LoadEmbedded()
    {
        using Stream stream = typeof(TrueTypeFont).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"TrueTypeFont: the resource {Resource} is missing from the program.");
        var data = new byte[stream.Length];
        stream.ReadExactly(data);
        return new TrueTypeFont(data);
    }

    private int Table(string name)
        => _tables.TryGetValue(name, out int at) ? at : throw new InvalidDataException($"TrueTypeFont: the table '{name}' is missing.");

    private ushort UInt16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_data.AsSpan(at));
    private short Int16(int at) => BinaryPrimitives.ReadInt16BigEndian(_data.AsSpan(at));
    private uint UInt32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_data.AsSpan(at));
}
