using System.Diagnostics;
using NativeNN.Backends.Simd;
using NativeNN.Experiments.Running;
using NativeNN.Gpu;

namespace NativeNN.Bench;

/// <summary>
/// Training steps on a device with the data set there: launch by launch, as graphs where the driver has them, and what of a step is the
/// program's own time (queueing, without waiting). Beside them what sending each batch and reading each loss would add, and the CPU's
/// step.
/// </summary>
internal static class GpuStepBench
{
    private const int Warmup = 300, Steps = 300, Runs = 7;

    public static BenchTable Run(GpuBackend gpu, SimdBackend cpu, string? only)
    {
        double peak = gpu.PeakGflops();
        var table = new BenchTable(peak);
        var faster = new List<string>();
        foreach (var recipe in LectureTraining.Recipes(only))
        {
            long start = Stopwatch.GetTimestamp();
            var data = LectureTraining.Load(recipe, gpu);
            gpu.Synchronize();
            double sent = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            Console.WriteLine($"{recipe.Name}: the data went to {gpu.Name} once, in {sent:F0} ms (with reading).");
            var (single, graph) = Both(gpu, recipe, data, out double queueing);
            double best = Math.Min(single, graph), transfers = Transfers(gpu, recipe);
            double onCpu = StepBench.Measure(new LectureTraining(recipe, LectureTraining.Load(recipe, cpu)), cpu).Seconds * 1e6;
            double rate = recipe.FlopPerStep / best * 1e-3;
            List<(string, object)> row = [("lecture", recipe.Name), ("batch", recipe.BatchSize), ("launches_us", single)];
            if (gpu.HasGraphs)
                row.Add(("graph_us", graph));
            table.Add([.. row, ("queueing_us", queueing), ("with_transfers_us", best + transfers), ("gflops", rate),
                ("fraction_of_peak", rate / peak), ("cpu_us", onCpu)]);
            if (best < onCpu)
                faster.Add(recipe.Name);
        }
        Console.WriteLine($"Where {gpu.Name} beats the CPU ({cpu.Threads} thread{(cpu.Threads == 1 ? "" : "s")}): "
            + $"{(faster.Count == 0 ? "in no lecture" : string.Join(", ", faster))}.");
        return table;
    }

    // Microseconds for a batch and its labels to the device and a loss back.
    private static double Transfers(GpuBackend gpu, Recipe recipe)
    {
        var (pixels, labels) = (new float[recipe.BatchSize * recipe.Network.Widths[0]], new int[recipe.BatchSize]);
        var (x, y) = (gpu.Allocate(pixels.Length), gpu.Allocate(labels.Length));
        return 1e3 * GpuGemmBench.Milliseconds(gpu, recipe.BatchSize, () =>
        {
            gpu.Write(pixels, x);
            gpu.WriteInts(labels, y);
            gpu.Read(x, pixels.AsSpan(0, 1));
        });
    }

    /// <summary>Microseconds a step, launch by launch and as graphs.</summary>
    public static (double Launches, double Graphs) Both(GpuBackend gpu, Recipe recipe, TrainingData data, out double queueing)
    {
        gpu.UsesGraphs = false;
        var (single, _) = Measure(new LectureTraining(recipe, data), gpu);
        gpu.UsesGraphs = true;
        (double graph, queueing) = Measure(new LectureTraining(recipe, data), gpu);
        return (single, graph);
    }

    // Microseconds a step, the fastest of several runs: until the device is done, and until the program has queued it all.
    private static (double Done, double Queued) Measure(LectureTraining training, GpuBackend gpu)
    {
        for (int i = 0; i < Warmup; i++)
            training.Step();
        double done = double.MaxValue, queued = double.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            gpu.Synchronize();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Steps; i++)
                training.Step();
            queued = Math.Min(queued, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Steps);
            gpu.Synchronize();
            done = Math.Min(done, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Steps);
        }
        return (done, queued);
    }
}
