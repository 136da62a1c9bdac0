using System.Diagnostics;

namespace NativeNN.Bench;

/// <summary>Many short samples and their median: on a machine that does other things too, most short samples run undisturbed.</summary>
internal static class Timing
{
    /// <summary>The median of that many samples.</summary>
    public static double Median(Func<double> sample, int samples)
    {
        var values = new double[samples];
        for (int i = 0; i < samples; i++)
            values[i] = sample();
        Array.Sort(values);
        return values[samples / 2];
    }

    /// <summary>
    /// Calls per sample, so that a sample takes about that many milliseconds; the calls it takes to find out are the warm-up.
    /// </summary>
    public static int CallsPerSample(Action call, double milliseconds)
    {
        // The JIT recompiles a method in the background after 30 calls: run for a while first.
        long warmUp = Stopwatch.GetTimestamp();
        int calls = 0;
        double fastest = double.MaxValue;
        while ((calls < 100 || Stopwatch.GetElapsedTime(warmUp).TotalMilliseconds < 100)
            && Stopwatch.GetElapsedTime(warmUp).TotalSeconds < 1)
        {
            fastest = Math.Min(fastest, Seconds(call, calls: 1));
            calls++;
        }
        return (int)Math.Clamp(milliseconds * 1e-3 / fastest, 1, 1e6);
    }

    /// <summary>Seconds per call.</summary>
    public static double Seconds(Action call, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            call();
        // Not GetElapsedTime: a TimeSpan counts in 100 ns, longer than the smallest product takes.
        return (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency / calls;
    }
}
