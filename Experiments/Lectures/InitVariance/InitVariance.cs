using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// Document 002, "Weight variance at initialisation": all parameters from N(0, σ²), for 25 σ from 1e-4 to 10. Very low and very high σ are
/// said to train poorly, with a sweet spot between.
/// </summary>
/// <remarks>
/// The document trains its 25 networks one after the other from one stream of random numbers. Here every point starts from
/// <c>torch.manual_seed(seed)</c> of its own, placed before its network: so points can be trained at once, on several machines and in any
/// order, and networks differ in σ alone, not in the draws it scales or the order of images.
/// </remarks>
public sealed class InitVariance : Lecture
{
    /// <summary>How many σ the lecture sweeps over.</summary>
    internal const int Points = 25;

    // 10^−1.5, the thirteenth of them: the recipe's own, which compare takes if none is named.
    internal const double MiddleSigma = 0.03162277660168379;

    private const int LastEpochs = 3;
    private const int MeasuredImages = 1_000; // of the test set, after every epoch
    private static readonly int[] QuickPoints = [0, 6, 12, 18, 24];

    public override Recipe Recipe { get; } = new()
    {
        Document = "002",
        Name = "init-variance",
        Data = new() { Normalization = Normalization.Mnist },
        Network = new() { Widths = [784, 128, 64, 10], Names = ("MNISTNet", ["fc1", "fc2", "out"]) },
        Initialization = InitPoint.Of(MiddleSigma).Initialization,
        BatchSize = 64,
        Loss = LossFunction.CrossEntropy,
        Optimizer = new(OptimizerKind.Adam, LearningRate: 0.001),
        Epochs = 10,
        Evaluation = new(BatchSize: 64),
    };

    /// <summary>The recipe of one point: the same but for the initial parameters.</summary>
    internal Recipe RecipeOf(InitPoint point) => point.In(Recipe);

    public override string Title => "How initial variance decides accuracy";

    public override string Question =>
        "How does the standard deviation of the initial weights decide what a network can learn?";

    public override string Cover => "accuracy";

    public override int QuickEpochs => 1;

    public override bool ComparesInitializations => true;

    public override void Run(LectureRun run)
    {
        var points = run.Options.Merge ? PointsIn(run.Checkpoints) : PointsOf(run.Options);
        if (run.Options.Merge && points.Count == 0)
            throw new BadInputException($"{run.Checkpoints}: holds no trained point to merge; train some first, with --shard or without");

        // 1. Data: all of MNIST, standardised. One thread per training instead of several per kernel, all reading the same images.
        var backend = run.Backend.SingleThreaded;
        var data = run.Load(run.Recipe, backend);
        var recipe = run.Recipe.For(data);
        run.Report.Dataset = (data.Images.Name, data.Train.Count, data.Test.Count);
        run.Print("stdevs = np.logspace(-4, 1, 25)",
            string.Join("\n", Sigmas.Chunk(5).Select(row => string.Join(" ", row.Select(s => $"{s,11:0.0000e+00}")))));

        // 2. Models: for every σ a fresh network, all its parameters drawn anew; beside them PyTorch's default, Xavier's and Kaiming's
        run.Print("print(net)", recipe.Network.Build(run.NewGenerator()).ToString());

        // 3. Training, one model per core at once
        var measured = data.Test.Select([.. Enumerable.Range(0, Math.Min(MeasuredImages, data.Test.Count))]);
        var results = run.Options.Merge
            ? [.. points.Select(p => new PointResult(p, run.Trained(p.Key, p.In(recipe), data)))]
            : InitVarianceSweep.Run(run, points, run.Epochs(recipe), workers: backend.RunsConcurrently ? run.Options.Threads : 1, Train);
        run.Print("final accuracies", Table(results));
        if (run.Options.Shard is { } shard)
        {
            run.Result($"shard {shard.Index}/{shard.Count}: {results.Count} trainings done; draw all shards' with --merge");
            return;
        }

        // 4. Before any training: how large are activations and gradients?
        var scales = points.ToDictionary(p => p.Key, p => StartScales.Measure(p.In(recipe), run.Seed, data.Train));

        // 5. Figures
        var sweep = results.Where(r => r.Point.Sigma is not null).ToList();
        var standard = results.Except(sweep).ToList();
        InitVarianceFigures.Accuracy(run, sweep, standard, scales);
        InitVarianceFigures.LearnedWeights(run, sweep);
        InitVarianceFigures.LearnedWeightsClose(run, sweep);
        InitVarianceFigures.Spreads(run, sweep, scales);
        InitVarianceFigures.Scales(run, sweep, scales);
        InitVarianceFigures.Saturation(run, sweep);
        InitVarianceCharts.Show(run, sweep);

        if (results.MaxBy(r => r.FinalAccuracy) is { } best)
        {
            var net = CheckpointFile.ReadNetwork(Path.Combine(run.Checkpoints, $"{best.Point.Key}.safetensors")).Net;
            net.To(backend);
            TestAnswers.Of(net, data).Draw(run, $"The best, {best.Point.Label}");
        }

        // 6. What the lecture said, beside what was measured
        new InitVarianceClaims(run, sweep, standard, scales, data.ClassCount).Judge();

        Recording Train(InitPoint point, Action<TrainingProgress> show)
        {
            var loop = new TrainingLoop(point.In(recipe), data, run.NewGenerator());
            return run.Train(point.Key, loop, show,
                afterEpoch: (_, record, losses) =>
                {
                    Measure(record, Snapshot.Of(loop.Net).All, losses);
                    Saturation.Of(loop.Net, measured).AddTo(record);
                });
        }
    }

