using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;
using NativeNN.Random;
using Trained = NativeNN.Experiments.Lectures.WeightInit.Trained;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>Document 004's sigmoid: its curve, its slope, and where weights of three initialisations lie on it.</summary>
internal sealed class WeightInitSigmoid
{
    private const int Samples = 1000;
    private static readonly (string Label, Color Color)[] Looks = [("Kaiming Normal", "red"), ("Random Normal", "green"), ("Xavier Normal", "orange")];

    // Areas of the markers, the widest distribution first: the narrower ones lie on top of it, smaller.
    private static readonly double[] Sizes = [30, 10, 3];

    /// <summary>The message of Kaiming's initialisation for a tensor of 1000 values without a second dimension.</summary>
    public string OneDimensionalError { get; private init; } = "";

    /// <summary>x, σ(x) and σ′(x) by backpropagation, at 1000 points.</summary>
    public float[] X { get; private init; } = [];

    public float[] Slope { get; private init; } = [];

    /// <summary>The weights of Kaiming, standard normal and Xavier, for a shape of [1, 1000] and of [1000, 1].</summary>
    public float[][] Row { get; private init; } = [];

    public float[][] Column { get; private init; } = [];

    /// <summary>Mean of σ′ at the weights.</summary>
    public static double MeanSlope(float[] weights) => weights.Average(w => Slopes(w));

    private static double Slopes(double x)
    {
        double s = 1 / (1 + Math.Exp(-x));
        return s * (1 - s);
    }

    public static WeightInitSigmoid Draw(LectureRun run, Generator generator)
    {
        string error = "";
        try
        {
            Init.KaimingNormal(Tensor.Empty(Samples), generator); // the document's torch.empty(1000)
        }
        catch (ShapeException e)
        {
            error = e.Message;
        }

        // σ′ comes from the engine: backward from Σσ(x)
        var x = Tensor.From(Statistics.TorchLinSpace(-5, 5, Samples), Samples).WithGrad();
        var y = x.Sigmoid();
        y.Backward(Tensor.Ones(Samples));
        var measured = new WeightInitSigmoid
        {
            OneDimensionalError = error,
            X = x.ToArray(),
            Slope = x.Grad!.ToArray(),
            Row = Weights((1, Samples), generator),
            Column = Weights((Samples, 1), new Generator(run.Seed)),
        };
        run.Result("kaiming_normal_ and xavier_normal_ need fan_in and fan_out, so the document's torch.empty(1000) is an error; drawn here with 1000 weights of one neuron, [1, 1000], and with one weight of 1000 neurons, [1000, 1]");

        var figure = new Figure(rows: 1, columns: 3, width: 18, height: 5.5);
        foreach (var (axes, weights, title) in new[] { (figure[0, 0], measured.Row, "weights of shape [1, 1000]"), (figure[0, 1], measured.Column, "weights of shape [1000, 1]") })
        {
            axes.Plot(measured.X, y.ToArray(), color: "blue", label: "Sigmoid curve");
            foreach (var (k, size) in ByWidth(weights))
                axes.Scatter(weights[k].Order().ToArray(), weights[k].Order().Select(w => 1 / (1 + Math.Exp(-w))).ToArray(), size, color: Looks[k].Color, alpha: 0.5, label: Looks[k].Label);
            axes.Legend(LegendLocation.UpperLeft);
            (axes.Title, axes.XLabel, axes.YLabel) = ("Sigmoid and " + title, "x", "σ(x)");
        }
        var slope = figure[0, 2];
        slope.Plot(measured.X, measured.Slope, color: "blue", label: "σ′(x) = σ(x)(1 − σ(x))");
        foreach (var (k, size) in ByWidth(measured.Column))
            slope.Scatter(measured.Column[k].Order().ToArray(), measured.Column[k].Order().Select(w => Slopes(w)).ToArray(), size, color: Looks[k].Color, alpha: 0.5, label: Looks[k].Label);
        slope.Legend(LegendLocation.UpperLeft, size: 8);
        (slope.Title, slope.XLabel, slope.YLabel) = ("Its slope, and the weights of shape [1000, 1]", "x", "σ′(x)");
        run.Save("sigmoid", "The sigmoid on [−5, 5], 1000 weights of each initialisation on it, and its slope by backpropagation", figure);
        return measured;
    }

    /// <summary>One epoch of a sigmoid network from each initialisation, at two learning rates.</summary>
    public static void DrawTrainings(LectureRun run, (string Name, Trained Trained)[] slow, (string Name, Trained Trained)[] fast, double slowRate, double fastRate)
    {
        var figure = new Figure(rows: 1, columns: 3, width: 18, height: 5);
        foreach (var (axes, runs, rate) in new[] { (figure[0, 0], slow, slowRate), (figure[0, 1], fast, fastRate) })
        {
            for (int k = 0; k < runs.Length; k++)
            {
                double[] curve = [.. runs[k].Trained.Recording.Of("loss-curve").SelectMany(c => c)];
                axes.Plot(Values.Range(curve.Length).Select(i => i * WeightInit.CurveSteps).ToArray(), curve, color: Looks[k].Color,
                    label: $"{runs[k].Name}: test accuracy {runs[k].Trained.Recording.TestAccuracies[^1]:0.00%}");
            }
            axes.Legend();
            (axes.Title, axes.XLabel, axes.YLabel) = ($"784-32-32-10 with sigmoids, SGD {rate}", "Step", "Loss");
        }
        for (int k = 0; k < slow.Length; k++)
            figure[0, 2].Bar(Values.Range(2).Select(i => i + 0.25 * (k - 1)).ToArray(), slow[k].Trained.ActiveBefore, width: 0.25, color: Looks[k].Color, label: slow[k].Name);
        figure[0, 2].HorizontalLine(0.25, label: "largest possible, 0.25").XTicks([0, 1], ["first hidden layer", "second hidden layer"]).Legend(LegendLocation.UpperLeft);
        figure[0, 2].YLimits = (0, 0.36);
        (figure[0, 2].Title, figure[0, 2].YLabel) = ("Slope of the sigmoids on test images, before training", "mean σ′(z)");
        run.Save("sigmoid-training", "Which initialisation suits sigmoids: the loss over training, and how steep the sigmoids are at the start", figure);
    }

    private static IEnumerable<(int Init, double Size)> ByWidth(float[][] weights) =>
        Enumerable.Range(0, weights.Length).OrderByDescending(k => Statistics.Std(weights[k])).Zip(Sizes);

    private static float[][] Weights(Shape shape, Generator generator)
    {
        var fills = new Action<Tensor>[] { w => Init.KaimingNormal(w, generator), w => Init.Normal(w, generator), w => Init.XavierNormal(w, generator) };
        return [.. fills.Select(fill =>
        {
            var weight = Tensor.Empty(shape);
            fill(weight);
            return weight.ToArray();
        })];
    }
}
