using System.Text.RegularExpressions;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// An SVG file as a part of a page: without its XML declaration, with names (id) that no other picture on the page has, with its own width
/// for the page's style (--wide), and read out as one picture, not word by word.
/// </summary>
internal static partial class InlineSvg
{
    public static string Of(string svg, string prefix)
    {
        string picture = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace("<g aria-label", "<g data-text",
            StringComparison.Ordinal);
        picture = Names().Replace(picture, match => $"{match.Groups[1].Value}{prefix}{match.Groups[2].Value}");
        return picture.Insert("<svg".Length, $" style=\"--wide: {Width().Match(picture).Groups[1].Value}px\"");
    }

    // Where a name is given, and where it is used: id="g36", xlink:href="#g36", url(#clip0).
    [GeneratedRegex("""( id="| xlink:href="#|url\(#)([A-Za-z])""")]
    private static partial Regex Names();

    [GeneratedRegex("""width="(\d+)""")]
    private static partial Regex Width();
}
