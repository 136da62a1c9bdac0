using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;

namespace NativeNN.Bench;

/// <summary>
/// How a step grows with the width of two hidden layers, the batch, and the number of hidden layers; MNIST's images, ReLU. GFLOP/s counts
/// the multiply–adds of the products alone.
/// </summary>
internal static class ScaleBench
{
    /// <summary>One step to measure, and what varies in it.</summary>
    internal sealed record Point(string Varies, int Value, Recipe Recipe)
    {
        public (string, object)[] Cells =>
        [
            ("varies", Varies), ("value", Value), ("batch", Recipe.BatchSize),
            ("optimizer", $"{Recipe.Optimizer.Kind}".ToLowerInvariant()),
        ];
    }

    private const double LearningRate = 1e-4; // stays finite at any depth
    private static readonly int[] Widths = [64, 128, 256, 512, 1024, 2048];
    private static readonly int[] Batches = [1, 4, 16, 64, 256, 1024, 4096];
    private static readonly int[] Depths = [4, 16, 64, 256];

    internal static IReadOnlyList<Point> Points()
    {
        var recipe = new WeightHistograms().Recipe with
        {
            NetworksBefore = 0,
            Evaluation = null,
            BatchSize = 64,
            Optimizer = new(OptimizerKind.Sgd, LearningRate),
            // Neither dies out nor grows through 256 layers.
            Initialization = Initialization.Weights("He", (weight, generator) =>
                Init.KaimingNormal(weight, generator, nonlinearity: Nonlinearity.Relu)),
        };
        var points = new List<Point>();
        foreach (var optimizer in new[] { recipe.Optimizer, new(OptimizerKind.Adam, LearningRate) })
            foreach (int width in Widths)
                points.Add(new("width", width, With([784, width, width, 10]) with { Optimizer = optimizer }));
        foreach (int batch in Batches)
            points.Add(new("batch", batch, With([.. new InitVariance().Recipe.Network.Widths]) with { BatchSize = batch }));
        foreach (int depth in Depths)
            points.Add(new("depth", depth, With([784, .. Enumerable.Repeat(64, depth), 10])));
        return points;

        Recipe With(int[] widths) => recipe with { Network = recipe.Network with { Widths = widths, Names = null } };
    }

    public static BenchTable Run(Backend backend, int threads, bool peers)
    {
        var table = new BenchTable(Machine.Peak() * threads);
        if (peers && backend is SimdBackend)
            foreach (var row in LibTorchPeer.Rows("scale", threads))
                table.Add(row);
        else
            foreach (var point in Points())
            {
                double seconds = 0;
                double memory = Mebibytes(backend, point, training =>
                {
                    Timing.WarmUp(training.Step, calls: 3);
                    int calls = Timing.CallsPerSample(training.Step, milliseconds: 1);
                    seconds = Timing.Median(() => Timing.Seconds(training.Step, calls), SamplesOf(point.Recipe));
                });
                table.Add([.. point.Cells, ("microseconds", seconds * 1e6), ("gflops", point.Recipe.FlopPerStep / seconds * 1e-9),
                    ("mebibytes", memory)]);
            }
        return table;
    }

    internal static int SamplesOf(Recipe recipe) => recipe.FlopPerStep < 1e9 ? 101 : 15;

    /// <summary>
    /// Measures on a thread and a backend of its own, whose free buffers no earlier network has filled. Returns MiB of main memory that the
    /// training holds beside its data: parameters, gradients, optimiser, activations.
    /// </summary>
    internal static double Mebibytes(Backend backend, Point point, Action<LectureTraining> measure)
    {
        double mebibytes = 0;
        var thread = new Thread(() =>
        {
            var own = backend is SimdBackend ? SimdBackend.Create(backend.Threads) : backend;
            var data = LectureTraining.Load(point.Recipe, own);
            long before = GC.GetTotalMemory(forceFullCollection: true);
            var training = new LectureTraining(point.Recipe, data);
            measure(training);
            mebibytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)(1 << 20);
            GC.KeepAlive(training);
        });
        thread.Start();
        thread.Join();
        return mebibytes;
    }
}
