using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Lectures;

/// <summary>What a trained network answers to each test image: its class, and the probability p of the right one.</summary>
internal sealed class TestAnswers
{
    private const int Batch = 1000, WorstShown = 15, MostNumbers = 16;

    private readonly TrainingData data;
    private readonly int[] labels, answers;
    private readonly double[] losses, surest; // −ln p of the label; p of the answer

    private TestAnswers(TrainingData data, int[] labels, int[] answers, double[] losses, double[] surest) =>
        (this.data, this.labels, this.answers, this.losses, this.surest) = (data, labels, answers, losses, surest);

    /// <summary>Asks without dropout, and leaves the network so.</summary>
    public static TestAnswers Of(Module net, TrainingData data)
    {
        using var _ = new NoGrad();
        net.Eval();
        int[] labels = data.Test.Labels.ToArray();
        var (answers, losses, surest) = (new int[labels.Length], new double[labels.Length], new double[labels.Length]);
        for (int start = 0; start < labels.Length; start += Batch)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(Batch, labels.Length - start))];
            // Logits and their log-softmax have the same softmax.
            var logP = net.Forward(data.Test.Select(rows).CopyInputs()).LogSoftmax();
            float[] values = logP.ToArray();
            int[] largest = logP.ArgMax().ToArray();
            foreach (int row in rows)
            {
                int at = (row - start) * logP.Columns;
                answers[row] = largest[row - start];
                losses[row] = -values[at + labels[row]];
                surest[row] = Math.Exp(values[at + answers[row]]);
            }
        }
        return new(data, labels, answers, losses, surest);
    }

    /// <summary>[label, answer]: how many images.</summary>
    public int[,] Confusion
    {
        get
        {
            var counts = new int[data.ClassCount, data.ClassCount];
            for (int i = 0; i < labels.Length; i++)
                counts[labels[i], answers[i]]++;
            return counts;
        }
    }

    /// <summary>The images with the largest losses, the worst first.</summary>
    public IReadOnlyList<int> Worst => [.. Enumerable.Range(0, labels.Length).OrderByDescending(i => losses[i]).Take(WorstShown)];

    /// <summary>Both figures; training: which one, where a lecture has several.</summary>
    public void Draw(LectureRun run, string training)
    {
        DrawConfusion(run, training);
        DrawWorst(run, training);
    }

    private void DrawConfusion(LectureRun run, string training)
    {
        int classes = data.ClassCount, right = labels.Zip(answers).Count(p => p.First == p.Second);
        var (confusion, errors) = (Confusion, new double[classes, classes]);
        // The diagonal would outshine all errors: it is left out of the colours. The first label stands at the top.
        for (int label = 0; label < classes; label++)
            for (int answer = 0; answer < classes; answer++)
                errors[classes - 1 - label, answer] = label == answer ? 0 : confusion[label, answer];
        double most = Math.Max(1, errors.Cast<double>().Max());
        var figure = new Figure(width: 8, height: 7);
        figure.Axes.Image(errors, colormap: Colormap.Viridis, vmin: 0, vmax: most).ColorBar("Wrong Answers")
            .Label($"{training}: {right:N0} of {labels.Length:N0} test images right", "Answer", "Label");
        if (classes <= MostNumbers)
            for (int label = 0; label < classes; label++)
                for (int answer = 0; answer < classes; answer++)
                    if (confusion[label, answer] > 0)
                        figure.Axes.Text(answer, classes - 1 - label - 0.12, $"{confusion[label, answer]}", size: 9,
                            anchor: HorizontalAnchor.Center);
        int stride = (classes + MostNumbers - 1) / MostNumbers;
        int[] shown = [.. Enumerable.Range(0, classes).Where(k => k % stride == 0)];
        string[] names = [.. shown.Select(k => data.ClassNames[k])];
        figure.Axes.XTicks(shown.Select(k => (double)k).ToArray(), names)
            .YTicks(shown.Select(k => (double)(classes - 1 - k)).ToArray(), names);
        run.Save("confusion",
            $"{training}: which classes it takes for which, on the test images; the diagonal, right answers, has no colour", figure);
    }

    private void DrawWorst(LectureRun run, string training)
    {
        const int Columns = 5;
        var worst = Worst;
        int rows = (worst.Count + Columns - 1) / Columns;
        var figure = new Figure(rows, Columns, width: 11, height: 2.6 * rows + 0.5)
        {
            Title = $"{training}: the test images with the largest losses",
        };
        for (int place = 0; place < rows * Columns; place++)
        {
            var axes = figure[place / Columns, place % Columns];
            if (place >= worst.Count)
            {
                axes.Hide();
                continue;
            }
            int image = worst[place];
            double[] pixels = Array.ConvertAll(data.Test.Select([image]).CopyInputs().ToArray(), v => (double)v);
            string said = double.IsNaN(losses[image]) ? "not a number"
                : $"says {data.ClassNames[answers[image]]} ({surest[image]:0.0%})";
            axes.DrawPicture(data.Rows, data.Columns, pixels, pixels.Min(), pixels.Max())
                .Label($"{data.ClassNames[labels[image]]}: {said}\nloss {Notation.Short(losses[image], 3)}", "", "");
        }
        run.Save("worst-judged", $"{training}: label, answer with its probability, and loss −ln p of the worst-judged test images", figure);
    }
}
