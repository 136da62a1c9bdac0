using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeNN.Backends.Simd;

namespace NativeNN.Bench;

/// <summary>What this machine is and what it can do at most: multiply-adds that never leave the registers.</summary>
internal static class Machine
{
    private const int Accumulators = 12, Repetitions = 20_000;

    /// <summary>The CPU's name, and its cores.</summary>
    public static string Name { get; } =
        $"{Experiments.Reports.Machine.Cpu}, {Environment.ProcessorCount} cores, {LaneCount * 32}-bit vectors, .NET {Environment.Version}";

    private static int LaneCount => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>GFLOP/s of one run of the register-only loop (about 0.1 ms), on one core.</summary>
    public static double PeakSample()
    {
        long start = Stopwatch.GetTimestamp();
        if (Vector512.IsHardwareAccelerated)
            Loop<Lanes512>();
        else if (Vector256.IsHardwareAccelerated)
            Loop<Lanes256>();
        else
            Loop<Lanes128>();
        return 2.0 * Accumulators * LaneCount * Repetitions / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    /// <summary>The peak of what the backend computes on: a GPU, or one core of this machine.</summary>
    public static double PeakOf(Backends.Backend backend) => backend is Gpu.GpuBackend gpu ? gpu.PeakGflops() : Peak();

    /// <summary>Median of many runs: the peak of one core as it is now.</summary>
    public static double Peak()
    {
        for (int i = 0; i < 100; i++)
            PeakSample();
        return Timing.Median(() => PeakSample(), samples: 101);
    }

    // Twelve sums at once: as many as hide the latency of a multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Loop<T>()
        where T : struct, ILanes<T>
    {
        T a = T.All(0.999f), b = T.All(1e-3f);
        T x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (int i = 0; i < Repetitions; i++)
        {
            x0 = T.MultiplyAdd(x0, a, b);
            x1 = T.MultiplyAdd(x1, a, b);
            x2 = T.MultiplyAdd(x2, a, b);
            x3 = T.MultiplyAdd(x3, a, b);
            x4 = T.MultiplyAdd(x4, a, b);
            x5 = T.MultiplyAdd(x5, a, b);
            x6 = T.MultiplyAdd(x6, a, b);
            x7 = T.MultiplyAdd(x7, a, b);
            x8 = T.MultiplyAdd(x8, a, b);
            x9 = T.MultiplyAdd(x9, a, b);
            x10 = T.MultiplyAdd(x10, a, b);
            x11 = T.MultiplyAdd(x11, a, b);
        }
        float* sums = stackalloc float[16];
        (x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11).Store(sums);
        Sink = sums[0];
    }

    // The result has to go somewhere, or the loops would be dead code.
    private static float Sink { get; set; }
}
