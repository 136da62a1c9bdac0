using System.Globalization;
using System.Net;
using System.Text;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Study;

/// <summary>The walk as text for a console, and as a page.</summary>
internal static class BackpropReport
{
    private const int ShownRows = 4, ShownColumns = 5;

    public static string Text(BackpropWalk walk)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Backpropagation by hand: {BackpropWalk.Batch} images, labels "
            + $"{LabelsOf(walk)}\n\nForward\n");
        foreach (var value in walk.Values)
            text.Append($"\n  {value.Name} = {value.Formula}   {value.Value.Shape}\n  {value.Why}\n")
                .Append(Indented(Excerpt(value.Value)));
        text.Append("\nBackward, last to first: the largest entry of each gradient, by four ways\n\n")
            .Append("                by formula     by autograd    differences    by loops\n");
        foreach (var g in walk.Gradients)
            text.Append(CultureInfo.InvariantCulture, $"  d{g.Name + At(g),-12}  {g.At.Formula,-13:G7}  {g.At.Autograd,-13:G7}  "
                + $"{g.At.Differences,-13:G7}  ")
                .Append(CultureInfo.InvariantCulture, $"{g.At.Loops:G7}\n    = {g.Formula}\n    {g.Why}\n");
        text.Append("\nHow far the ways are apart, in parts of the largest entry\n\n")
            .Append("        shape       formula    loops      differences (entries tried)\n");
        foreach (var g in walk.Gradients)
            text.Append(CultureInfo.InvariantCulture, $"  d{g.Name,-4} {g.Shape,-11} {g.FormulaError,-9:0.0E0}  {g.LoopError,-9:0.0E0}  ")
                .Append(CultureInfo.InvariantCulture, $"{g.DifferenceError:0.0E0} ({g.Probed})\n");
        text.Append($"\n{walk.Step}\nloss of the same images: {Number(walk.LossBefore)} before, {Number(walk.LossAfter)} after");
        return text.ToString();
    }

    public static string Html(BackpropWalk walk)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<p>A network 784-32-10, {BackpropWalk.Batch} images, and nothing hidden: every value "
            + $"on the way to ")
            .Append("the loss, every gradient on the way back, each by four ways that share no code, and one step of SGD.</p>\n<figure>\n");
        float[] x = walk.Values[0].Value.ToArray();
        int size = x.Length / BackpropWalk.Batch;
        for (int row = 0; row < BackpropWalk.Batch; row++)
            html.Append($"<img alt=\"a {walk.Labels[row]}\" width=\"84\" height=\"84\" style=\"image-rendering: pixelated\" ")
                .Append($"src=\"{Picture(x.AsSpan(row * size, size), walk.ImageWidth)}\"> ");
        html.Append($"<figcaption>Labels {LabelsOf(walk)}</figcaption>\n</figure>\n<h2>Forward</h2>\n");
        foreach (var value in walk.Values)
            html.Append($"<h3>{Escaped(value.Name)} = {Escaped(value.Formula)} <span class=\"soft\">{value.Value.Shape}</span></h3>\n")
                .Append($"<p>{Escaped(value.Why)}.</p>\n<pre tabindex=\"0\">{Escaped(Excerpt(value.Value))}</pre>\n");
        html.Append("<h2>Backward</h2>\n<p>From the loss to the first weights. Each table has the entry with the largest gradient.</p>\n");
        foreach (var g in walk.Gradients)
        {
            html.Append($"<h3>d{g.Name} = {Escaped(g.Formula)} <span class=\"soft\">{g.Shape}</span></h3>\n<p>{Escaped(g.Why)}.</p>\n")
                .Append("<div class=\"scroll\" tabindex=\"0\"><table><tr><th scope=\"col\">Way</th><th scope=\"col\">")
                .Append($"d{g.Name}{At(g)}</th><th scope=\"col\">Farthest from autograd</th></tr>\n");
            AppendRow("formula, in tensor operations", g.At.Formula, Share(g.FormulaError));
            AppendRow("autograd, loss.Backward()", g.At.Autograd, "–");
            AppendRow("finite differences, (L(v + ε) − L(v − ε)) / 2ε", g.At.Differences, $"{Share(g.DifferenceError)}, {g.Probed} entries "
                + $"tried");
            AppendRow("loops, the chain rule by hand", g.At.Loops, Share(g.LoopError));
            html.Append("</table></div>\n");
        }
        html.Append($"<h2>One step of SGD</h2>\n<p>{Escaped(walk.Step)}</p>\n")
            .Append($"<p>The loss of the same images: <strong>{Number(walk.LossBefore)}</strong> before, "
                + $"<strong>{Number(walk.LossAfter)}</strong> after.</p>\n");
        return HtmlReport.Page("Backpropagation, step by step", html.ToString());

        void AppendRow(string way, double value, string apart) =>
            html.Append($"<tr><th scope=\"row\">{Escaped(way)}</th><td "
                + $"class=\"number\">{Number(value)}</td><td>{Escaped(apart)}</td></tr>\n");
    }

    private static string Share(double error) => error == 0 ? "0" : $"{Notation.Short(error, 2)} of the largest entry";

    private static string At(WalkedGradient g) => g.Shape.Rank == 2 ? $"[{g.At.Row}, {g.At.Column}]" : $"[{g.At.Column}]";

    private static string LabelsOf(BackpropWalk walk) => string.Join(", ", walk.Labels);

    private static string Number(double value) => Notation.Short(value, 6);

    private static string Indented(string text) => string.Concat(text.Split('\n').Select(line => $"    {line}\n"));

    /// <summary>The first rows, and of them the first columns that are not all zero: a picture begins with empty lines.</summary>
    private static string Excerpt(Tensor tensor)
    {
        float[] values = tensor.ToArray();
        if (values.Length == 1)
            return Number(values[0]);
        int columns = tensor.Columns;
        int from = Math.Min(Array.FindIndex(Enumerable.Range(0, columns).ToArray(), c => Enumerable.Range(0, values.Length / columns)
            .Any(row => values[row * columns + c] != 0)), Math.Max(0, columns - ShownColumns));
        return string.Join('\n', Enumerable.Range(0, Math.Min(ShownRows, values.Length / columns)).Select(row =>
            (from > 0 ? "… " : "  ") + string.Concat(values[(row * columns + from)..(row * columns
                + Math.Min(columns, from + ShownColumns))]
                .Select(value => $"{Notation.Fixed(value, 4),9}")) + (from + ShownColumns < columns ? " …" : "")));
    }

    /// <summary>A row of x as a picture, dark on light.</summary>
    private static string Picture(ReadOnlySpan<float> row, int width)
    {
        var pixels = new Pixmap(width, row.Length / width);
        for (int i = 0; i < row.Length; i++)
        {
            byte light = (byte)(255 - Math.Round(255 * row[i]));
            pixels[i % width, i / width] = new Color(light, light, light);
        }
        using var canvas = new PngCanvas(pixels.Width, pixels.Height);
        canvas.Image(new Rect(0, 0, pixels.Width, pixels.Height), pixels);
        using var png = new MemoryStream();
        canvas.Save(png);
        return $"data:image/png;base64,{Convert.ToBase64String(png.ToArray())}";
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
