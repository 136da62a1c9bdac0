using System.Globalization;
using System.Security;
using System.Text;

namespace NativeNN.Experiments.Plotting;

/// <summary>Writes a figure as SVG 1.1. Letters are paths, so it looks the same with any fonts installed.</summary>
public sealed class SvgCanvas(int width, int height) : Canvas(width, height)
{
    private readonly StringBuilder _body = new();
    private readonly StringBuilder _definitions = new();
    private readonly HashSet<int> _glyphs = [];
    private int _clips;

    public override void Fill(Outline outline, Color color)
        => _body.Append($"<path d=\"{Data(outline)}\" fill=\"{color.ToHex()}\"{Opacity("fill", color)}/>\n");

    public override void Stroke(Outline outline, Pen pen)
    {
        _body.Append($"<path d=\"{Data(outline)}\" fill=\"none\" stroke=\"{pen.Color.ToHex()}\" stroke-width=\"{Number(pen.Width)}\"");
        if (pen.Join == LineJoin.Round)
            _body.Append(" stroke-linejoin=\"round\"");
        if (pen.Cap == LineCap.Square)
            _body.Append(" stroke-linecap=\"square\"");
        if (pen.Dash is not null)
            _body.Append($" stroke-dasharray=\"{string.Join(' ', pen.Dash.Select(Number))}\"");
        _body.Append($"{Opacity("stroke", pen.Color)}/>\n");
    }

    public override void PushClip(Rect clip)
    {
        string id = $"clip{_clips++}";
        _definitions.Append($"<clipPath id=\"{id}\"><path d=\"{Data(Outline.Rectangle(clip))}\"/></clipPath>\n");
        _body.Append($"<g clip-path=\"url(#{id})\">\n");
    }

    public override void PopClip() => _body.Append("</g>\n");

    public override void Image(Rect target, Pixmap image)
    {
        // Enlarged by whole factors first: viewers that smooth pictures then smooth less than a pixel.
        int xFactor = Math.Max(1, (int)Math.Ceiling(2 * target.Width / image.Width));
        int yFactor = Math.Max(1, (int)Math.Ceiling(2 * target.Height / image.Height));
        var enlarged = new PngCanvas(image.Width * xFactor, image.Height * yFactor);
        enlarged.Image(new Rect(0, 0, enlarged.Width, enlarged.Height), image);
        using var png = new MemoryStream();
        enlarged.Save(png);
        _body.Append($"<image x=\"{Number(target.Left)}\" y=\"{Number(target.Top)}\" width=\"{Number(target.Width)}\" ");
        _body.Append($"height=\"{Number(target.Height)}\" preserveAspectRatio=\"none\" image-rendering=\"pixelated\" ");
        _body.Append($"xlink:href=\"data:image/png;base64,{Convert.ToBase64String(png.ToArray())}\"/>\n");
    }

    public override void Save(Stream stream)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var writer = new StreamWriter(stream, utf8, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        writer.Write("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" ");
        writer.WriteLine($"width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\">");
        writer.Write($"<defs>\n{_definitions}</defs>\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n{_body}</svg>\n");
    }

    protected override void TextLine(string line, Point start, double size, bool upward, Color color)
    {
        TrueTypeFont font = TrueTypeFont.Default;
        string scale = (size / font.UnitsPerEm).ToString("0.######", CultureInfo.InvariantCulture);
        string turn = upward ? " rotate(-90)" : "";
        _body.Append($"<g aria-label=\"{SecurityElement.Escape(line)}\" fill=\"{color.ToHex()}\"{Opacity("fill", color)} ");
        _body.Append($"transform=\"translate({Number(start.X)} {Number(start.Y)}){turn} scale({scale} -{scale})\">");
        foreach ((int glyph, double x) in font.Place(line))
        {
            Outline outline = font.GlyphOutline(glyph);
            if (outline.Verbs.Count == 0)
                continue;
            if (_glyphs.Add(glyph))
                _definitions.Append($"<path id=\"g{glyph}\" d=\"{Data(outline)}\"/>\n");
            _body.Append($"<use xlink:href=\"#g{glyph}\" x=\"{Number(x)}\"/>");
        }
        _body.Append("</g>\n");
    }

    private static string Data(Outline outline)
    {
        var data = new StringBuilder();
        int at = 0;
        foreach (Outline.Verb verb in outline.Verbs)
        {
            (char letter, int points) = verb switch
            {
                Outline.Verb.Move => ('M', 1),
                Outline.Verb.Line => ('L', 1),
                Outline.Verb.Quadratic => ('Q', 2),
                Outline.Verb.Cubic => ('C', 3),
                _ => ('Z', 0),
            };
            data.Append(letter);
            for (int i = 0; i < points; i++, at++)
                data.Append(i == 0 ? "" : " ").Append(Number(outline.Points[at].X)).Append(' ').Append(Number(outline.Points[at].Y));
        }
        return data.ToString();
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Opacity(string what, Color color)
        => color.A == 255 ? "" : $" {what}-opacity=\"{(color.A / 255.0).ToString("0.###", CultureInfo.InvariantCulture)}\"";
}
