using System.Globalization;
using System.Security;
using System.Text;
using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>Writes a figure as SVG 1.1. Letters are outlines, so it looks the same in any viewer and with any fonts installed; each letter
/// and each kind of marker is defined once and used by reference.</summary>
public sealed class SvgCanvas(int width, int height, double dpi, string description) : Canvas(width, height, dpi)
{
    private readonly StringBuilder body = new();
    private readonly StringBuilder definitions = new();
    private readonly HashSet<ushort> glyphs = [];
    private readonly Dictionary<MarkerShape, string> markers = [];
    private int clips;

    public override void Fill(Rect box, Color color, double radius = 0)
        => body.Append($"<rect {Position(box)}{Rounded(radius)} fill=\"{color.ToHex()}\"{Opacity("fill", color)}/>\n");

    public override void Stroke(Rect box, Pen pen, double radius = 0)
        => body.Append($"<rect {Position(box)}{Rounded(radius)} fill=\"none\"{Stroke(pen)}/>\n");

    public override void Stroke(IReadOnlyList<Point> line, Pen pen)
        => body.Append($"<path d=\"{Data(line)}\" fill=\"none\"{Stroke(pen)}/>\n");

    public override void Markers(MarkerShape shape, IEnumerable<Point> centers, Color color)
    {
        string what = shape.IsFilled ? "fill" : "stroke", id = Define(shape);
        // Where n equal marks of opacity a share a tenth of a pixel stands one of 1 − (1 − a)ⁿ: it looks the same in a smaller file.
        var counted = centers.CountBy(center => (X: Math.Round(center.X, 1), Y: Math.Round(center.Y, 1)));
        foreach (var pile in counted.GroupBy(place => place.Value, place => place.Key))
        {
            Color together = color with { A = (byte)Math.Round(255 * (1 - Math.Pow(1 - color.A / 255.0, pile.Key))) };
            body.Append($"<g {what}=\"{together.ToHex()}\"{Opacity(what, together)}>");
            foreach ((double x, double y) in pile)
                body.Append($"<use xlink:href=\"#{id}\" x=\"{Number(x)}\" y=\"{Number(y)}\"/>");
            body.Append("</g>\n");
        }
    }

    public override void PushClip(Rect clip)
    {
        string id = $"clip{clips++}";
        definitions.Append($"<clipPath id=\"{id}\"><rect {Position(clip)}/></clipPath>\n");
        body.Append($"<g clip-path=\"url(#{id})\">\n");
    }

    public override void PopClip() => body.Append("</g>\n");

    public override void Image(Rect target, Pixmap image)
    {
        Pixmap enlarged = image.EnlargedFor(target.Width, target.Height);
        using var pixels = new PngCanvas(enlarged.Width, enlarged.Height);
        pixels.Image(new Rect(0, 0, enlarged.Width, enlarged.Height), enlarged);
        using var png = new MemoryStream();
        pixels.Save(png);
        body.Append($"<image {Position(target)} preserveAspectRatio=\"none\" image-rendering=\"pixelated\" ");
        body.Append($"xlink:href=\"data:image/png;base64,{Convert.ToBase64String(png.ToArray())}\"/>\n");
    }

    public override void Save(Stream stream)
    {
        string label = SecurityElement.Escape(description);
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var writer = new StreamWriter(stream, utf8, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        writer.Write("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" ");
        writer.Write($"width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{label}\">\n");
        writer.Write($"<title>{label}</title>\n<defs>\n{definitions}</defs>\n");
        writer.Write($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n{body}</svg>\n");
    }

    protected override void TextLine(string line, Point start, double size, bool upward, Color color)
    {
        string scale = (size / DejaVuSans.UnitsPerEm).ToString("0.######", CultureInfo.InvariantCulture);
        string turn = upward ? " rotate(-90)" : "";
        body.Append($"<g aria-label=\"{SecurityElement.Escape(line)}\" fill=\"{color.ToHex()}\"{Opacity("fill", color)} ");
        body.Append($"transform=\"translate({Number(start.X)} {Number(start.Y)}){turn} scale({scale})\">");
        foreach ((ushort glyph, int x) in DejaVuSans.Place(line))
        {
            SKPath outline = DejaVuSans.Outline(glyph);
            if (outline.IsEmpty)
                continue; // a space
            if (glyphs.Add(glyph))
                definitions.Append($"<path id=\"g{glyph}\" d=\"{outline.ToSvgPathData()}\"/>\n");
            body.Append($"<use xlink:href=\"#g{glyph}\" x=\"{x}\"/>");
        }
        body.Append("</g>\n");
    }

    private string Define(MarkerShape shape)
    {
        if (markers.TryGetValue(shape, out string? id))
            return id;
        id = markers[shape] = $"m{markers.Count}";
        string data = string.Concat(shape.Contours().Select(contour => Data(contour) + (shape.IsFilled ? "Z" : "")));
        definitions.Append(shape switch
        {
            { Marker: Marker.Circle } => $"<circle id=\"{id}\" r=\"{Number(shape.Radius)}\"/>\n",
            { IsFilled: true } => $"<path id=\"{id}\" d=\"{data}\"/>\n",
            _ => $"<path id=\"{id}\" d=\"{data}\" stroke-width=\"{Number(shape.LineWidth)}\"/>\n",
        });
        return id;
    }

    private static string Data(IReadOnlyList<Point> line)
        => "M" + string.Join('L', line.Select(p => $"{Number(p.X)} {Number(p.Y)}"));

    private static string Position(Rect r)
        => $"x=\"{Number(r.Left)}\" y=\"{Number(r.Top)}\" width=\"{Number(r.Width)}\" height=\"{Number(r.Height)}\"";

    private static string Rounded(double radius) => radius > 0 ? $" rx=\"{Number(radius)}\"" : "";

    private static string Stroke(Pen pen)
        => $" stroke=\"{pen.Color.ToHex()}\" stroke-width=\"{Number(pen.Width)}\""
            + (pen.Join == LineJoin.Round ? " stroke-linejoin=\"round\"" : "")
            + (pen.Cap == LineCap.Square ? " stroke-linecap=\"square\"" : "")
            + (pen.Dash is null ? "" : $" stroke-dasharray=\"{string.Join(' ', pen.Dash.Select(Number))}\"")
            + Opacity("stroke", pen.Color);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Opacity(string what, Color color)
        => color.A == 255 ? "" : $" {what}-opacity=\"{(color.A / 255.0).ToString("0.###", CultureInfo.InvariantCulture)}\"";
}
