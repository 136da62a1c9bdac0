using System.Globalization;

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

    // CSS names; "tab:" names are the cycle.
    private static readonly Dictionary<string, Color> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["black"] = Black, ["white"] = White, ["red"] = Hex("#ff0000"), ["green"] = Hex("#008000"), ["blue"] = Hex("#0000ff"),
        ["orange"] = Hex("#ffa500"), ["grey"] = Hex("#808080"), ["gray"] = Hex("#808080"), ["lightgrey"] = Hex("#d3d3d3"),
        ["lightgray"] = Hex("#d3d3d3"), ["darkgrey"] = Hex("#a9a9a9"), ["darkgray"] = Hex("#a9a9a9"), ["dimgrey"] = Hex("#696969"),
        ["steelblue"] = Hex("#4682b4"), ["purple"] = Hex("#800080"), ["brown"] = Hex("#a52a2a"), ["pink"] = Hex("#ffc0cb"),
        ["cyan"] = Hex("#00ffff"), ["magenta"] = Hex("#ff00ff"), ["yellow"] = Hex("#ffff00"), ["olive"] = Hex("#808000"),
        ["navy"] = Hex("#000080"), ["teal"] = Hex("#008080"), ["gold"] = Hex("#ffd700"), ["crimson"] = Hex("#dc143c"),
        ["darkorange"] = Hex("#ff8c00"), ["darkgreen"] = Hex("#006400"), ["firebrick"] = Hex("#b22222"),
        ["tab:blue"] = Cycle[0], ["tab:orange"] = Cycle[1], ["tab:green"] = Cycle[2], ["tab:red"] = Cycle[3], ["tab:purple"] = Cycle[4],
        ["tab:brown"] = Cycle[5], ["tab:pink"] = Cycle[6], ["tab:grey"] = Cycle[7], ["tab:gray"] = Cycle[7], ["tab:olive"] = Cycle[8],
        ["tab:cyan"] = Cycle[9],
    };

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
    public string ToHex() => string.Create(CultureInfo.InvariantCulture, $"#{R:x2}{G:x2}{B:x2}");

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