    internal static double[] Sigmas { get; } = Statistics.LogSpace(-4, 1, Points);

    /// <summary>The points that the options ask for: σ by σ, then the standard initialisers; of a shard, every N-th.</summary>
    internal static IReadOnlyList<InitPoint> PointsOf(RunOptions options)
    {
        var indices = options.Points ?? (options.Quick ? QuickPoints : [.. Enumerable.Range(0, Points)]);
        var all = (options.Sigmas ?? [.. indices.Select(i => Sigmas[i])]).Select(InitPoint.Of).Concat(InitPoint.Standard);
        return [.. options.Shard is { } shard ? all.Where((_, i) => i % shard.Count == shard.Index) : all];
    }

    private static IReadOnlyList<InitPoint> PointsIn(string checkpoints)
    {
        var keys = Directory.EnumerateFiles(checkpoints, "*.safetensors").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        return [.. keys.Select(key => InitPoint.FromKey(key!)).OfType<InitPoint>().OrderBy(p => p.Sigma),
            .. InitPoint.Standard.Where(p => keys.Contains(p.Key))];
    }

    // Everything the figures need of an epoch: first loss, the document's histogram, one with fixed bins near zero, spread.
    private static void Measure(Recording record, float[] parameters, float[] losses)
    {
        new FirstLoss(losses[0]).AddTo(record);
        LearnedHistogram.Of(parameters).AddTo(record);
        CloseHistogram.Of(parameters).AddTo(record);
        Spread.Of(parameters).AddTo(record);
    }

    private static string Table(IEnumerable<PointResult> results) => string.Join("\n",
    [
        "initialisation  final accuracy  epochs  last train loss  learned std",
        .. results.Select(r =>
            $"{r.Point.Label,-14}  {r.FinalAccuracy,14:0.00%}  {r.Recording.Epochs.Count,6}  "
                + $"{Notation.Short(r.Recording.TrainLosses[^1], 5),15}  "
            + $"{r.Learned.Std,11:F4}"
            + (r.Recording.DivergedAtStep is { } step ? $"  not finite from step {step} on" : "")),
    ]);

    /// <summary>A point's training; the final accuracy is the mean of the last three epochs' test accuracies.</summary>
    internal sealed record PointResult(InitPoint Point, Recording Recording)
    {
        public double Sigma => Point.Sigma!.Value;

        public double FinalAccuracy => Recording.TestAccuracies.TakeLast(LastEpochs).Average();

        public double FirstLoss => Lectures.FirstLoss.Of(Recording).Value;

        /// <summary>How far test accuracy ever fell from one epoch to the next; 0 if it never did.</summary>
        public double LargestFall =>
            Recording.TestAccuracies.Zip(Recording.TestAccuracies.Skip(1), (before, after) => before - after).Append(0).Max();

        /// <summary>Of all parameters after the last epoch.</summary>
        public Spread Learned => Spread.Of(Recording);
    }
}
