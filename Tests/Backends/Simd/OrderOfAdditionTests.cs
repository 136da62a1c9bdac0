using System.Runtime.Intrinsics.X86;
using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends.Simd;

/// <summary>
/// Sums come in one documented order (OpenBLAS's and PyTorch's), in every width of vectors and for any number of threads: here as plain loops, equal
/// bit for bit. The golden trainings show that the order is the right one.
/// </summary>
public class OrderOfAdditionTests
{
    private static readonly SimdBackend[] Widths =
        [SimdBackend.Default, SimdBackend.Create(threads: 3), new SimdBackend<Lanes256>(1), new SimdBackend<Lanes128>(1), new SimdBackend<Lanes1>(1)];

    public static TheoryData<int, int, int> Shapes => new()
    {
        // The lectures' layers, batch by outputs by inputs, their last batches, and shapes on both sides of each rule.
        { 32, 64, 784 }, { 32, 32, 64 }, { 32, 10, 32 }, { 64, 128, 784 }, { 64, 64, 128 }, { 64, 10, 64 }, { 64, 64, 784 }, { 64, 32, 64 },
        { 64, 16, 32 }, { 64, 10, 16 }, { 4, 32, 784 }, { 4, 10, 32 }, { 16, 128, 784 }, { 33, 40, 48 }, { 40, 30, 31 }, { 100, 100, 101 },
        { 20, 50, 900 }, { 20, 60, 900 }, { 3, 5, 7 }, { 70, 130, 1100 },
    };

    [SkippableTheory]
    [MemberData(nameof(Shapes))]
    public void Products(int m, int n, int k)
    {
        Skip.IfNot(Fma.IsSupported, "Without FMA every product is rounded before it is added.");
        float[] bias = Normal(n, seed: 3), before = Normal(m * n, seed: 4);
        foreach (var (transposeA, transposeB) in new[] { (false, true), (false, false), (true, false) })
        {
            float[] a = Normal(m * k, seed: 1), b = Normal(k * n, seed: 2), withBias = new float[m * n], added = new float[m * n];
            bool dots = transposeB && m * n <= 1200 && k >= 32 && (long)m * n * k <= 1_000_000;
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                {
                    Func<int, float> x = transposeA ? p => a[p * m + i] : p => a[i * k + p], y = transposeB ? p => b[j * k + p] : p => b[p * n + j];
                    int cell = i * n + j;
                    if (dots)
                        (withBias[cell], added[cell]) = (bias[j] + Dot(x, y, k), before[cell] + Dot(x, y, k));
                    else
                        foreach (var (start, end) in Blocks(k, split: transposeB || (long)m * n * k > 1_000_000))
                        {
                            float sum = 0;
                            for (int p = start; p < end; p++)
                                sum = MathF.FusedMultiplyAdd(x(p), y(p), sum);
                            withBias[cell] = (start == 0 ? bias[j] : withBias[cell]) + sum;
                            added[cell] = (start == 0 ? before[cell] : added[cell]) + sum;
                        }
                }
            // Single floats are multiplied without FMA.
            foreach (var backend in Widths.Where(w => w.LaneCount > 1))
            {
                var rig = new Rig(backend);
                Storage c = rig.Put(new float[m * n]), d = rig.Put(before);
                backend.Gemm(transposeA, rig.Put(a), transposeB, rig.Put(b), c, m, n, k, bias: rig.Put(bias));
                Assert.Equal(withBias, rig.Get(c, m * n));
                backend.Gemm(transposeA, rig.Put(a), transposeB, rig.Put(b), d, m, n, k, accumulate: true);
                Assert.Equal(added, rig.Get(d, m * n));
            }
        }
    }

    // Sixteen partial sums, neighbours added first.
    private static float Dot(Func<int, float> x, Func<int, float> y, int k)
    {
        float[] sums = new float[16];
        for (int p = 0; p < k; p++)
            sums[p % 16] = MathF.FusedMultiplyAdd(x(p), y(p), sums[p % 16]);
        for (int step = 1; step < 16; step *= 2)
            for (int i = 0; i < 16; i += 2 * step)
                sums[i] += sums[i + step];
        return sums[0];
    }

    // Blocks of 448; what is left is one block, or two halves of whole sixteens if it is longer.
    private static IEnumerable<(int Start, int End)> Blocks(int k, bool split)
    {
        for (int start = 0, length; start < k; start += length)
        {
            int rest = k - start;
            length = !split || rest <= 448 ? rest : rest >= 896 ? 448 : (rest / 2 + 15) / 16 * 16;
            yield return (start, start + length);
        }
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(32, 64)]
    [InlineData(64, 10)]
    [InlineData(67, 45)]
    [InlineData(300, 33)]
    [InlineData(5000, 40)]
    [InlineData(37, 6)]
    public void Columns(int rows, int columns)
    {
        float[] x = Normal(rows * columns, seed: 5);
        int inOrder = columns < 8 ? columns / 4 * 4 : columns / 32 * 32;
        float[] expected = [.. Enumerable.Range(0, columns).Select(c =>
        {
            float[] column = [.. Enumerable.Range(0, rows).Select(r => x[r * columns + c])];
            return c < inOrder ? Cascade(column) : Interleaved(column);
        })];
        foreach (var backend in Widths)
        {
            var rig = new Rig(backend);
            var y = backend.Allocate(columns);
            backend.Sum(Axis.Rows, rig.Put(x), y, rows, columns);
            Assert.Equal(expected, rig.Get(y, columns));
        }
    }

    private static float Interleaved(float[] values)
    {
        int quarter = values.Length / 4;
        float[] sums = [.. Enumerable.Range(0, 4).Select(i => Cascade([.. Enumerable.Range(0, quarter).Select(q => values[4 * q + i])]))];
        foreach (float rest in values[(4 * quarter)..])
            sums[0] += rest;
        return sums[0] + sums[1] + sums[2] + sums[3];
    }

    // Sums of sixteen, of sixteen of those, and of sixteen of those; then what is left at each level, the lowest first.
    private static float Cascade(float[] values)
    {
        float[] levels = new float[4];
        for (int i = 0; i < values.Length; i++)
        {
            levels[0] += values[i];
            for (int level = 0, size = 16; level < 3 && (i + 1) % size == 0; level++, size *= 16)
                (levels[level + 1], levels[level]) = (levels[level + 1] + levels[level], 0);
        }
        return levels[0] + levels[1] + levels[2] + levels[3];
    }

    private static float[] Normal(int count, uint seed)
    {
        float[] values = new float[count];
        new NativeNN.Random.Generator(seed).Normal(values, 0, 1);
        return values;
    }
}
