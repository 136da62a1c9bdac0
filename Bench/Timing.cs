using System.Diagnostics;
using System.Runtime;

namespace NativeNN.Bench;

/// <summary>Many short samples and their median: on a machine that does other things too, most short samples run undisturbed.</summary>
internal static class Timing
{
    // A method's last version is compiled in the background, 0.1 s (on one processor: 1 s) after the last new method came.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(Environment.ProcessorCount == 1 ? 1.5 : 0.3);
    private static readonly TimeSpan MostWarmUp = TimeSpan.FromSeconds(15);

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
    /// Calls it so often at least, and until the JIT has compiled nothing for a while: then the code is final. Pinned to one core that
    /// takes seconds.
    /// </summary>
    public static void WarmUp(Action call, int calls)
    {
        long start = Stopwatch.GetTimestamp(), lastCompiled = start, compiled = JitInfo.GetCompiledMethodCount();
        for (int i = 0; i < calls || (Stopwatch.GetElapsedTime(lastCompiled) < Quiet && Stopwatch.GetElapsedTime(start) < MostWarmUp); i++)
        {
            call();
            long now = JitInfo.GetCompiledMethodCount();
            if (now != compiled)
                (compiled, lastCompiled) = (now, Stopwatch.GetTimestamp());
        }
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

    /// <summary>
    /// Median seconds per call of two ways to the same, in samples of about that many milliseconds, taken in turn, each after a pause:
    /// both see the same clock rate and the same neighbours.
    /// </summary>
    public static (double First, double Second) InTurn(Action first, Action second, int samples, double milliseconds, TimeSpan pause)
    {
        var (firstTimes, secondTimes) = (new double[samples], new double[samples]);
        int firstCalls = CallsPerSample(first, milliseconds);
        Thread.Sleep(pause);
        int secondCalls = CallsPerSample(second, milliseconds);
        for (int i = 0; i < samples; i++)
        {
            Thread.Sleep(pause);
            firstTimes[i] = Seconds(first, firstCalls);
            Thread.Sleep(pause);
            secondTimes[i] = Seconds(second, secondCalls);
        }
        Array.Sort(firstTimes);
        Array.Sort(secondTimes);
        return (firstTimes[samples / 2], secondTimes[samples / 2]);
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
