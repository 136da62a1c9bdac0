using System.Diagnostics;
using NativeNN.Data;
using NativeNN.Gpu;

namespace NativeNN.Bench;

/// <summary>
/// Training steps on a device with the data set there: launch by launch, as graphs where the driver has them, and what of a step is the program's own
/// time (queueing, without waiting). The CPU's step beside it.
/// </summary>
internal static class GpuStepBench
{
    private const int Warmup = 300, Steps = 300, Runs = 7;

    public static BenchTable Run(GpuBackend gpu, Backends.Backend cpu, string? only)
    {
        var table = new BenchTable(gpu.Device.PeakGflops ?? double.NaN);
        long start = Stopwatch.GetTimestamp();
        var train = Dataset.Train(gpu);
        gpu.Synchronize();
        Console.WriteLine(FormattableString.Invariant($"The data set went to {gpu.Name} once, in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms (reading it included)."));
        var here = Dataset.Train(cpu);
        foreach (var setup in LectureSetup.Named(only))
        {
            var (single, graph) = Both(gpu, train, setup, out double queueing);
            double onCpu = StepBench.Measure(new LectureTraining(setup, here, cpu), cpu).Seconds * 1e6;
            table.Add(("lecture", setup.Name), ("batch", setup.Batch), ("launches_us", single), ("graph_us", graph),
                ("queueing_us", queueing), ("cpu_us", onCpu), ("gflops", setup.FlopPerStep / Math.Min(single, graph) * 1e-3));
        }
        return table;
    }

    /// <summary>Microseconds a step, launch by launch and as graphs.</summary>
    public static (double Launches, double Graphs) Both(GpuBackend gpu, TensorDataset train, LectureSetup setup, out double queueing)
    {
        gpu.UsesGraphs = false;
        var (single, _) = Measure(new LectureTraining(setup, train, gpu, deviceDropout: true), gpu);
        gpu.UsesGraphs = true;
        (double graph, queueing) = Measure(new LectureTraining(setup, train, gpu, deviceDropout: true), gpu);
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
