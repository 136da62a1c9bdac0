using System.Runtime.Intrinsics;
using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Bench.Ladder;

namespace NativeNN.Bench;

/// <summary>
/// C = A·B in five rungs, each a file of Ladder/ but the last, which is the engine's own. Every rung is checked against sums in double
/// before it is timed, of an odd shape too.
/// </summary>
internal static unsafe class LadderBench
{
    private static readonly SimdBackend Engine = SimdBackend.Create(threads: 1);

    private delegate void Product(HostStorage a, HostStorage b, HostStorage c, int m, int n, int k);

    private sealed record Rung(string Name, string LimitedBy, Product Multiply);

    public static BenchTable Run(int? size)
    {
        var rungs = Vector512.IsHardwareAccelerated ? Rungs<Lanes512>()
            : Vector256.IsHardwareAccelerated ? Rungs<Lanes256>() : Rungs<Lanes128>();
        foreach (var rung in rungs)
            new Operands(m: 33, n: 65, k: 17).Check(rung);
        var table = new BenchTable(Machine.Peak());
        foreach (int side in size is { } one ? [one] : new[] { 64, 256, 1024 })
        {
            var operands = new Operands(side, side, side);
            double? below = null;
            foreach (var rung in rungs)
            {
                operands.Check(rung);
                var (rate, peak) = Measure(() => operands.Multiply(rung), flop: 2.0 * side * side * side);
                table.Add(("size", side), ("rung", rung.Name), ("gflops", rate), ("fraction_of_peak", rate / peak),
                    ("times_the_last", rate / (below ?? rate)), ("limited_by", rung.LimitedBy));
                below = rate;
            }
        }
        return table;
    }

    private static Rung[] Rungs<T>()
        where T : struct, ILanes<T> =>
    [
        new("1 naive", "waiting for one sum, and for B down its columns",
            (a, b, c, m, n, k) => Gemm1Naive.Multiply(a.Pointer, b.Pointer, c.Pointer, m, n, k)),
        new("2 loop order", "one value at a time",
            (a, b, c, m, n, k) => Gemm2LoopOrder.Multiply(a.Pointer, b.Pointer, c.Pointer, m, n, k)),
        new("3 vectors", "loads and stores of C",
            (a, b, c, m, n, k) => Gemm3Vectors<T>.Multiply(a.Pointer, b.Pointer, c.Pointer, m, n, k)),
        new("4 register tile", "the distance of B, once it is out of cache",
            (a, b, c, m, n, k) => Gemm4RegisterTile<T>.Multiply(a.Pointer, b.Pointer, c.Pointer, m, n, k)),
        new("5 packed and blocked", "the multiply–adds themselves",
            (a, b, c, m, n, k) => Engine.Gemm(transposeA: false, a, transposeB: false, b, c, m, n, k)),
    ];

    // Peak and product by turns, medians: both see the same clock rate and the same neighbours.
    private static (double Rate, double Peak) Measure(Action multiply, double flop)
    {
        int calls = Timing.CallsPerSample(multiply, milliseconds: 1);
        int samples = (int)Math.Clamp(0.5 / (Timing.Seconds(multiply, calls) * calls), 3, 151);
        double[] rates = new double[samples], peaks = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            peaks[i] = Machine.PeakSample();
            rates[i] = flop * 1e-9 / Timing.Seconds(multiply, calls);
        }
        Array.Sort(rates);
        Array.Sort(peaks);
        return (rates[samples / 2], peaks[samples / 2]);
    }

    /// <summary>A: [m, k] and B: [k, n], uniform in ±½, and C: [m, n], with room for loads past their ends.</summary>
    private sealed class Operands(int m, int n, int k)
    {
        private const int Room = 64; // cells: the second register of a tile

        private readonly HostStorage a = Filled(m * k, seed: 1), b = Filled(k * n, seed: 2), c = Filled(m * n, seed: 3);

        public void Multiply(Rung rung)
        {
            rung.Multiply(a, b, c, m, n, k);
            GC.KeepAlive((a, b, c));
        }

        public void Check(Rung rung)
        {
            c.Span.Fill(float.NaN);
            Multiply(rung);
            foreach (int i in new[] { 0, m / 2, m - 1 })
                for (int j = 0; j < n; j++)
                {
                    double sum = 0, terms = 0;
                    for (int p = 0; p < k; p++)
                    {
                        double term = (double)a.Span[i * k + p] * b.Span[p * n + j];
                        sum += term;
                        terms += Math.Abs(term);
                    }
                    if (!(Math.Abs(sum - c.Span[i * n + j]) <= 1e-5 * terms))
                        throw new InvalidOperationException(
                            $"{rung.Name}, {m}×{n}×{k}: C[{i}, {j}] is {c.Span[i * n + j]}, should be {sum}");
                }
        }

        private static HostStorage Filled(int count, int seed)
        {
            var random = new System.Random(seed);
            var storage = (HostStorage)SimdBackend.Default.Allocate(count + Room);
            foreach (ref float value in storage.Span)
                value = random.NextSingle() - 0.5f;
            return storage;
        }
    }
}
