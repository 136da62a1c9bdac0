using System.Diagnostics;
using NativeNN.Backends;
using NativeNN.Experiments.Running;

namespace NativeNN.Bench;

/// <summary>Whole epochs of each lecture, the loss and accuracy printed so that one sees it learn.</summary>
internal static class EpochBench
{
    public static BenchTable Run(Backend backend, string? only, int epochs)
    {
        var table = new BenchTable(Machine.PeakOf(backend));
        foreach (var recipe in LectureTraining.Recipes(only))
        {
            // Lecture 004 does not test; here it does.
            var tested = recipe with { Evaluation = recipe.Evaluation ?? new(Evaluation.WholeSet) };
            var loop = new LectureTraining(tested, LectureTraining.Load(recipe, backend)).Loop;
            double seconds = 0, loss = 0;
            for (int epoch = 1; epoch <= epochs; epoch++)
            {
                var watch = Stopwatch.StartNew();
                loop.Epoch();
                loss = loop.Losses().Average(step => (double)step);
                seconds += watch.Elapsed.TotalSeconds;
            }
            Console.WriteLine($"{recipe.Name}: after {epochs} epoch(s) loss {loss:F4}, test accuracy {loop.Evaluate():P2}");
            table.Add(("lecture", recipe.Name), ("seconds", seconds / epochs),
                ("samples_per_second", loop.Batches.Dataset.Count * epochs / seconds));
        }
        return table;
    }
}
