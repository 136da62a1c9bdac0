using NativeNN.Backends;

namespace NativeNN.Bench;

/// <summary>C = op(A)·op(B): the lectures' forward (A·Bᵀ), weight gradient (Aᵀ·B) and input gradient (A·B), then squares.</summary>
internal static class GemmBench
{
    public static BenchTable Run(Backend backend)
    {
        var shapes = new List<(int M, int N, int K, bool TransposeA, bool TransposeB)>();
        foreach (var recipe in LectureTraining.Recipes(lecture: null))
            for (int i = 1; i < recipe.Network.Widths.Count; i++)
            {
                int from = recipe.Network.Widths[i - 1], to = recipe.Network.Widths[i], batch = recipe.BatchSize;
                shapes.Add((batch, to, from, false, true));
                shapes.Add((to, from, batch, true, false));
                if (i > 1)
                    shapes.Add((batch, from, to, false, false));
            }
        shapes.Sort((a, b) => ((long)b.M * b.N * b.K).CompareTo((long)a.M * a.N * a.K));
        foreach (int size in new[] { 128, 256, 512, 1024, 2048 })
            foreach (var (transposeA, transposeB) in new[] { (false, false), (false, true), (true, false) })
                shapes.Add((size, size, size, transposeA, transposeB));

        // Threads work on cores of their own: the peak is theirs together.
        int threads = backend.Threads;
        var table = new BenchTable(Machine.Peak() * threads);
        foreach (var (m, n, k, transposeA, transposeB) in shapes.Distinct())
        {
            var random = new System.Random(1);
            Storage a = Filled(backend, random, m * k), b = Filled(backend, random, k * n), c = backend.Allocate(m * n);
            Check(backend, transposeA, a, transposeB, b, c, m, n, k);
            void Product()
            {
                backend.Gemm(transposeA, a, transposeB, b, c, m, n, k);
                backend.Synchronize();
            }
            int calls = Timing.CallsPerSample(Product, milliseconds: 0.2);
            double flop = 2.0 * m * n * k;
            int samples = flop < 1e8 ? 151 : 9;
            // Peak and product by turns: both see the same clock rate and the same neighbours.
            double[] peaks = new double[samples], rates = new double[samples];
            for (int i = 0; i < samples; i++)
            {
                peaks[i] = Machine.PeakSample() * threads;
                rates[i] = flop * 1e-9 / Timing.Seconds(Product, calls);
            }
            Array.Sort(peaks);
            Array.Sort(rates);
            double rate = rates[samples / 2], peak = peaks[samples / 2];
            table.Add(("m", m), ("n", n), ("k", k), ("transposeA", transposeA), ("transposeB", transposeB), ("gflops", rate),
                ("fraction_of_peak", rate / peak));
        }
        return table;
    }

    private static Storage Filled(Backend backend, System.Random random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = random.NextSingle() - 0.5f;
        var storage = backend.Allocate(count);
        backend.Write(values, storage);
        return storage;
    }

    // A few rows against the reference before anything is timed.
    private static void Check(Backend backend, bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k)
    {
        backend.Gemm(transposeA, a, transposeB, b, c, m, n, k);
        float[] left = new float[m * k], right = new float[k * n], result = new float[m * n];
        backend.Read(a, left);
        backend.Read(b, right);
        backend.Read(c, result);
        foreach (int i in new[] { 0, m / 2, m - 1 })
            for (int j = 0; j < n; j++)
            {
                double sum = 0, terms = 0;
                for (int p = 0; p < k; p++)
                {
                    double x = transposeA ? left[p * m + i] : left[i * k + p], y = transposeB ? right[j * k + p] : right[p * n + j];
                    double term = x * y;
                    sum += term;
                    terms += Math.Abs(term);
                }
                if (Math.Abs(sum - result[i * n + j]) > 1e-5 * terms)
                    throw new InvalidOperationException($"Gemm {m}x{n}x{k}: C[{i}, {j}] is {result[i * n + j]}, should be {sum}");
            }
    }
}
