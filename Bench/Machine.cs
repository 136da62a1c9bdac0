using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeNN.Bench;

/// <summary>What this machine is and what it can do at most: multiply-adds that never leave the registers.</summary>
internal static class Machine
{
    private const int Accumulators = 12, Repetitions = 20_000;

    /// <summary>The CPU's name, and its cores.</summary>
    public static string Name { get; } = $"{CpuName()}, {Environment.ProcessorCount} cores, {LaneCount * 32}-bit vectors, .NET {Environment.Version}";

    private static int LaneCount => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;

    /// <summary>GFLOP/s of one run of the register-only loop (about 0.1 ms), on one core.</summary>
    public static double PeakSample()
    {
        long start = Stopwatch.GetTimestamp();
        if (Vector512.IsHardwareAccelerated)
            Loop512();
        else if (Vector256.IsHardwareAccelerated)
            Loop256();
        else
            Loop128();
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Loop512()
    {
        Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(1e-3f);
        Vector512<float> x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (int i = 0; i < Repetitions; i++)
        {
            x0 = Vector512.FusedMultiplyAdd(x0, a, b);
            x1 = Vector512.FusedMultiplyAdd(x1, a, b);
            x2 = Vector512.FusedMultiplyAdd(x2, a, b);
            x3 = Vector512.FusedMultiplyAdd(x3, a, b);
            x4 = Vector512.FusedMultiplyAdd(x4, a, b);
            x5 = Vector512.FusedMultiplyAdd(x5, a, b);
            x6 = Vector512.FusedMultiplyAdd(x6, a, b);
            x7 = Vector512.FusedMultiplyAdd(x7, a, b);
            x8 = Vector512.FusedMultiplyAdd(x8, a, b);
            x9 = Vector512.FusedMultiplyAdd(x9, a, b);
            x10 = Vector512.FusedMultiplyAdd(x10, a, b);
            x11 = Vector512.FusedMultiplyAdd(x11, a, b);
        }
        Sink = Vector512.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Loop256()
    {
        Vector256<float> a = Vector256.Create(0.999f), b = Vector256.Create(1e-3f);
        Vector256<float> x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (int i = 0; i < Repetitions; i++)
        {
            x0 = Vector256.FusedMultiplyAdd(x0, a, b);
            x1 = Vector256.FusedMultiplyAdd(x1, a, b);
            x2 = Vector256.FusedMultiplyAdd(x2, a, b);
            x3 = Vector256.FusedMultiplyAdd(x3, a, b);
            x4 = Vector256.FusedMultiplyAdd(x4, a, b);
            x5 = Vector256.FusedMultiplyAdd(x5, a, b);
            x6 = Vector256.FusedMultiplyAdd(x6, a, b);
            x7 = Vector256.FusedMultiplyAdd(x7, a, b);
            x8 = Vector256.FusedMultiplyAdd(x8, a, b);
            x9 = Vector256.FusedMultiplyAdd(x9, a, b);
            x10 = Vector256.FusedMultiplyAdd(x10, a, b);
            x11 = Vector256.FusedMultiplyAdd(x11, a, b);
        }
        Sink = Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    // Without FMA a multiplication and an addition; the loop is bound by both.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Loop128()
    {
        Vector128<float> a = Vector128.Create(0.999f), b = Vector128.Create(1e-3f);
        Vector128<float> x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (int i = 0; i < Repetitions; i++)
        {
            x0 = (x0 * a) + b;
            x1 = (x1 * a) + b;
            x2 = (x2 * a) + b;
            x3 = (x3 * a) + b;
            x4 = (x4 * a) + b;
            x5 = (x5 * a) + b;
            x6 = (x6 * a) + b;
            x7 = (x7 * a) + b;
            x8 = (x8 * a) + b;
            x9 = (x9 * a) + b;
            x10 = (x10 * a) + b;
            x11 = (x11 * a) + b;
        }
        Sink = Vector128.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    // The result has to go somewhere, or the loops would be dead code.
    private static float Sink { get; set; }

    private static string CpuName()
    {
        const string info = "/proc/cpuinfo";
        if (File.Exists(info) && File.ReadLines(info).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line)
            return line[(line.IndexOf(':') + 1)..].Trim();
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown CPU";
    }
}
