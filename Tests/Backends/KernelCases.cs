using System.Runtime.InteropServices;
using NativeNN.Backends;
using NativeNN.Backends.Reference;

namespace NativeNN.Tests.Backends;

/// <summary>
/// One kernel call with its inputs. Run makes it on a backend and on the reference loops and compares every output cell:
/// |actual − expected| ≤ Tolerance · slack · max(|expected|, scale), where scale is the magnitude of the terms summed into that cell.
/// </summary>
public sealed record KernelCase(string Name, Func<Rig, float[]> Outputs)
{
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Floor of the scale, where an output is a small difference of numbers about that large.</summary>
    public double Scale { get; init; } = 1e-6;

    /// <summary>Take the scale from the same call on the absolute values of the inputs (products and sums).</summary>
    public bool ScaleFromTerms { get; init; }

    private (float[] Expected, float[]? Terms)? reference;

    public void Run(Backend backend, double slack = 1)
    {
        var (expected, terms) = reference ??= (Outputs(new Rig(ReferenceBackend.Instance)),
            ScaleFromTerms ? Outputs(new Rig(ReferenceBackend.Instance) { Absolute = true }) : null);
        float[] actual = Outputs(new Rig(backend));
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double scale = Math.Max(Math.Abs(expected[i]), Math.Max(Scale, terms?[i] ?? 0));
            bool same = expected[i].Equals(actual[i]) || expected[i] == actual[i]
                || (float.IsFinite(expected[i]) && Math.Abs((double)expected[i] - actual[i]) <= Tolerance * slack * scale);
            Assert.True(same,
                $"{backend}: {Name}, cell {i} of {expected.Length}: {actual[i]:R}, the reference has {expected[i]:R} (scale {scale:G3}).");
        }
    }

    public override string ToString() => Name;
}

/// <summary>Puts a case's inputs on a backend and reads its outputs back.</summary>
public sealed class Rig(Backend backend)
{
    public Backend Backend => backend;

    public bool Absolute { get; init; }

    public Storage Put(float[] values)
    {
        var storage = backend.Allocate(values.Length);
        backend.Write(Absolute ? [.. values.Select(MathF.Abs)] : values, storage);
        return storage;
    }

    public Storage Put(int[] values)
    {
        var storage = backend.Allocate(values.Length);
        backend.WriteInts(values, storage);
        return storage;
    }

    public float[] Get(Storage storage, int count)
    {
        var values = new float[count];
        backend.Read(storage, values);
        return values;
    }

    public float[] GetInts(Storage storage, int count)
    {
        var values = new int[count];
        backend.ReadInts(storage, values);
        return [.. values.Select(value => (float)value)];
    }
}

