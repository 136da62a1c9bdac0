using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 004, drawn from what the trainings recorded.</summary>
internal static class WeightInitFigures
{
    private const int Smoothed = 10; // points of a loss curve, 1,000 steps

    /// <summary>Loss (mean of 100 steps) above, accuracy of each epoch below, for the document's three fillings.</summary>
    public static void Training(LectureRun run, (string Title, Trained Trained)[] parts)
    {
        var figure = new Figure(rows: 2, columns: parts.Length, width: 15, height: 8);
        for (int k = 0; k < parts.Length; k++)
        {
            var (title, trained) = parts[k];
            double[] curve = Curve(trained);
            var loss = figure[0, k];
            loss.Plot(Steps(curve), curve, width: 1, marker: curve.Count(double.IsFinite) < 3 ? Marker.Circle : Marker.None);
            double[] finite = [.. curve.Where(double.IsFinite)];
            if (trained.Recording.DivergedAtStep is { } step)
            {
                loss.XLimits = (0, Steps(curve)[^1]);
                loss.Text(0.5 * Steps(curve)[^1], finite.DefaultIfEmpty(0.5).Average(), $"not finite from step {step} on", color: "red", size: 13, anchor: HorizontalAnchor.Center);
            }
            if (finite.Length > 0 && finite.Max() > 100 * finite.Min())
                loss.YScale = AxisScale.Log;
            else if (finite.Length == 0)
                loss.YLimits = (0, 1);
            Label(loss, title, "Step", "Loss");
            var accuracy = figure[1, k];
            accuracy.Plot(Epochs(trained), Percent(trained.Recording.TrainAccuracies), marker: Marker.Circle, label: "while training")
                .HorizontalLine(10, label: "10%").Legend();
            Label(accuracy, $"Accuracy in the last epoch: {trained.Recording.TrainAccuracies[^1]:0.00%}", "Epoch", "Accuracy (%)");
            accuracy.YLimits = (0, Math.Max(15, 1.2 * Percent(trained.Recording.TrainAccuracies).Max()));
        }
        run.Save("training", "Loss, averaged over 100 steps, and accuracy with zero, constant and unusual weights", figure);
    }

