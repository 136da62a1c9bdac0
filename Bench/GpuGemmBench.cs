using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Gpu;

namespace NativeNN.Bench;

/// <summary>
/// Every version of the matrix product on a device: time of the kernel alone, time with A and B going there and C coming back, and the
/// CPU's time for the same product. The last lines say from which size on the device is the faster one.
/// </summary>
internal static class GpuGemmBench
{
    public static BenchTable Run(GpuBackend gpu, SimdBackend cpu, int largest)
    {
        double peak = gpu.PeakGflops();
        var table = new BenchTable(peak);
        int? fasterResident = null, fasterWithTransfers = null;
        for (int size = 32; size <= largest; size *= 2)
        {
            var operands = new Operands(gpu, size);
            var here = new Operands(cpu, size);
            double cpuTime = Milliseconds(cpu, size, () => here.Multiply(cpu));
            foreach (var version in Enum.GetValues<GemmVersion>()
                .Where(version => gpu.Supports(version) && version != GemmVersion.CpuDevice))
            {
                gpu.GemmVersion = version;
                double error = operands.Error(gpu);
                double kernel = Milliseconds(gpu, size, () => operands.Multiply(gpu));
                double transfers = Milliseconds(gpu, size, () => operands.SendMultiplyFetch(gpu));
                gpu.GemmVersion = GemmVersion.Auto;
                double rate = 2.0 * size * size * size / kernel * 1e-6;
                table.Add(("size", size), ("version", version), ("kernel_ms", kernel), ("with_transfers_ms", transfers), ("gflops", rate),
                    ("fraction_of_peak", rate / peak), ("relative_error_1e-7", error * 1e7), ("cpu_ms", cpuTime));
                if (version != GemmVersion.Auto)
                    continue;
                fasterResident = kernel < cpuTime ? fasterResident ?? size : null;
                fasterWithTransfers = transfers < cpuTime ? fasterWithTransfers ?? size : null;
            }
        }
        Console.WriteLine($"Where {gpu.Name} beats the CPU ({cpu.Threads} thread{(cpu.Threads == 1 ? "" : "s")}): with the data there "
            + $"{From(fasterResident)}, with transfers {From(fasterWithTransfers)}.");
        return table;

        string From(int? size) => size is null ? $"nowhere up to {largest}×{largest}×{largest}" : $"from {size}×{size}×{size} on";
    }

    /// <summary>GFLOP/s of one version on squares.</summary>
    public static double Gflops(GpuBackend gpu, GemmVersion version, int size)
    {
        var operands = new Operands(gpu, size);
        gpu.GemmVersion = version;
        double milliseconds = Milliseconds(gpu, size, () => operands.Multiply(gpu));
        gpu.GemmVersion = GemmVersion.Auto;
        return 2.0 * size * size * size / milliseconds * 1e-6;
    }

    /// <summary>Milliseconds per call: the fastest of five runs, each of enough calls for 20 ms.</summary>
    public static double Milliseconds(Backend backend, int size, Action call)
    {
        call();
        backend.Synchronize();
        double once = Total(backend, call, calls: 1), best = double.MaxValue;
        int calls = (int)Math.Clamp(20 / once, 1, 2000);
        for (int run = 0; run < (size >= 2048 ? 3 : 5); run++)
            best = Math.Min(best, Total(backend, call, calls) / calls);
        return best;
    }

    private static double Total(Backend backend, Action call, int calls)
    {
        void Work()
        {
            for (int i = 0; i < calls; i++)
                call();
        }
        if (backend is GpuBackend gpu)
            return gpu.Time(Work);
        return Timing.Seconds(Work, calls: 1) * 1e3;
    }

    /// <summary>A and B, uniform in ±½, and C, on one backend.</summary>
    private sealed class Operands
    {
        private readonly int size;
        private readonly float[] left, right, result;
        private readonly Storage a, b, c;

        public Operands(Backend backend, int size)
        {
            this.size = size;
            var random = new System.Random(size);
            (left, right, result) = (Values(random), Values(random), new float[size * size]);
            (a, b, c) = (backend.Allocate(size * size), backend.Allocate(size * size), backend.Allocate(size * size));
            backend.Write(left, a);
            backend.Write(right, b);
        }

        public void Multiply(Backend backend) => backend.Gemm(transposeA: false, a, transposeB: false, b, c, m: size, n: size, k: size);

        public void SendMultiplyFetch(Backend backend)
        {
            backend.Write(left, a);
            backend.Write(right, b);
            Multiply(backend);
            backend.Read(c, result);
        }

        /// <summary>The largest error of three rows against double, relative to the sum of the terms' magnitudes.</summary>
        public double Error(Backend backend)
        {
            Multiply(backend);
            backend.Read(c, result);
            double worst = 0;
            foreach (int i in new[] { 0, size / 2, size - 1 })
                for (int j = 0; j < size; j++)
                {
                    double sum = 0, terms = 0;
                    for (int p = 0; p < size; p++)
                    {
                        double term = (double)left[i * size + p] * right[p * size + j];
                        sum += term;
                        terms += Math.Abs(term);
                    }
                    worst = Math.Max(worst, Math.Abs(sum - result[i * size + j]) / terms);
                }
            return worst < 1e-5 ? worst : throw new InvalidOperationException($"Gemm {size}×{size}×{size} on {backend.Name}: relative "
                + $"error {worst:G3}");
        }

        private float[] Values(System.Random random)
        {
            var values = new float[size * size];
            for (int i = 0; i < values.Length; i++)
                values[i] = random.NextSingle() - 0.5f;
            return values;
        }
    }
}
