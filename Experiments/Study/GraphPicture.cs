using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Study;

/// <summary>
/// A traced graph as PNG, SVG or PDF: a box for each value, and on each edge the norm of the gradient that flows back through it.
/// </summary>
internal static class GraphPicture
{
    private const double LetterSize = 11, SmallSize = 9.5, ArrowHead = 5;
    private static readonly Color Gradient = "#a02020", Ink = "#202020";

    public static byte[] Encode(GraphTrace trace, string description, string format)
    {
        var layout = GraphLayout.Of(trace);
        var (width, height) = ((int)Math.Ceiling(layout.Width), (int)Math.Ceiling(layout.Height));
        using Canvas canvas = format switch
        {
            "png" => new PngCanvas(width, height),
            "pdf" => new PdfCanvas(width, height, Figure.ScreenDpi, description),
            _ => new SvgCanvas(width, height, Figure.ScreenDpi, description),
        };
        Draw(canvas, trace, layout);
        using var stream = new MemoryStream();
        canvas.Save(stream);
        return stream.ToArray();
    }

    private static void Draw(Canvas canvas, GraphTrace trace, GraphLayout layout)
    {
        foreach (var edge in layout.Edges)
            DrawLine(canvas, layout.PathOf(edge));
        for (int i = 0; i < trace.Tensors.Count; i++)
            DrawBox(canvas, layout.BoxOf(i), trace.Tensors[i]);
        foreach (var edge in layout.Edges)
            if (GraphText.Share(edge) is { } text)
                DrawShare(canvas, layout.PathOf(edge), text);
    }

    private static void DrawBox(Canvas canvas, Rect box, TracedTensor tensor)
    {
        canvas.Fill(box, GraphText.FillOf(tensor), radius: 5);
        canvas.Stroke(box, new Pen("#606060", 1), radius: 5);
        string[] lines = GraphText.Lines(tensor);
        for (int i = 0; i < lines.Length; i++)
        {
            double size = i == 0 ? LetterSize : SmallSize, width = TextBlock.Width(lines[i], size);
            size *= Math.Min(1, (box.Width - 8) / width);
            canvas.Text(lines[i], box.Center.X, box.Top + 13 + 16.5 * i,
                new TextStyle(size, Ink, HorizontalAnchor.Center, VerticalAnchor.Center));
        }
    }

    private static void DrawLine(Canvas canvas, IReadOnlyList<Point> path)
    {
        var pen = new Pen("#808080", 1.2);
        canvas.Stroke(path, pen);
        Point end = path[^1], back = path[^2] - end;
        Point along = back * (ArrowHead / Math.Max(back.Length, 1e-9)), across = new(-along.Y * 0.6, along.X * 0.6);
        canvas.Stroke([end + along + across, end, end + along - across], pen);
    }

    private static void DrawShare(Canvas canvas, IReadOnlyList<Point> path, string text)
    {
        Point middle = Point.Lerp(path[0], path[1], 0.5);
        var style = new TextStyle(SmallSize, Gradient, HorizontalAnchor.Center, VerticalAnchor.Center);
        canvas.Fill(TextBlock.Box(text, middle.X, middle.Y, style).Inflate(1), new Color(255, 255, 255, 215));
        canvas.Text(text, middle.X, middle.Y, style);
    }
}
