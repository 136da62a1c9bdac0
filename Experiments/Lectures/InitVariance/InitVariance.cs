using NativeNN.Analysis;
using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

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

    /// <summary>The layers, in the order of their measurements.</summary>
    internal static readonly string[] LayerNames = ["fc1", "fc2", "out"];

    private const int BatchSize = 64;
    private const double LearningRate = 0.001;
    private const int LastEpochs = 3;
    private static readonly int[] QuickPoints = [0, 6, 12, 18, 24];

    public override string Name => "init-variance";

    public override string Title => "How initial variance decides accuracy";

    public override int DefaultEpochs => 10;

    public override int QuickEpochs => 1;

    public override void Run(LectureRun run)
    {
        var points = run.Options.Merge ? PointsIn(run.Checkpoints) : PointsOf(run.Options);
        if (run.Options.Merge && points.Count == 0)
            throw new BadInputException($"{run.Checkpoints}: holds no trained point to merge; train some first, with --shard or without");

        // 1. Data: all of MNIST, standardised. One thread per training instead of several per kernel, all reading the same images.
        var backend = run.Backend is SimdBackend ? SimdBackend.Create(threads: 1) : run.Backend;
        var (trainImages, testImages) = (run.LoadTrain(), run.LoadTest());
        var trainSet = new TensorDataset(trainImages, Normalization.Mnist, backend);
        var testSet = new TensorDataset(testImages, Normalization.Mnist, backend);
        run.Report.Dataset = (trainImages.Name, trainSet.Count, testSet.Count);
        run.Print("stdevs = np.logspace(-4, 1, 25)", string.Join("\n", Sigmas.Chunk(5).Select(row => string.Join(" ", row.Select(s => $"{s,11:0.0000e+00}")))));

        // 2. Models: for every σ a fresh network, all its parameters drawn anew; beside them PyTorch's default, Xavier's and Kaiming's
        run.Print("print(net)", new MnistNet(new Generator(run.Seed)).ToString());

        // 3. Training, one model per core at once
        var results = run.Options.Merge
            ? [.. points.Select(p => new PointResult(p, run.Checkpoint(p.Key).LoadRecording()!))]
            : InitVarianceSweep.Run(run, points, workers: backend is HostBackend ? run.Options.Threads : 1, Train);
        run.Print("final accuracies", Table(results));
        if (run.Options.Merge)
            foreach (var result in results)
                run.WriteMetrics(result.Point.Key, result.Recording);
        if (run.Options.Shard is { } shard)
        {
            run.Result($"shard {shard.Index}/{shard.Count}: {results.Count} trainings done; draw all shards' with --merge");
            return;
        }

        // 4. Before any training: how large are activations and gradients?
        var scales = points.ToDictionary(p => p.Key, p => StartScales.Measure(p, run.Seed, trainSet));

        // 5. Figures
        var sweep = results.Where(r => r.Point.Sigma is not null).ToList();
        var standard = results.Except(sweep).ToList();
        InitVarianceFigures.Accuracy(run, sweep, standard, scales);
        InitVarianceFigures.LearnedWeights(run, sweep);
        InitVarianceFigures.LearnedWeightsClose(run, sweep);
        InitVarianceFigures.Spreads(run, sweep, scales);
        InitVarianceFigures.Scales(run, sweep, scales);

        // 6. What the lecture said, beside what was measured
        new InitVarianceClaims(run, sweep, standard, scales).Judge();

        Recording Train(InitPoint point, Action<TrainingProgress> show)
        {
            var generator = new Generator(run.Seed);
            var net = point.Network(generator);
            net.To(backend);
            var setup = new TrainingSetup(point.Key, net, new Adam(net.Parameters(), LearningRate), (logits, labels) => logits.CrossEntropy(labels),
                generator, new DataLoader(trainSet, BatchSize, shuffle: true, dropLast: false, generator),
                new DataLoader(testSet, BatchSize, shuffle: false, dropLast: false, generator));
            return new TrainingRun(setup, run.Checkpoint(point.Key), show)
            {
                AfterEpoch = (_, record, losses) => Measure(record, Snapshot.Of(net).All, losses),
            }.Run(run.Epochs);
        }
    }

    /// <summary>784-128-64-10 with ReLU between, raw logits at the end.</summary>
    internal sealed class MnistNet : Module
    {
        private readonly Linear fc1, fc2, output;

        public MnistNet(Generator generator)
        {
            fc1 = Register("fc1", new Linear(784, 128, generator));
            fc2 = Register("fc2", new Linear(128, 64, generator));
            output = Register("out", new Linear(64, 10, generator));
        }

        public override string TypeName => "MNISTNet";

        protected override Tensor Compute(Tensor x)
        {
            x = fc1.Forward(x).Relu();
            x = fc2.Forward(x).Relu();
            return output.Forward(x);
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
            $"{r.Point.Label,-14}  {r.FinalAccuracy,14:0.00%}  {r.Recording.Epochs.Count,6}  {r.Recording.TrainLosses[^1],15:G5}  "
            + $"{r.Learned.Std,11:F4}"
            + (r.Recording.DivergedAtStep is { } step ? $"  not finite from step {step} on" : "")),
    ]);

    /// <summary>A point's training; the final accuracy is the mean of the last three epochs' test accuracies.</summary>
    internal sealed record PointResult(InitPoint Point, Recording Recording)
    {
        public double Sigma => Point.Sigma!.Value;

        public double FinalAccuracy => Recording.TestAccuracies.TakeLast(LastEpochs).Average();

        public double FirstLoss => Lectures.FirstLoss.Of(Recording).Value;

        /// <summary>Of all parameters after the last epoch.</summary>
        public Spread Learned => Spread.Of(Recording);
    }
}
