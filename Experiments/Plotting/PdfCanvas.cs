using SkiaSharp;

namespace NativeNN.Experiments.Plotting;

/// <summary>Draws one page of PDF, 72 points to the inch. Text stays text: it can be searched and read aloud. Skia embeds
/// the whole font for it, 380 KB of each file.</summary>
public sealed class PdfCanvas : SkiaCanvas
{
    private readonly MemoryStream file = new();
    private readonly SKDocument document;

    public PdfCanvas(int width, int height, double dpi, string description) : base(width, height, dpi)
    {
        SkiaLibrary.Load();
        // No dates, and outside PDF/A Skia writes no identifier: the same figure gives the same bytes.
        document = SKDocument.CreatePdf(file, new SKDocumentPdfMetadata
        {
            Title = description,
            Creator = "NativeNN",
            Producer = "Skia",
            RasterDpi = (float)dpi,
            EncodingQuality = 101, // pictures stay exact
        });
        float scale = (float)(72 / dpi);
        Target = document.BeginPage(width * scale, height * scale);
        Target.Scale(scale);
    }

    protected override SKCanvas Target { get; }

    public override void Image(Rect target, Pixmap image)
    {
        using SKImage picture = ToSkia(image.EnlargedFor(target.Width, target.Height));
        Target.DrawImage(picture, ToSkia(target), new SKSamplingOptions(SKFilterMode.Nearest));
    }

    public override void Save(Stream stream)
    {
        document.EndPage();
        document.Close();
        file.WriteTo(stream);
    }

    public override void Dispose()
    {
        document.Dispose();
        file.Dispose();
        base.Dispose();
    }

    protected override void TextLine(string line, Point start, double size, bool upward, Color color)
    {
        List<(ushort Glyph, int X)> placed = DejaVuSans.Place(line);
        double scale = size / DejaVuSans.UnitsPerEm;
        using SKFont font = DejaVuSans.AtSize(size);
        using var builder = new SKTextBlobBuilder();
        builder.AddHorizontalRun([.. placed.Select(p => p.Glyph)], font, [.. placed.Select(p => (float)(p.X * scale))], y: 0);
        using SKTextBlob text = builder.Build()!; // null for an empty run only
        using SKPaint paint = FillPaint(color);
        Target.Save();
        Target.Translate((float)start.X, (float)start.Y);
        Target.RotateDegrees(upward ? -90 : 0);
        Target.DrawText(text, 0, 0, paint);
        Target.Restore();
    }
}