/// <summary>
/// The cases every backend has to pass, by kernel: sizes around every lane and tile width, non-square, each order of m, n and k.
/// </summary>
public static partial class KernelCases
{
    /// <summary>Around 4, 8 and 16 lanes, their multiples and tile edges.</summary>
    internal static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 100, 784];

    private static readonly (int Rows, int Columns)[] Matrices =
        [(1, 1), (1, 10), (10, 1), (3, 5), (5, 3), (4, 10), (7, 9), (9, 17), (17, 16), (31, 33), (32, 10), (33, 100), (65, 63), (64, 10),
            (2, 784), (300, 7)];

    private static readonly bool[] OffOn = [false, true];

    // Lazy: the tables of the other parts of this class are filled first.
    private static readonly Lazy<IReadOnlyList<KernelCase>> Cases =
        new(() => [.. Gemms(), .. Movements(), .. Elementwise(), .. Reductions(), .. Losses(), .. Optimizers()]);

    public static IReadOnlyList<KernelCase> All => Cases.Value;

    /// <summary>For [MemberData]: the names, so that a runner lists them one by one.</summary>
    public static TheoryData<string> Names => [.. All.Select(one => one.Name).Order(StringComparer.Ordinal)];

    public static KernelCase Named(string name) => ByName.Value[name];

    private static readonly Lazy<Dictionary<string, KernelCase>> ByName = new(() => All.ToDictionary(one => one.Name));

    private static IEnumerable<KernelCase> Gemms()
    {
        var shapes = new List<(int M, int N, int K)>();
        foreach (int size in Sizes.Where(size => size < 100))
            shapes.AddRange([(size, 10, 33), (33, size, 10), (10, 33, size), (size, 17, 64), (12, size, 65), (size, size + 1, size + 2)]);
        // Layers of the lectures: forward, weight gradient, input gradient; then the sizes where a blocked product has several blocks.
        shapes.AddRange([(32, 64, 784), (64, 784, 32), (32, 784, 64), (4, 32, 784), (32, 784, 4), (4, 10, 32), (10, 32, 4), (64, 128, 784),
            (32, 10, 32)]);
        shapes.AddRange([(65, 50, 784), (50, 784, 65), (784, 65, 50), (130, 150, 100), (1, 784, 100), (784, 1, 100), (100, 1, 784),
            (1, 100, 784)]);
        shapes.AddRange([(5, 6, 0), (0, 4, 3), (4, 0, 3)]);
        foreach (var (m, n, k) in shapes.Distinct())
            foreach (bool transposeA in OffOn)
                foreach (bool transposeB in OffOn)
                    yield return Gemm(transposeA, transposeB, m, n, k);
        foreach (bool transposed in OffOn)
            yield return Gemm(transposed, transposed, m: 70, n: 400, k: 1030);
    }

    private static KernelCase Gemm(bool transposeA, bool transposeB, int m, int n, int k)
    {
        float[] a = Normal(m * k, seed: 1), b = Normal(k * n, seed: 2), bias = Normal(n, seed: 3), before = Normal(m * n, seed: 4);
        bool large = (long)m * n * k > 300_000;
        return new($"Gemm {m}x{n}x{k}{(transposeA ? " At" : "")}{(transposeB ? " Bt" : "")}", rig =>
        {
            var outputs = new List<float>();
            foreach (bool accumulate in OffOn)
                foreach (bool withBias in OffOn)
                    if (!large || (accumulate && withBias))
                    {
                        var c = rig.Put(before);
                        rig.Backend.Gemm(transposeA, rig.Put(a), transposeB, rig.Put(b), c, m, n, k, accumulate,
                            withBias ? rig.Put(bias) : null);
                        outputs.AddRange(rig.Get(c, m * n));
                    }
            return [.. outputs];
        })
        { ScaleFromTerms = !large, Scale = large ? 0.5 * k : 1e-6 }; // E|a·b| is 2/π for normal numbers
    }

    private static IEnumerable<KernelCase> Movements()
    {
        foreach (var (rows, columns) in Matrices)
        {
            float[] x = Normal(rows * columns, seed: 5);
            yield return new($"Transpose {rows}x{columns}", rig =>
            {
                var y = rig.Backend.Allocate(rows * columns);
                rig.Backend.Transpose(rig.Put(x), y, rows, columns);
                return rig.Get(y, rows * columns);
            })
            { Tolerance = 0 };

            int[] order = [.. Enumerable.Range(0, rows + 3).Select(i => i * 7 % rows)];
            yield return new($"GatherRows {rows}x{columns}", rig =>
            {
                var y = rig.Backend.Allocate(rows * columns);
                rig.Backend.GatherRows(rig.Put(x), rig.Put(order), start: 3, count: rows, rowLength: columns, y);
                return rig.Get(y, rows * columns);
            })
            { Tolerance = 0 };
        }
        foreach (int columns in new[] { 1, 7, 8, 63, 64, 65, 130, 784 })
        {
            byte[] bytes = [.. Enumerable.Range(0, 5 * columns + 4).Select(i => (byte)(i * 37 + i / 256))];
            int[] cells = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, bytes.Length / 4 * 4)).ToArray();
            yield return new($"GatherBytes {columns}", rig =>
            {
                var y = rig.Backend.Allocate(4 * columns);
                rig.Backend.GatherBytes(rig.Put(cells), rig.Put(Normal(256, seed: 8)), rig.Put([9, 4, 0, 3, 4]), start: 1, count: 4,
                    columns, y);
                return rig.Get(y, 4 * columns);
            })
            { Tolerance = 0 };
        }
        yield return new("GatherRows labels", rig =>
        {
            var y = rig.Backend.Allocate(5);
            rig.Backend.GatherRows(rig.Put([3, 1, 4, 1, 5, 9, 2]), rig.Put([6, 5, 4, 3, 2, 1, 0]), start: 1, count: 5, rowLength: 1, y);
            return rig.GetInts(y, 5);
        })
        { Tolerance = 0 };
        yield return new("Fill and Copy", rig =>
        {
            Storage x = rig.Put(Normal(50, seed: 6)), y = rig.Put(Normal(70, seed: 7));
            rig.Backend.Fill(y, value: 1.5f, count: 33);
            rig.Backend.Copy(x, sourceOffset: 7, y, targetOffset: 20, count: 35);
            return rig.Get(y, 70);
        })
        { Tolerance = 0 };
    }

    /// <summary>Normal numbers by Box–Muller: the same for every backend and every run.</summary>
    internal static float[] Normal(int count, int seed, double mean = 0, double deviation = 1)
    {
        var random = new System.Random(seed * 7919 + count);
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(mean
                + deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
