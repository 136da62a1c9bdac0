using System.Text;

namespace NativeNN.Experiments.Plotting;

public enum HorizontalAnchor { Left, Center, Right }

/// <summary>Center is the middle of a line's capitals and digits, or of the whole block if it has more lines.</summary>
public enum VerticalAnchor { Top, Center, Baseline, Bottom }

/// <summary>Size is in pixels per em. Upward text is turned by 90° and reads from bottom to top; anchors mean its turned box.</summary>
public readonly record struct TextStyle(
    double Size, Color Color, HorizontalAnchor Horizontal = HorizontalAnchor.Left, VerticalAnchor Vertical = VerticalAnchor.Baseline,
    bool Upward = false);

/// <summary>Measures and places text of one or more lines, and fits it into a width.</summary>
public static class TextBlock
{
    // Of DejaVu Sans, in ems: 'l' and brackets reach 0.76 up, 'p' and brackets 0.24 down, capitals and digits are 0.73 high.
    private const double Ascent = 0.78;
    private const double Descent = 0.23;
    private const double CapHeight = 0.729;
    private const double LineSpacing = 1.18;

    public static double Width(string text, double size)
    {
        double width = 0;
        foreach (string line in text.Split('\n'))
            width = Math.Max(width, DejaVuSans.Width(line) * size);
        return width;
    }

    public static double Height(string text, double size)
        => (Ascent + Descent + LineSpacing * text.Count(c => c == '\n')) * size;

    /// <summary>The rectangle that the text takes.</summary>
    public static Rect Box(string text, double x, double y, TextStyle style)
    {
        (double width, double height) = (Width(text, style.Size), Height(text, style.Size));
        if (style.Upward)
            (width, height) = (height, width);
        double left = x - style.Horizontal switch { HorizontalAnchor.Left => 0, HorizontalAnchor.Center => width / 2, _ => width };
        bool capCentered = !style.Upward && !text.Contains('\n');
        double top = y - style.Vertical switch
        {
            VerticalAnchor.Top => 0,
            VerticalAnchor.Center => capCentered ? (Ascent - CapHeight / 2) * style.Size : height / 2,
            VerticalAnchor.Baseline => style.Upward ? height : Ascent * style.Size,
            _ => height,
        };
        return new Rect(left, top, left + width, top + height);
    }

    /// <summary>Each line with the point on its baseline where it starts.</summary>
    public static IEnumerable<(string Line, Point Start)> Lines(string text, double x, double y, TextStyle style)
    {
        Rect box = Box(text, x, y, style);
        double baseline = Ascent * style.Size;
        foreach (string line in text.Split('\n'))
        {
            double slack = (style.Upward ? box.Height : box.Width) - Width(line, style.Size);
            if (style.Upward)
                yield return (line, new Point(box.Left + baseline, box.Bottom - slack / 2));
            else
                yield return (line, new Point(box.Left + slack * (int)style.Horizontal / 2, box.Top + baseline));
            baseline += LineSpacing * style.Size;
        }
    }

    /// <summary>Breaks lines at spaces until they fit; a word too long makes the text smaller, down to 60%, and is then broken; so does
    /// a block too high, which is then cut off with an ellipsis.</summary>
    public static (string Text, double Size) Fit(string text, double size, double maxWidth, double maxHeight = double.PositiveInfinity)
    {
        double longest = text.Split(' ', '\n').Max(word => Width(word, size)), smallest = 0.6 * size;
        if (longest > maxWidth)
            size *= Math.Clamp(maxWidth / longest, 0.6, 1);
        List<string> lines = Wrap(text, size, maxWidth);
        int Room() => Math.Max(1, (int)((maxHeight / size - Ascent - Descent) / LineSpacing + 1.001));
        while (lines.Count > Room() && size > smallest)
            lines = Wrap(text, size = Math.Max(smallest, 0.9 * size), maxWidth);
        if (lines.Count > Room())
        {
            lines.RemoveRange(Room(), lines.Count - Room());
            string last = lines[^1];
            lines[^1] = last[..LongestPrefix(last, size, maxWidth - Width("…", size))] + "…";
        }
        return (string.Join('\n', lines), size);
    }

    private static List<string> Wrap(string text, double size, double maxWidth)
    {
        var lines = new List<string>();
        foreach (string paragraph in text.Split('\n'))
        {
            string line = "";
            foreach (string word in paragraph.Split(' '))
            {
                string longer = line.Length == 0 ? word : line + " " + word;
                if (line.Length > 0 && Width(longer, size) > maxWidth)
                {
                    lines.Add(line);
                    longer = word;
                }
                line = longer;
                while (line.Length > 1 && Width(line, size) > maxWidth)
                {
                    int fits = LongestPrefix(line, size, maxWidth);
                    lines.Add(line[..fits]);
                    line = line[fits..];
                    if (line.Length == 0)
                        break;
                }
            }
            lines.Add(line);
        }
        return lines;
    }

    private static int LongestPrefix(string line, double size, double maxWidth)
    {
        int fits = 0;
        foreach (Rune rune in line.EnumerateRunes())
        {
            int next = fits + rune.Utf16SequenceLength;
            if (fits > 0 && Width(line[..next], size) > maxWidth)
                break;
            fits = next;
        }
        return fits;
    }
}
