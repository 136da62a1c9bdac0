using System.Diagnostics;
using NativeNN.Backends;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;

namespace NativeNN.Bench;

/// <summary>
/// The trainings of lecture init-variance as the lecture runs them: its points, recipe and seed, tested after every epoch, as many at
/// once as there are threads; without its figures and checkpoints.
/// </summary>
internal static class SweepBench
{
    public static BenchTable Run(Backend backend, int threads, int? sigmas, int? epochs)
    {
        var lecture = new InitVariance();
        int rounds = epochs ?? lecture.Recipe.Epochs;
        var points = InitVariance.PointsOf(new RunOptions { Points = sigmas is { } count ? [.. Enumerable.Range(0, count)] : null });
        var own = backend.SingleThreaded;
        var data = LectureTraining.Load(lecture.Recipe, own);
        var accuracies = new double[points.Count];
        var table = new BenchTable(Machine.PeakOf(backend));
        var watch = Stopwatch.StartNew();
        ConcurrentTrainings.Run(points.Count, workers: own.RunsConcurrently ? threads : 1, i =>
        {
            var loop = new TrainingLoop(lecture.RecipeOf(points[i]), data, LectureTraining.NewGenerator(own));
            for (int epoch = 0; epoch < rounds; epoch++)
            {
                loop.Epoch();
                accuracies[i] = loop.Evaluate();
            }
        });
        double seconds = watch.Elapsed.TotalSeconds;
        foreach (var (point, accuracy) in points.Zip(accuracies))
            Console.WriteLine($"{point.Label}: test accuracy {accuracy:P2}");
        table.Add(("lecture", lecture.Name), ("networks", points.Count), ("epochs", rounds), ("seconds", seconds),
            ("samples_per_second", (double)data.Train.Count * points.Count * rounds / seconds));
        return table;
    }
}
