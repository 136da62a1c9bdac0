using NativeNN.Backends;

namespace NativeNN.Bench;

/// <summary>
/// One training step of each lecture: batch, forward, loss, backward, update, records. Floor: its multiply–adds at the measured peak.
/// </summary>
internal static class StepBench
{
    private const int Samples = 1000, SamplesPerPeak = 10;

    public static BenchTable Run(Backend backend, string? only)
    {
        var table = new BenchTable(Machine.Peak());
        foreach (var recipe in LectureTraining.Recipes(only))
        {
            var (seconds, peak) = Measure(new LectureTraining(recipe, LectureTraining.Load(recipe, backend)), backend);
            double microseconds = seconds * 1e6, floor = recipe.FlopPerStep / peak * 1e-3;
            table.Add(("lecture", recipe.Name), ("batch", recipe.BatchSize), ("microseconds", microseconds), ("floor_microseconds", floor),
                ("ratio", microseconds / floor));
        }
        return table;
    }

    /// <summary>Median seconds per step, and the median peak (GFLOP/s) of the same time.</summary>
    public static (double Seconds, double PeakGflops) Measure(LectureTraining training, Backend backend)
    {
        Timing.WarmUp(training.Step, calls: 2000); // and Adam's moments come to their usual sizes
        // Short samples: a system's clock interrupts every millisecond or so, and a median of samples that all hold an interruption would
        // too.
        double milliseconds = 0.2;
        int calls = Timing.CallsPerSample(training.Step, milliseconds);
        double[] times = new double[Samples], peaks = new double[Samples / SamplesPerPeak];
        for (int i = 0; i < Samples; i++)
        {
            if (i % SamplesPerPeak == 0)
                peaks[i / SamplesPerPeak] = Machine.PeakSample();
            backend.Synchronize();
            times[i] = Timing.Seconds(training.Step, calls);
            backend.Synchronize();
        }
        Array.Sort(times);
        Array.Sort(peaks);
        return (times[times.Length / 2], peaks[peaks.Length / 2]);
    }
}
