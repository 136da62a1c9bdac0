using NativeNN.Experiments.Plotting;

namespace NativeNN.Tests.Plotting;

/// <summary>Draws nothing and remembers each line of text with its box.</summary>
internal sealed class RecordingCanvas(int width, int height) : Canvas(width, height, Figure.ScreenDpi)
{
    public List<(string Text, Rect Box)> Texts { get; } = [];

    public override void Fill(Rect box, Color color, double radius = 0) => Check(new(box.Left, box.Top), new(box.Right, box.Bottom));
    public override void Stroke(Rect box, Pen pen, double radius = 0) => Check(new(box.Left, box.Top), new(box.Right, box.Bottom));
    public override void Stroke(IReadOnlyList<Point> line, Pen pen) => Check([.. line]);
    public override void Markers(MarkerShape shape, IEnumerable<Point> centers, Color color) => Check([.. centers]);
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

    private static void Check(params Point[] points)
        => Assert.All(points, p => Assert.True(double.IsFinite(p.X) && double.IsFinite(p.Y), $"{p} was drawn"));
}
