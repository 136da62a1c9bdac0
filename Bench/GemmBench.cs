using NativeNN.Backends;

namespace NativeNN.Bench;

/// <summary>C = op(A)·op(B): the lectures' forward (A·Bᵀ), weight gradient (Aᵀ·B) and input gradient (A·B), then squares.</summary>
internal static class GemmBench
{
    /// <summary>A shape, and which operands are stored transposed.</summary>
    internal readonly record struct Shape(int M, int N, int K, bool TransposeA, bool TransposeB)
    {
        public double Flop => 2.0 * M * N * K;
    }

    /// <summary>Every shape that is measured, the lectures' smallest last but the squares.</summary>
    internal static IReadOnlyList<Shape> Shapes()
    {
        var shapes = new List<Shape>();
        foreach (var recipe in LectureTraining.Recipes(lecture: null))
            for (int i = 1; i < recipe.Network.Widths.Count; i++)
            {
                int from = recipe.Network.Widths[i - 1], to = recipe.Network.Widths[i], batch = recipe.BatchSize;
                shapes.Add(new(batch, to, from, false, true));
                shapes.Add(new(to, from, batch, true, false));
                if (i > 1)
                    shapes.Add(new(batch, from, to, false, false));
            }
        shapes.Sort((a, b) => b.Flop.CompareTo(a.Flop));
        foreach (int size in new[] { 128, 256, 512, 1024, 2048 })
            foreach (var (transposeA, transposeB) in new[] { (false, false), (false, true), (true, false) })
                shapes.Add(new(size, size, size, transposeA, transposeB));
        return [.. shapes.Distinct()];
    }

    public static BenchTable Run(Backend backend, bool peers)
    {
        // Threads work on cores of their own: the peak is theirs together.
        int threads = backend.Threads;
        var table = new BenchTable(Machine.Peak() * threads);
        if (peers)
        {
            foreach (var row in LibTorchPeer.Rows("gemm", threads))
                table.Add(row);
            return table;
        }
        foreach (var shape in Shapes())
        {
            var product = Product(backend, shape);
            int calls = Timing.CallsPerSample(product, milliseconds: 0.2);
            int samples = SamplesOf(shape);
            // Peak and product by turns: both see the same clock rate and the same neighbours.
            double[] peaks = new double[samples], rates = new double[samples];
            for (int i = 0; i < samples; i++)
            {
                peaks[i] = Machine.PeakSample() * threads;
                rates[i] = shape.Flop * 1e-9 / Timing.Seconds(product, calls);
            }
            Array.Sort(peaks);
            Array.Sort(rates);
            double rate = rates[samples / 2], peak = peaks[samples / 2];
            table.Add([.. Cells(shape), ("gflops", rate), ("fraction_of_peak", rate / peak)]);
        }
        return table;
    }

    internal static (string, object)[] Cells(Shape shape) =>
        [("m", shape.M), ("n", shape.N), ("k", shape.K), ("transposeA", shape.TransposeA), ("transposeB", shape.TransposeB)];

    internal static int SamplesOf(Shape shape) => shape.Flop < 1e8 ? 151 : 9;

    /// <summary>The product of two random matrices as a call; its result has been checked.</summary>
    internal static Action Product(Backend backend, Shape shape)
    {
        var (m, n, k, transposeA, transposeB) = shape;
        var random = new System.Random(1);
        Storage a = Filled(backend, random, m * k), b = Filled(backend, random, k * n), c = backend.Allocate(m * n);
        Check(backend, transposeA, a, transposeB, b, c, m, n, k);
        return () =>
        {
            backend.Gemm(transposeA, a, transposeB, b, c, m, n, k);
            backend.Synchronize();
        };
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
