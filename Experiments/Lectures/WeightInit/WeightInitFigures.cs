using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;

namespace NativeNN.Experiments.Lectures;

/// <summary>The figures of document 004, drawn from what the trainings recorded.</summary>
internal static class WeightInitFigures
{
    private const int Smoothed = 10; // points of a loss curve, 1,000 steps

    // Of the three initialisations for sigmoids, in WeightInit's order
    private static readonly (string Label, Color Color)[] SigmoidLooks =
        [("Kaiming Normal", "red"), ("Random Normal", "green"), ("Xavier Normal", "orange")];

    /// <summary>Loss (mean of 100 steps) above, accuracy of each epoch below, for the document's three fillings.</summary>
    public static void Training(LectureRun run, (string Title, Trained Trained)[] parts, ImageClasses classes)
    {
        var figure = new Figure(rows: 2, columns: parts.Length, width: 15, height: 8);
        for (int k = 0; k < parts.Length; k++)
        {
            var (title, recording) = (parts[k].Title, parts[k].Trained.Recording);
            var curve = LossCurve.Of(recording);
            double[] finite = [.. curve.Losses.Where(double.IsFinite)];
            var loss = figure[0, k];
            if (finite.Length == 0)
                loss.Text(0.5, 0.5, $"The loss is not a number from step {recording.DivergedAtStep} on,\n"
                    + $"nor is any mean of {LossCurve.StepsPerPoint} steps: nothing to draw", size: 12, anchor: HorizontalAnchor.Center)
                    .XTicks([])
                    .YTicks([])
                    .Label(title, "", "");
            else
                PlotLoss(loss, title, curve, finite, recording.DivergedAtStep);
            double[] accuracies = recording.TrainAccuracies.Percent();
            figure[1, k].Plot(recording.EpochNumbers(), accuracies, marker: Marker.Circle, label: "while training")
                .HorizontalLine(100 * classes.Chance, label: $"{100 * classes.Chance:0.#}%")
                .Legend()
                .Label($"Accuracy in the last epoch: {recording.TrainAccuracies[^1]:0.00%}", "Epoch", "Accuracy (%)");
            figure[1, k].YLimits = (0, Math.Max(150 * classes.Chance, 1.2 * accuracies.Max()));
        }
        run.Save("training", "Loss, averaged over 100 steps, and accuracy with zero, constant and unusual weights", figure);

        static void PlotLoss(Axes axes, string title, LossCurve curve, double[] finite, int? divergedAt)
        {
            axes.Plot(curve.Steps, curve.Losses, width: 1, marker: finite.Length < 3 ? Marker.Circle : Marker.None)
                .Label(title, "Step", "Loss");
            if (finite.Max() > 100 * finite.Min())
                axes.YScale = AxisScale.Log;
            if (divergedAt is not { } step)
                return;
            axes.XLimits = (0, curve.Steps[^1]);
            axes.VerticalLine(step, color: "red", label: $"not a number from step {step} on").Legend();
        }
    }

    /// <summary>The losses of all trainings so far, for the page.</summary>
    public static void LossChart(LectureRun run, IReadOnlyDictionary<string, Recording> trainings) =>
        run.Show(new Chart("loss-by-step", "Loss, step by step", $"Means of {LossCurve.StepsPerPoint} steps; a gap where one is not "
            + $"finite.",
            "Step", "Loss (log)", [.. trainings.Select(t => (t.Key, Curve: LossCurve.Of(t.Value)))
                .Select(t => new ChartLine(t.Key, t.Curve.Steps, t.Curve.Losses))])
        {
            LogY = true,
        });

