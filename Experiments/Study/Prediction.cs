using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Study;

/// <summary>What a trained network says of a picture: the picture as the network sees it, and the softmax of its outputs.</summary>
internal sealed record Prediction(string Name, GreyPicture Seen, double[] Probabilities, string Changes)
{
    private const int Told = 3, Drawn = 12;

    /// <summary>Reads pictures, or IDX files of many, and asks a network that was trained on such a record's data.</summary>
    public static IReadOnlyList<Prediction> Of(Module net, TrainingRecord record, IEnumerable<string> paths)
    {
        using var _ = new NoGrad();
        float[] table = record.Recipe.Data.Normalization.Table.ToArray();
        return [.. paths.SelectMany(path => Pictures(path, record.Data.Rows, record.Data.Columns)).Select(p =>
        {
            var x = Tensor.From(Array.ConvertAll(p.Seen.Pixels, pixel => table[pixel]), (1, p.Seen.Pixels.Length));
            float[] y = net.Forward(x).Softmax().ToArray(); // of logits or of their log-softmax: the same
            return new Prediction(p.Name, p.Seen, Array.ConvertAll(y, value => (double)value), p.Changes);
        })];
    }

    /// <summary>Classes, the likeliest first.</summary>
    public int[] Ranked => [.. Enumerable.Range(0, Probabilities.Length).OrderByDescending(k => Probabilities[k])];

    /// <summary>"seven.png: 7 (98.20%), then 2 (1.10%), 3 (0.40%); dark on light: inverted; 280×280 pixels scaled to 28×28"</summary>
    public string Describe()
    {
        string said = Probabilities.Any(double.IsNaN)
            ? "the network's outputs are not numbers: its training diverged"
            : string.Join(", then ", [Said(Ranked[0]), string.Join(", ", Ranked.Skip(1).Take(Told - 1).Select(Said))]);
        return $"{Name}: {said}{Changes}";

        string Said(int k) => $"{k} ({Probabilities[k]:0.00%})";
    }

    /// <summary>The first pictures, each beside its bars.</summary>
    public static Figure Draw(IReadOnlyList<Prediction> predictions)
    {
        var shown = predictions.Take(Drawn).ToList();
        var figure = new Figure(rows: shown.Count, columns: 2, width: 8, height: 2.7 * shown.Count);
        for (int row = 0; row < shown.Count; row++)
        {
            var (name, seen, p, _) = shown[row];
            figure[row, 0]
                .DrawPicture(seen.Rows, seen.Columns, Array.ConvertAll(seen.Pixels, v => (double)v), 0, byte.MaxValue, shape: 1.6)
                .Label(Shorten(name), "", "");
            double[] classes = [.. p.Select((_, k) => (double)k)], percent = [.. p.Select(share => double.IsNaN(share) ? 0 : 100 * share)];
            int stride = (classes.Length + 15) / 16;
            double[] ticks = [.. classes.Where(k => k % stride == 0)];
            string title = p.Any(double.IsNaN) ? "not a number" : $"says {shown[row].Ranked[0]} ({p.Max():0.0%})";
            figure[row, 1].Bar(classes, percent).XTicks(ticks, [.. ticks.Select(k => $"{k}")])
                .Label(title, row == shown.Count - 1 ? "Class" : "", "Probability (%)");
            figure[row, 1].YLimits = (0, 100);
        }
        return figure;
    }

    private static IEnumerable<(string Name, GreyPicture Seen, string Changes)> Pictures(string path, int rows, int columns)
    {
        if (IsIdx(path))
        {
            var images = Idx.Read(path, dimensions: 3);
            int size = images.Dimensions[1] * images.Dimensions[2];
            for (int i = 0; i < images.Dimensions[0]; i++)
                yield return Fitted($"{path} [{i}]",
                    new(images.Dimensions[1], images.Dimensions[2], images.Values[(i * size)..((i + 1) * size)]), "");
            yield break;
        }
        var picture = GreyPicture.Read(path);
        yield return picture.IsOnLight
            ? Fitted(path, picture.Inverted(), "; dark on light: inverted")
            : Fitted(path, picture, "");

        (string, GreyPicture, string) Fitted(string name, GreyPicture grey, string changes) => (grey.Rows, grey.Columns) == (rows, columns)
            ? (name, grey, changes)
            : (name, grey.FitInto(rows, columns), $"{changes}; {grey.Columns}×{grey.Rows} pixels scaled to {columns}×{rows}");
    }

    // An IDX file of bytes begins with two zeros, a gzipped file with 1f 8b; no picture does.
    private static bool IsIdx(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            var start = new byte[2];
            using var file = File.OpenRead(path);
            return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == 2 && start is [0, 0] or [0x1f, 0x8b];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    private static string Shorten(string name)
    {
        const int Most = 40;
        string file = Path.GetFileName(name);
        return file.Length <= Most ? file : $"…{file[^Most..]}";
    }
}
