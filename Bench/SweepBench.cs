using System.Diagnostics;
using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Bench;

/// <summary>
/// The init-variance lecture: one training for each σ of 25 log-spaced ones, weights normal(0, σ), test accuracy after every epoch. The trainings
/// are independent, so each thread takes the next σ.
/// </summary>
internal static class SweepBench
{
    public static BenchTable Run(Backend backend, int threads, int sigmas, int epochs)
    {
        var setup = LectureSetup.All.Single(one => one.Name == "init-variance");
        bool parallel = backend is SimdBackend && threads > 1;
        var own = parallel ? SimdBackend.Create(threads: 1) : backend;
        var (train, test) = (Dataset.Train(own), Dataset.Test(own));
        var best = new double[sigmas];
        var table = new BenchTable(Machine.PeakOf(backend));
        var watch = Stopwatch.StartNew();
        int next = -1;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < sigmas; i = Interlocked.Increment(ref next))
                best[i] = Train(i);
        }
        var workers = Enumerable.Range(0, parallel ? threads : 1).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
        double seconds = watch.Elapsed.TotalSeconds;
        for (int i = 0; i < sigmas; i++)
            Console.WriteLine($"σ {Sigma(i):G3}: best test accuracy {best[i]:P2}");
        table.Add(("lecture", setup.Name), ("sigmas", sigmas), ("epochs", epochs), ("seconds", seconds),
            ("samples_per_second", (double)train.Count * sigmas * epochs / seconds));
        return table;

        double Train(int i)
        {
            var training = new LectureTraining(setup, train, own, seed: 42 + i);
            var random = new Random.Generator(42 + i);
            foreach (var (name, parameter) in training.Net.NamedParameters())
                if (name.EndsWith("weight", StringComparison.Ordinal))
                    Init.Normal(parameter, random, mean: 0, std: Sigma(i));
            double accuracy = 0;
            for (int epoch = 0; epoch < epochs; epoch++)
            {
                training.Epoch();
                accuracy = Math.Max(accuracy, training.Evaluate(test));
            }
            return accuracy;
        }

        double Sigma(int i) => Math.Pow(10, -4 + (sigmas == 1 ? 0 : 5.0 * i / (sigmas - 1)));
    }
}
