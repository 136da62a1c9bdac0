using System.Diagnostics;
using NativeNN.Backends;

namespace NativeNN.Bench;

/// <summary>Whole passes over MNIST's 60,000 training images, the loss and accuracy printed so that one sees it learn.</summary>
internal static class EpochBench
{
    public static BenchTable Run(Backend backend, string? only, int epochs)
    {
        var table = new BenchTable(Machine.PeakOf(backend));
        var (train, test) = (Dataset.Train(backend), Dataset.Test(backend));
        foreach (var setup in LectureSetup.Named(only))
        {
            var training = new LectureTraining(setup, train, backend);
            double seconds = 0, loss = 0;
            for (int epoch = 1; epoch <= epochs; epoch++)
            {
                var watch = Stopwatch.StartNew();
                loss = training.Epoch();
                seconds += watch.Elapsed.TotalSeconds;
            }
            Console.WriteLine($"{setup.Name}: after {epochs} epoch(s) loss {loss:F4}, test accuracy {training.Evaluate(test):P2}");
            table.Add(("lecture", setup.Name), ("seconds", seconds / epochs), ("samples_per_second", train.Count * epochs / seconds));
        }
        return table;
    }
}