    /// <summary>Which digits the networks predicted in their last epoch; what the zero network's output bias has learned.</summary>
    public static void Digits(LectureRun run, Trained zero, Trained constant, ImageClasses classes)
    {
        const int MostTicks = 16;
        int stride = (classes.Count + MostTicks - 1) / MostTicks;
        string axis = classes.AreDigits ? "Digit" : "Class";
        var figure = new Figure(rows: 1, columns: 3, width: 16, height: 4.8);
        foreach (var (axes, trained, title) in new[] { (figure[0, 0], zero, "Zero weights"), (figure[0, 1], constant, "Constant weights") })
        {
            Beside(axes, PredictedDigits.Of(trained.Recording).Shares, "predictions while training");
            axes.Label(title + ": last epoch", axis, "Share (%)");
        }
        Beside(figure[0, 2], WeightInitMeasures.OutputBiasSoftmax(zero.Final), "softmax of the output bias");
        figure[0, 2].Label("Zero weights: what the output bias learns", axis, "Share (%)");
        run.Save("predicted-digits",
            $"Predicted {classes.Plural} beside the {classes.Plural} there are; the zero network learns their frequencies, nothing else",
            figure);

        void Beside(Axes axes, double[] shares, string label)
        {
            int[] ticks = [.. Enumerable.Range(0, classes.Count).Where(k => k % stride == 0)];
            axes.Bar(Places(-0.2), classes.Shares.Percent(), width: 0.4, color: "grey", label: $"images of the {classes.Noun}")
                .Bar(Places(0.2), shares.Percent(), width: 0.4, label: label)
                .XTicks(ticks, [.. ticks.Select(k => classes.Names[k])])
                .Legend(size: 8);
        }

        double[] Places(double shift) => [.. Values.Range(classes.Count).Select(i => i + shift)];
    }

    /// <summary>The three weight matrices' gradients: fresh at exactly constant weights, fresh after training, and added up.</summary>
    public static void Gradients(LectureRun run, WeightInitGradients fresh, WeightInitGradients trained, WeightInitGradients accumulated)
    {
        var figure = new Figure(rows: 3, columns: fresh.Weights.Count, width: 17 * fresh.Weights.Count / 3.0, height: 12)
        {
            Title = "Gradients for a random image with target 1: a row for each neuron",
        };
        // One scale for each column, so that rounding noise looks like nothing beside real gradients
        double[] limits = [.. fresh.Weights.Select((_, layer) =>
            new[] { fresh, trained, accumulated }.Max(g => (double)g.Weights[layer].Largest))];
        Draw(row: 0, fresh, "all weights 0.5");
        Draw(row: 1, trained, "after training");
        Draw(row: 2, accumulated, "after training, added to the last batch's");
        run.Save("gradients-constant",
            "Gradients of each layer's weights with constant weights; those of the hidden layers are rounding noise in the first row",
            figure);

        void Draw(int row, WeightInitGradients gradients, string when)
        {
            for (int column = 0; column < gradients.Weights.Count; column++)
            {
                var gradient = gradients.Weights[column];
                double[][] rows = [.. gradient.Values.Chunk(gradient.Columns).Select(r => Array.ConvertAll(r, v => (double)v))];
                double limit = double.IsFinite(limits[column]) && limits[column] > 0 ? limits[column] : 1; // all zero: grey
                var axes = figure[row, column].Image(LectureFigures.Matrix(rows), colormap: Colormap.Coolwarm, vmin: -limit, vmax: limit)
                    .ColorBar()
                    .Label($"Layer {column}: {when}", "Input", "Neuron");
                WriteValues(axes, gradient);
            }
        }

        // What a pale colour hides: the value of the matrix or of each row where these are constant, else the range
        static void WriteValues(Axes axes, LayerMatrix gradient)
        {
            var differences = LayerSymmetry.Of(gradient);
            double middle = 0.5 * (gradient.Columns - 1);
            if (differences is { Rows: 0, Columns: 0 })
                Write(0.5 * (gradient.Rows - 1), Notation.Short(gradient.Values[0]) + " everywhere");
            else if (differences.Columns == 0)
                for (int neuron = 0; neuron < gradient.Rows; neuron++)
                    Write(neuron - 0.15, Notation.Short(gradient.Values[neuron * gradient.Columns]));
            else
                Write(0.5 * (gradient.Rows - 1), $"{Notation.Short(gradient.Values.Min())} to {Notation.Short(gradient.Values.Max())}");

            void Write(double neuron, string value) => axes.Text(middle, neuron, value, size: 8, anchor: HorizontalAnchor.Center);
        }
    }

