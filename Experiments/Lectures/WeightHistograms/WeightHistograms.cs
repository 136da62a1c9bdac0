using System.Globalization;
using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Layers;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 000, "Distributions of weights pre- and post-learning": a network's weights start uniform and near zero; training spreads them,
/// the tails grow, and the histogram comes to look more like a Gaussian. About 95% test accuracy on 20,000 images.
/// </summary>
public sealed class WeightHistograms : Lecture
{
    public const double WeightDecay = 0.01;
    private const double AdamLearningRate = 0.001;
    private const int Bins = 100;
    private static readonly (double Low, double High) Range = (-0.8, 0.8);

    public override Recipe Recipe { get; } = new()
    {
        Document = "000",
        Name = "weight-histograms",
        Data = new() { Images = 20_000, TestShare = 0.10, SplitSeed = 42, Normalization = Normalization.Unit },
        Network = new() { Widths = [784, 64, 32, 10], Names = ("MNIST_FFN", ["input", "fc1", "fc2"]), LogSoftmax = true },
        NetworksBefore = 2, // one to look at, one for the histogram of its weights
        BatchSize = 32,
        DropLast = true,
        Loss = LossFunction.NegativeLogLikelihood,
        Optimizer = new(OptimizerKind.Sgd, LearningRate: 0.01),
        Epochs = 100,
        Evaluation = new(BatchSize: 32, DropLast: true),
    };

    public override string Title => "Distributions of weights before and after learning";

    public override void Run(LectureRun run)
    {
        // 1. Data: the first 20,000 images, 0–1, a tenth of them for testing
        var data = run.Load(Recipe);
        run.Report.Dataset = (data.Images.Name, data.Train.Count, data.Test.Count);

        // 2. Models. The lecture builds three networks one after the other; each draws its weights from the same generator.
        var generator = run.NewGenerator();
        var inspected = new FeedForward(Recipe.Network, generator);
        var input = inspected.Layers[0];
        run.Print("print(net)", inspected.ToString());
        run.Print("summary(net, (784,))", Summary.Of(inspected, 784));
        run.Print("print(net.input)", input.ToString());
        run.Print("net.input.weight.shape", input.Weight.Shape.ToString());
        run.Print("net.input.weight", input.Weight.ToString());
        var initialInput = input.Weight.ToArray();
        DrawInitialInput(run, initialInput);
        DrawAllInitial(run, new FeedForward(Recipe.Network, generator));

        // 3. Training: 100 epochs of SGD, a histogram of all weights before each
        var net = new FeedForward(Recipe.Network, generator);
        var initial = Snapshot.Of(net);
        byte[] generatorAtStart = generator.GetState();
        var recording = Train("sgd", new TrainingLoop(Recipe, net, data, generator));
        var final = Snapshot.Of(net);

        // 4. Figures
        DrawEvolution(run, recording);
        DrawHeatMap(run, recording);
        DrawCurves(run, recording);

        // 5. Further exploration: the same initial weights and shuffles, one thing changed
        var (adam, adamWeights) = Explore("adam", Recipe with { Optimizer = new(OptimizerKind.Adam, AdamLearningRate) });
        var (decay, decayWeights) = Explore("weight-decay",
            Recipe with { Optimizer = Recipe.Optimizer with { WeightDecay = WeightDecay } });
        DrawOptimizers(run, recording, final, adam, adamWeights);
        DrawLayers(run, initial, final);
        DrawWeightDecay(run, final, recording, decayWeights, decay);
        DrawBiases(run, initial, final);

        // 6. What the lecture said, beside what was measured
        WeightHistogramsClaims.Judge(run, initialInput, initial, final, recording, adam, decayWeights,
            scored: data.Test.Count / Recipe.BatchSize * Recipe.BatchSize, data.Test.Count);

        Recording Train(string key, TrainingLoop loop)
        {
            var result = run.Train(key, loop, beforeEpoch: (_, record) => record.Add("weights", Counts(Snapshot.Of(loop.Net).Weights)));
            run.Result($"{(key == "sgd" ? "SGD" : key)}: final train accuracy {result.TrainAccuracies[^1]:0.00%}, "
                + $"final test accuracy {result.TestAccuracies[^1]:0.00%}");
            return result;
        }

        (Recording, Snapshot) Explore(string key, Recipe variant)
        {
            var random = run.NewGenerator();
            var model = variant.Network.Build(random);
            model.LoadStateDict(initial.State);
            random.SetState(generatorAtStart);
            var result = Train(key, new TrainingLoop(variant, model, data, random));
            return (result, Snapshot.Of(model));
        }
    }

