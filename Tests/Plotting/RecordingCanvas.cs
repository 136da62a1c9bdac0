using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

/// <summary>Draws nothing and remembers each line of text with its box.</summary>
internal sealed class RecordingCanvas(int width, int height) : Canvas(width, height)
{
    public List<(string Text, Rect Box)> Texts { get; } = [];

    public override void Fill(Outline outline, Color color) => Check(outline);
    public override void Stroke(Outline outline, Pen pen) => Check(outline);
    public override void PushClip(Rect clip) { }
    public override void PopClip() { }
    public override void Image(Rect target, Pixmap image) { }
    public override void Save(Stream stream) => throw new NotSupportedException();

    // From the reach of 'd' above the baseline to that of 'p' below it.
    protected override void TextLine(string line, Point start, double size, bool upward, Color color)
    {
        (double width, double up, double down) = (TextBlock.Width(line, size), 0.76 * size, 0.21 * size);
        Texts.Add((line, upward
            ? new Rect(start.X - up, start.Y - width, start.X + down, start.Y)
            : new Rect(start.X, start.Y - up, start.X + width, start.Y + down)));
    }

    private static void Check(Outline outline)
        => Assert.All(outline.Points, p => Assert.True(double.IsFinite(p.X) && double.IsFinite(p.Y), $"{p} was drawn"));
}