    /// <summary>The unusual weights, and the loss of the first steps.</summary>
    public static void Unusual(LectureRun run, Trained unusual)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 13, height: 5);
        double[] magnitudes = [.. unusual.Initial.All.Where(v => v != 0).Select(v => Math.Log10(Math.Abs(v)))];
        var histogram = Histogram.Of(magnitudes, bins: 80, (-13, 4));
        figure[0, 0].Bars(histogram.Edges, histogram.Counts)
            .Label("Unusual weights and biases before training", "log₁₀ |value|", "Count");
        var losses = FirstLosses.Of(unusual.Recording);
        int? diverged = unusual.Recording.DivergedAtStep is { } first && first <= losses.Steps ? first : null;
        int steps = diverged ?? losses.Steps; // after the first NaN there are only more of them
        figure[0, 1].Plot(Enumerable.Range(1, steps).ToArray(), losses.Values[..steps], marker: Marker.Circle)
            .Label("Loss of the first steps", "Step", "Loss (log)");
        figure[0, 1].YScale = AxisScale.Log;
        figure[0, 1].XLimits = (0, steps + 1);
        if (diverged is { } step)
            figure[0, 1].VerticalLine(step, color: "red", label: $"step {step}: the loss is {losses.Values[step - 1]}").Legend();
        run.Save("unusual-weights", "Half of the values around 100, half around 10⁻⁸; the loss until it is no longer a number", figure);
    }

    /// <summary>The sigmoid, its slope, and where the weights of three initialisations lie on both.</summary>
    public static void Sigmoid(LectureRun run, WeightInitSigmoid sigmoid)
    {
        run.Result(
            "kaiming_normal_ and xavier_normal_ need fan_in and fan_out, so the document's torch.empty(1000) is an error; drawn here with "
            + "1000 weights of one neuron, [1, 1000], and with one weight of 1000 neurons, [1000, 1]");

        var figure = new Figure(rows: 1, columns: 3, width: 18, height: 5.5);
        var (row, column, slope) = (figure[0, 0], figure[0, 1], figure[0, 2]);
        foreach (var (axes, weights) in new[] { (row, sigmoid.Row), (column, sigmoid.Column) })
        {
            axes.Plot(sigmoid.Curve.X, sigmoid.Curve.Y, color: "blue", label: "Sigmoid curve");
            Scatter(axes, weights, points => points.Y);
        }
        row.Legend().Label("Sigmoid and weights of shape [1, 1000]", "x", "σ(x)");
        column.Label("Sigmoid and weights of shape [1000, 1]", "x", "σ(x)");
        slope.Plot(sigmoid.Curve.X, sigmoid.Curve.Slope, color: "blue");
        Scatter(slope, sigmoid.Column, points => points.Slope);
        slope.Label("Its slope, and the weights of shape [1000, 1]", "x", "σ′(x) = σ(x)(1 − σ(x))");
        run.Save("sigmoid",
            "The sigmoid on [−5, 5], 1000 weights of each initialisation on it, and its slope by backpropagation", figure);

        // In the document's order, with its markers
        static void Scatter(Axes axes, SigmoidPoints[] weights, Func<SigmoidPoints, float[]> y)
        {
            foreach (var (points, look) in weights.Zip(SigmoidLooks))
                axes.Scatter(points.X, y(points), size: 5, look.Color, alpha: 0.5, label: look.Label);
        }
    }

    /// <summary>One epoch of a sigmoid network from each initialisation, at two learning rates.</summary>
    public static void SigmoidTrainings(LectureRun run, string network, ((string Name, Trained Trained)[] Runs, double Rate) slow,
        ((string Name, Trained Trained)[] Runs, double Rate) fast)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 18, height: 5);
        foreach (var (axes, (runs, rate)) in new[] { (figure[0, 0], slow), (figure[0, 1], fast) })
        {
            foreach (var ((name, trained), look) in runs.Zip(SigmoidLooks))
            {
                double[] losses = LossCurve.Of(trained.Recording).Losses;
                axes.Plot(Values.Range(losses.Length).Select(point => point * LossCurve.StepsPerPoint).ToArray(), losses, look.Color,
                    label: $"{name}: test accuracy {trained.Recording.TestAccuracies[^1]:0.00%}");
            }
            axes.Legend().Label($"{network} with sigmoids, {run.Recipe.Optimizer.Name} {rate}", "Step", "Loss");
        }
        var slopes = figure[0, 2];
        int hidden = slow.Runs[0].Trained.ActiveBefore.Length;
        for (int k = 0; k < slow.Runs.Length; k++)
            slopes.Bar(Values.Range(hidden).Select(layer => layer + 0.25 * (k - 1)).ToArray(), slow.Runs[k].Trained.ActiveBefore,
                width: 0.25, color: SigmoidLooks[k].Color, label: slow.Runs[k].Name);
        slopes.HorizontalLine(0.25, label: "largest possible, 0.25")
            .XTicks(Values.Range(hidden).ToArray(), [.. HiddenLayers(hidden)])
            .Legend(LegendLocation.UpperLeft)
            .Label("Slope of the sigmoids on test images, before training", "", "mean σ′(z)");
        slopes.YLimits = (0, 0.36);
        run.Save("sigmoid-training",
            "Which initialisation suits sigmoids: the loss over training, and how steep the sigmoids are at the start", figure);
    }

    private static IEnumerable<string> HiddenLayers(int count) => count <= 2
        ? new[] { "first hidden layer", "second hidden layer" }.Take(count)
        : Enumerable.Range(1, count).Select(layer => $"hidden {layer}");

    /// <summary>Zero and constant weights without and with ReLU.</summary>
    public static void WithRelu(LectureRun run, (string Label, Trained Trained)[] parts, ImageClasses classes)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 17, height: 5);
        var (loss, near, accuracy) = (figure[0, 0], figure[0, 1], figure[0, 2]);
        // Equal lines lie on one another: the later, the thinner, so that each stays in sight
        foreach (var ((label, trained), width) in parts.Zip([4.0, 2.5, 1.5, 0.75]))
        {
            var recording = trained.Recording;
            var curve = LossCurve.Of(recording);
            loss.Plot(curve.Steps, curve.Losses, width: width, label: label);
            double[] smooth = [.. curve.Losses.Chunk(Smoothed).Select(chunk => chunk.Average())];
            double[] steps = [.. curve.Steps.Chunk(Smoothed).Select(chunk => chunk[^1])];
            near.Plot(steps, smooth, width: width, label: label);
            accuracy.Plot(recording.EpochNumbers(), recording.TrainAccuracies.Percent(), width: width, marker: Marker.Circle,
                markerSize: 2 + 1.5 * width, label: label);
        }
        loss.YScale = AxisScale.Log;
        loss.Legend(size: 8).Label("Loss", "Step", "Loss (log)");
        double guessing = Math.Log(classes.Count); // 2.297 to 2.309 for ten classes
        near.YLimits = (Math.Min(Math.Round(guessing - 0.0056, 3), classes.Entropy - 0.001), Math.Round(guessing + 0.0064, 3));
        near.HorizontalLine(guessing, label: $"ln {classes.Count}").Legend(size: 8)
            .Label($"Loss near ln {classes.Count}, averaged over 1,000 steps", "Step", "Loss");
        accuracy.HorizontalLine(100 * classes.Chance).Legend(size: 8).Label("Accuracy while training", "Epoch", "Accuracy (%)");
        run.Save("with-relu", "Zero and constant weights in the linear network and in the same network with ReLU", figure);
    }

    /// <summary>Five initialisations: their weights, their loss, their accuracy.</summary>
    public static void Creative(LectureRun run, (string Name, Trained Trained)[] parts)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 18, height: 5.5)
        {
            Title = $"Other initialisations, after {Wording.Count(parts[0].Trained.Recording.Epochs.Count, "epoch")} each",
        };
        var (initial, loss, accuracies) = (figure[0, 0], figure[0, 1], figure[0, 2]);
        for (int k = 0; k < parts.Length; k++)
        {
            var (name, trained) = parts[k];
            var histogram = Histogram.Of(LayerMatrix.Of(trained.Initial)[0].Values, bins: 60, (-0.15, 0.15));
            initial.Steps(histogram.Edges, histogram.Counts, label: name);
            var curve = LossCurve.Of(trained.Recording);
            loss.Plot(curve.Steps, curve.Losses, width: 1, label: name);
            double accuracy = 100 * trained.Recording.TestAccuracies[^1];
            accuracies.Bar([k], [accuracy]).Text(k, accuracy + 1, $"{accuracy:F2}%", anchor: HorizontalAnchor.Center);
        }
        initial.YScale = AxisScale.Log;
        initial.Legend(size: 8).Label("Initial weights of the input layer", "Weight value", "Count (log)");
        loss.Legend(size: 8).Label("Loss, averaged over 100 steps", "Step", "Loss");
        accuracies.XTicks(Values.Range(parts.Length).ToArray(), [.. parts.Select(p => p.Name.Split([' ', ','])[0])])
            .Label("Test accuracy", "", "Accuracy (%)");
        accuracies.YLimits = (0, 100);
        run.Save("creative", "Five initialisations of the linear network: initial weights, loss, test accuracy", figure);
    }
}