    private static double[] Counts(float[] weights) => [.. Histogram.Of(weights, Bins, Range).Counts.Select(c => (double)c)];

    private static double[] Centers { get; } = Histogram.Of(ReadOnlySpan<float>.Empty, Bins, Range).Centers;

    // ---- figures, in the lecture's order ----------------------------------------------------------------------------------------

    private static void DrawInitialInput(LectureRun run, float[] weights)
    {
        var histogram = Histogram.Of(weights, bins: 40);
        var figure = new Figure();
        figure.Axes.Bars(histogram.Edges, Values(histogram), color: "steelblue", alpha: 0.7);
        Label(figure.Axes, "Histogram of Initial Input Layer Weights", "Weight Value", "Count");
        run.Save("initial-input-weights", "Initial weights of the input layer, 40 bins", figure);
    }

    private static void DrawAllInitial(LectureRun run, FeedForward net)
    {
        var figure = new Figure();
        figure.Axes.Bar(Centers, Counts(Snapshot.Of(net).Weights), width: 0.015, color: "steelblue");
        Label(figure.Axes, "All Weights Histogram (Initial)", "Weight Value", "Count");
        run.Save("initial-all-weights", "Initial weights of all layers, 100 bins in −0.8…0.8", figure);
    }

    private static void DrawEvolution(LectureRun run, Recording recording)
    {
        var histograms = recording.Of("weights");
        var figure = new Figure(width: 10, height: 6);
        for (int epoch = 0; epoch < histograms.Count; epoch++)
            figure.Axes.Plot(Centers, histograms[epoch], color: Colormap.Coolwarm.Sample(epoch, histograms.Count), alpha: 0.5);
        figure.Axes.ColorBar(Colormap.Coolwarm, 0, Math.Max(1, histograms.Count - 1), label: "Epoch");
        Label(figure.Axes, "Evolution of Weight Distributions Over Training", "Weight Value", "Count");
        run.Save("evolution", "All weights before each epoch: blue is early, red is late", figure);
    }

    private static void DrawHeatMap(LectureRun run, Recording recording)
    {
        var histograms = recording.Of("weights");
        var image = new double[Bins, histograms.Count]; // transposed: a column for each epoch
        for (int epoch = 0; epoch < histograms.Count; epoch++)
            for (int bin = 0; bin < Bins; bin++)
                image[bin, epoch] = histograms[epoch][bin];
        var figure = new Figure(width: 8, height: 6);
        figure.Axes.Image(image, extent: (0, histograms.Count, Centers[0], Centers[^1]), colormap: Colormap.Hot).ColorBar(label: "Count");
        Label(figure.Axes, "2D Visualization of Weight Histograms", "Epoch", "Weight Value");
        run.Save("heat-map", "How many weights fall into each bin, epoch by epoch", figure);
    }