    /// <summary>Which digits the networks predicted in their last epoch; what the zero network's output bias has learned.</summary>
    public static void Digits(LectureRun run, Trained zero, Trained constant, double[] classes)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 16, height: 4.8);
        foreach (var (axes, trained, title) in new[] { (figure[0, 0], zero, "Zero weights"), (figure[0, 1], constant, "Constant weights") })
        {
            double[] digits = trained.Recording.Of("digits")[^1];
            Pair(axes, Percent(classes), "images of the digit", Percent(digits.Select(d => d / digits.Sum())), "predictions while training");
            Label(axes, title + ": last epoch", "Digit", "Share (%)");
        }
        Pair(figure[0, 2], Percent(classes), "images of the digit", Percent(WeightInitClaims.Softmax(zero.Final.ByName[^1].Values)), "softmax of the output bias");
        Label(figure[0, 2], "Zero weights: what the output bias learns", "Digit", "Share (%)");
        run.Save("predicted-digits", "Predicted digits beside the digits there are; the zero network learns their frequencies, nothing else", figure);

        static void Pair(Axes axes, double[] left, string leftLabel, double[] right, string rightLabel)
        {
            axes.Bar(Places(-0.2), left, width: 0.4, color: "grey", label: leftLabel).Bar(Places(0.2), right, width: 0.4, label: rightLabel);
            axes.XTicks(Values.Range(10).ToArray()).Legend(size: 8);
        }

        static double[] Places(double shift) => [.. Values.Range(10).Select(i => i + shift)];
    }

    /// <summary>The gradients of the three weight matrices: fresh at exactly constant weights, fresh after training, and added up.</summary>
    public static void Gradients(LectureRun run, WeightInitGradients fresh, WeightInitGradients trained, WeightInitGradients accumulated)
    {
        var figure = new Figure(rows: 3, columns: 3, width: 17, height: 12) { Title = "Gradients for a random image with target 1: a row for each neuron" };
        int row = 0;
        foreach (var (gradients, when) in new[] { (fresh, "all weights 0.5"), (trained, "after training"), (accumulated, "after training, added to the last batch's") })
        {
            int column = 0;
            foreach (var (name, rows, values) in gradients.Weights)
            {
                double limit = values.Select(v => (double)MathF.Abs(v)).Where(double.IsFinite).DefaultIfEmpty(0).Max();
                var image = new double[rows, values.Length / rows];
                for (int i = 0; i < values.Length; i++)
                    image[i / image.GetLength(1), i % image.GetLength(1)] = values[i];
                var axes = figure[row, column++];
                axes.Image(image, colormap: Colormap.Coolwarm, vmin: limit > 0 ? -limit : -1, vmax: limit > 0 ? limit : 1).ColorBar();
                Label(axes, $"{name}: {when}", "Input", "Neuron");
            }
            row++;
        }
        run.Save("gradients-constant", "Gradients of each layer's weights with constant weights; those of the hidden layers are rounding noise in the first row", figure);
    }

    /// <summary>The unusual weights, and the loss of the first steps.</summary>
    public static void Unusual(LectureRun run, Trained unusual)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 13, height: 5);
        double[] magnitudes = [.. unusual.Initial.All.Where(v => v != 0).Select(v => Math.Log10(Math.Abs(v)))];
        var histogram = Histogram.Of(magnitudes, bins: 80, (-13, 4));
        figure[0, 0].Bars(histogram.Edges, histogram.Counts);
        Label(figure[0, 0], "Unusual weights and biases before training", "log₁₀ |value|", "Count");
        double[] losses = unusual.Recording.Of("first-losses")[0];
        figure[0, 1].Plot([.. Values.Range(losses.Length).Select(i => i + 1)], losses, marker: Marker.Circle);
        figure[0, 1].YScale = AxisScale.Log;
        figure[0, 1].XLimits = (0, losses.Length + 1);
        if (unusual.Recording.DivergedAtStep is { } step && step <= losses.Length)
            figure[0, 1].VerticalLine(step, color: "red", label: $"step {step}: the loss is {losses[step - 1]}").Legend();
        Label(figure[0, 1], "Loss of the first steps", "Step", "Loss (log)");
        run.Save("unusual-weights", "Half of the values around 100, half around 1e-8; the loss until it is no longer a number", figure);
    }

    /// <summary>Zero and constant weights without and with ReLU.</summary>
    public static void WithRelu(LectureRun run, (string Label, Trained Trained)[] parts)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 17, height: 5);
        foreach (var (label, trained) in parts)
        {
            double[] curve = Curve(trained);
            figure[0, 0].Plot(Steps(curve), curve, width: 1, label: label);
            double[] smooth = [.. curve.Chunk(Smoothed).Select(chunk => chunk.Average())];
            figure[0, 1].Plot([.. Steps(smooth).Select(step => Smoothed * step)], smooth, width: 1, label: label);
            figure[0, 2].Plot(Epochs(trained), Percent(trained.Recording.TrainAccuracies), marker: Marker.Circle, label: label);
        }
        figure[0, 0].YScale = AxisScale.Log;
        figure[0, 1].YLimits = (2.297, 2.309);
        figure[0, 1].HorizontalLine(Math.Log(10), label: "ln 10");
        figure[0, 2].HorizontalLine(10);
        Label(figure[0, 0], "Loss", "Step", "Loss (log)");
        Label(figure[0, 1], "Loss near ln 10, averaged over 1,000 steps", "Step", "Loss");
        Label(figure[0, 2], "Accuracy while training", "Epoch", "Accuracy (%)");
        foreach (var axes in new[] { figure[0, 0], figure[0, 1], figure[0, 2] })
            axes.Legend(size: 8);
        run.Save("with-relu", "Zero and constant weights in the linear network and in the same network with ReLU", figure);
    }

    /// <summary>Five initialisations: their weights, their loss, their accuracy.</summary>
    public static void Creative(LectureRun run, (string Name, Trained Trained)[] parts)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 18, height: 5.5) { Title = $"Other initialisations, after {parts[0].Trained.Recording.Epochs.Count} epoch(s) each" };
        for (int k = 0; k < parts.Length; k++)
        {
            var (name, trained) = parts[k];
            float[] weights = trained.Initial.ByName[0].Values;
            var histogram = Histogram.Of(weights, bins: 60, (-0.15, 0.15));
            figure[0, 0].Steps(histogram.Edges, [.. histogram.Counts.Select(c => (double)c)], label: name);
            double[] curve = Curve(trained);
            figure[0, 1].Plot(Steps(curve), curve, width: 1, label: name);
            double accuracy = 100 * trained.Recording.TestAccuracies[^1];
            figure[0, 2].Bar([k], [accuracy]).Text(k, accuracy + 1, $"{accuracy:F2}%", anchor: HorizontalAnchor.Center);
        }
        figure[0, 0].YScale = AxisScale.Log;
        figure[0, 0].Legend(size: 8);
        figure[0, 1].Legend(size: 8);
        figure[0, 2].XTicks(Values.Range(parts.Length).ToArray(), [.. parts.Select(p => p.Name.Split([' ', ','])[0])]);
        figure[0, 2].YLimits = (0, 100);
        Label(figure[0, 0], "Initial weights of the input layer", "Weight value", "Count (log)");
        Label(figure[0, 1], "Loss, averaged over 100 steps", "Step", "Loss");
        Label(figure[0, 2], "Test accuracy", "", "Accuracy (%)");
        run.Save("creative", "Five initialisations of the linear network: initial weights, loss, test accuracy", figure);
    }

    private static double[] Curve(Trained trained) => [.. trained.Recording.Of("loss-curve").SelectMany(c => c)];

    private static double[] Steps(double[] curve) => [.. Values.Range(curve.Length).Select(i => (i + 1) * WeightInit.CurveSteps)];

    private static double[] Epochs(Trained trained) => [.. trained.Recording.Epochs.Select(e => (double)e.Epoch)];

    private static double[] Percent(IEnumerable<double> shares) => [.. shares.Select(v => 100 * v)];

    private static void Label(Axes axes, string title, string x, string y) => (axes.Title, axes.XLabel, axes.YLabel) = (title, x, y);
}
