
namespace NativeNN.Experiments.Plotting;

/// <summary>An sRGB colour with alpha, 8 bits each. Strings convert: <c>"steelblue"</c>, <c>"#1f77b4"</c>, <c>"tab:orange"</c>.</summary>
public readonly record struct Color(byte R, byte G, byte B, byte A = 255)
{
    public static readonly Color Black = new(0, 0, 0);
    public static readonly Color White = new(255, 255, 255);

    /// <summary>The ten colours that lines take in turn (Tableau 10, matplotlib's default cycle).</summary>
    public static readonly IReadOnlyList<Color> Cycle =
    [
        Hex("#1f77b4"), Hex("#ff7f0e"), Hex("#2ca02c"), Hex("#d62728"), Hex("#9467bd"),
        Hex("#8c564b"), Hex("#e377c2"), Hex("#7f7f7f"), Hex("#bcbd22"), Hex("#17becf"),
    ];

    // CSS's names.
    private const string Css =
        "black 000000 white ffffff red ff0000 green 008000 blue 0000ff orange ffa500 purple 800080 brown a52a2a pink ffc0cb cyan 00ffff " +
        "magenta ff00ff yellow ffff00 olive 808000 navy 000080 teal 008080 gold ffd700 crimson dc143c steelblue 4682b4 firebrick b22222 " +
        "darkorange ff8c00 darkgreen 006400 grey 808080 gray 808080 lightgrey d3d3d3 lightgray d3d3d3 darkgrey a9a9a9 darkgray a9a9a9 " +
        "dimgrey 696969 dimgray 696969";

    private const string CycleNames = "blue orange green red purple brown pink grey olive cyan";

    private static readonly Dictionary<string, Color> Names = Css.Split(' ').Chunk(2)
        .Select(pair => (Name: pair[0], Color: Hex("#" + pair[1])))
        .Concat(CycleNames.Split(' ').Select((name, i) => (Name: "tab:" + name, Color: Cycle[i])))
        .Append((Name: "tab:gray", Color: Cycle[7]))
        .ToDictionary(named => named.Name, named => named.Color, StringComparer.OrdinalIgnoreCase);

    /// <summary>A name, <c>#rgb</c>, <c>#rrggbb</c> or <c>#rrggbbaa</c>.</summary>
    /// <exception cref="ArgumentException">The text is none of these.</exception>
    public static Color Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith('#') ? Hex(text)
            : Names.TryGetValue(text, out Color named) ? named
            : throw new ArgumentException($"Color: '{text}' is neither a known name (such as steelblue, tab:red) nor #rrggbb.");
    }

    public static implicit operator Color(string text) => Parse(text);

    /// <summary>The same colour with its alpha multiplied by <paramref name="alpha"/> in [0, 1].</summary>
    public Color WithAlpha(double alpha) => this with { A = (byte)Math.Round(A * Math.Clamp(alpha, 0, 1)) };

    /// <summary><c>#rrggbb</c>, without alpha.</summary>
    public string ToHex() => $"#{R:x2}{G:x2}{B:x2}";

    private static Color Hex(string text)
    {
        string digits = text[1..];
        if (digits.Length == 3)
            digits = string.Concat(digits.Select(d => new string(d, 2)));
        if (digits.Length is not (6 or 8) || !digits.All(char.IsAsciiHexDigit))
            throw new ArgumentException($"Color: '{text}' is not #rgb, #rrggbb or #rrggbbaa.");
        byte[] bytes = Convert.FromHexString(digits);
        return new Color(bytes[0], bytes[1], bytes[2], bytes.Length == 4 ? bytes[3] : (byte)255);
    }
}