    private static void DrawCurves(LectureRun run, Recording recording)
    {
        var epochs = Epochs(recording);
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5);
        figure[0, 0].Plot(epochs, Values(recording.TrainAccuracies, 100), label: "Train accuracy");
        figure[0, 0].Plot(epochs, Values(recording.TestAccuracies, 100), label: "Test accuracy").Legend();
        Label(figure[0, 0], "Accuracy", "Epoch", "Accuracy (%)");
        figure[0, 1].Plot(epochs, Values(recording.TrainLosses), label: "Train loss");
        Label(figure[0, 1], "Loss (NLL)", "Epoch", "Loss");
        figure[0, 0].Grid = figure[0, 1].Grid = true;
        run.Save("accuracy-and-loss", "Accuracy and loss over the epochs", figure);
    }

    private static void DrawOptimizers(LectureRun run, Recording sgd, Snapshot sgdWeights, Recording adam, Snapshot adamWeights)
    {
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5) { Title = "Adam against SGD, from the same initial weights" };
        figure[0, 0].Plot(Epochs(sgd), Values(sgd.TestAccuracies, 100), label: "SGD 0.01");
        figure[0, 0].Plot(Epochs(adam), Values(adam.TestAccuracies, 100), label: "Adam 0.001").Legend();
        Label(figure[0, 0], "Test accuracy", "Epoch", "Accuracy (%)");
        figure[0, 1].Plot(Centers, sgd.Of("weights")[0], color: "grey", label: "initial");
        figure[0, 1].Plot(Centers, Counts(sgdWeights.Weights), label: "SGD 0.01");
        figure[0, 1].Plot(Centers, Counts(adamWeights.Weights), label: "Adam 0.001").Legend();
        Label(figure[0, 1], "All weights after training", "Weight Value", "Count");
        run.Save("adam-against-sgd", "Test accuracy and learned weights with Adam and with SGD", figure);
        run.Result(
            $"Adam against SGD: 90% test accuracy after {EpochsTo(adam, 0.9)} against {EpochsTo(sgd, 0.9)} epochs; standard deviation of the weights "
            + $"{Statistics.Std(adamWeights.Weights):F4} against {Statistics.Std(sgdWeights.Weights):F4}");
    }

    private static void DrawLayers(LectureRun run, Snapshot initial, Snapshot final)
    {
        var layers = final.ByName.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).ToList();
        var figure = new Figure(rows: 1, columns: layers.Count, width: 15, height: 4.5) { Title = "Weights by layer" };
        for (int i = 0; i < layers.Count; i++)
        {
            var (name, after) = layers[i];
            var before = initial.ByName.Single(p => p.Name == name).Values;
            double limit = after.Concat(before).Max(MathF.Abs);
            foreach (var (values, label) in new[] { (before, "before training"), (after, "after training") })
            {
                var histogram = Histogram.Of(values, bins: 50, (-limit, limit));
                figure[0, i].Steps(histogram.Edges, histogram.Density(), label: label);
            }
            figure[0, i].Legend();
            Label(figure[0, i], name, "Weight Value", "Density");
            run.Result(
                $"{name}: standard deviation {Statistics.Std(before):F4} → {Statistics.Std(after):F4}, largest |w| {before.Max(MathF.Abs):F3} → {after.Max(MathF.Abs):F3}");
        }
        run.Save("layers", "Weights of each layer before and after training", figure);
    }

    private static void DrawWeightDecay(LectureRun run, Snapshot plain, Recording plainRecord, Snapshot decayed, Recording decayRecord)
    {
        var figure = new Figure();
        figure.Axes.Plot(Centers, Counts(plain.Weights), label: "SGD");
        figure.Axes.Plot(Centers, Counts(decayed.Weights), label: $"SGD, weight decay {WeightDecay}").Legend();
        figure.Axes.YScale = AxisScale.Log;
        Label(figure.Axes, "Weight decay trims the tails", "Weight Value", "Count (log)");
        run.Save("weight-decay", "All weights after training with and without weight decay; empty bins are not drawn", figure);
        run.Result(
            $"weight decay {WeightDecay}: largest |w| {decayed.Weights.Max(MathF.Abs):F3} against {plain.Weights.Max(MathF.Abs):F3}, standard deviation "
            + $"{Statistics.Std(decayed.Weights):F4} against {Statistics.Std(plain.Weights):F4}, test accuracy "
            + $"{decayRecord.TestAccuracies[^1]:0.00%} against {plainRecord.TestAccuracies[^1]:0.00%}");
    }

    private static void DrawBiases(LectureRun run, Snapshot initial, Snapshot final)
    {
        var figure = new Figure();
        double limit = initial.Biases.Concat(final.Biases).Max(MathF.Abs);
        foreach (var (snapshot, label) in new[] { (initial, "before training"), (final, "after training") })
        {
            var histogram = Histogram.Of(snapshot.Biases, bins: 30, (-limit, limit));
            figure.Axes.Bars(histogram.Edges, Values(histogram), alpha: 0.6, label: label);
        }
        figure.Axes.Legend();
        Label(figure.Axes, "Biases of all layers", "Bias Value", "Count");
        run.Save("biases", "Biases before and after training", figure);
        run.Result(
            $"biases: mean {Statistics.Mean(initial.Biases):F4} → {Statistics.Mean(final.Biases):F4}, standard deviation "
            + $"{Statistics.Std(initial.Biases):F4} → {Statistics.Std(final.Biases):F4}, largest |b| {final.Biases.Max(MathF.Abs):F3}");
    }

    private static string EpochsTo(Recording recording, double accuracy)
    {
        int index = recording.Epochs.FindIndex(e => e.TestAccuracy >= accuracy);
        return index < 0 ? "no" : (index + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static double[] Epochs(Recording recording) => [.. recording.Epochs.Select(e => (double)e.Epoch)];

    private static double[] Values(Histogram histogram) => [.. histogram.Counts.Select(c => (double)c)];

    private static double[] Values(IEnumerable<double> values, double factor = 1) => [.. values.Select(v => v * factor)];

    private static void Label(Axes axes, string title, string x, string y) => (axes.Title, axes.XLabel, axes.YLabel) = (title, x, y);
}
