using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends.Simd;

/// <summary>
/// Sums come in one documented order (OpenBLAS's and PyTorch's), in every width of vectors and for any number of threads: here as plain
/// loops, equal bit for bit. The golden trainings show that the order is the right one.
/// </summary>
public class OrderOfAdditionTests
{
    private static readonly IEnumerable<SimdBackend> Widths = TestBackends.Widths.Append(SimdBackend.Create(threads: 3));

    private const bool T = true, F = false;

    /// <summary>
    /// The lectures' layers and their last batches, and shapes on both sides of each rule of GemmPlan: which operands are transposed, m, n,
    /// k, the way on registers of 16 lanes, and the order: dots, or the lengths of the blocks of k.
    /// </summary>
    public static TheoryData<bool, bool, int, int, int, string, string> Table => new()
    {
        // forward: A·Bᵀ, batch by outputs by inputs
        { F, T, 32, 64, 784, "Swapped", "400+384" },
        { F, T, 64, 128, 784, "Swapped", "400+384" },
        { F, T, 64, 64, 784, "Packed", "400+384" },
        { F, T, 64, 64, 128, "Packed", "128" },
        { F, T, 64, 32, 64, "Packed", "64" },
        { F, T, 32, 32, 64, "Dots", "dots" },
        { F, T, 32, 10, 32, "Dots", "dots" },
        { F, T, 64, 10, 64, "Dots", "dots" },
        { F, T, 64, 16, 32, "Dots", "dots" },
        { F, T, 4, 32, 784, "Dots", "dots" },
        { F, T, 4, 10, 32, "Dots", "dots" },
        { F, T, 64, 10, 16, "Packed", "16" },
        { F, T, 16, 128, 784, "Packed", "400+384" },
        // dots: C up to 1200 cells, k from 32 on, up to 1,000,000 multiply–adds
        { F, T, 40, 30, 32, "Dots", "dots" },
        { F, T, 40, 30, 31, "Packed", "31" },
        { F, T, 33, 40, 48, "Packed", "48" },
        { F, T, 1, 1201, 32, "Packed", "32" },
        { F, T, 20, 50, 900, "Dots", "dots" },
        { F, T, 20, 50, 1000, "Dots", "dots" },
        { F, T, 20, 50, 1001, "Packed", "448+288+265" },
        { F, T, 20, 60, 900, "Packed", "448+240+212" },
        { F, T, 3, 5, 7, "Packed", "7" },
        // swapped: m of two whole registers or more, k long enough
        { F, T, 33, 64, 784, "Packed", "400+384" },
        { F, T, 48, 60, 500, "Swapped", "256+244" },
        { F, T, 64, 96, 384, "Packed", "384" },
        { F, T, 64, 96, 385, "Swapped", "385" },
        { F, T, 70, 130, 1100, "Packed", "448+336+316" },
        // input gradient: A·B; weight gradient: Aᵀ·B
        { F, F, 32, 64, 10, "Direct", "10" },
        { F, F, 64, 128, 64, "Direct", "64" },
        { F, F, 32, 784, 64, "Direct", "64" },
        { T, F, 64, 784, 32, "Direct", "32" },
        { T, F, 128, 784, 64, "Direct", "64" },
        { T, F, 10, 32, 32, "Direct", "32" },
        // in blocks of k from 1,000,000 multiply–adds on, of 448 and two halves
        { F, F, 20, 50, 1000, "Direct", "1000" },
        { F, F, 20, 50, 1001, "Direct", "448+288+265" },
        { T, F, 20, 50, 1000, "Direct", "1000" },
        { T, F, 20, 50, 1001, "Direct", "448+288+265" },
        { F, F, 50, 50, 448, "Direct", "448" },
        { F, F, 50, 50, 449, "Direct", "224+225" },
        { T, F, 40, 40, 896, "Direct", "448+448" },
        { F, F, 40, 40, 895, "Direct", "448+447" },
        { F, F, 70, 130, 1100, "Direct", "448+336+316" },
        // Aᵀ·Bᵀ: always in blocks
        { T, T, 20, 10, 32, "Packed", "32" },
        { T, T, 5, 6, 500, "Packed", "256+244" },
    };

    [SkippableTheory]
    [MemberData(nameof(Table))]
    public void Products(bool transposeA, bool transposeB, int m, int n, int k, string way, string order)
    {
        var plan = GemmPlan.For(transposeA, transposeB, m, n, k, lanes: 16, threads: 1);
        Assert.Equal(way, $"{plan.Way}");
        Assert.False(plan.PacksA);
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        float[] a = Normal(m * k, seed: 1), b = Normal(k * n, seed: 2), bias = Normal(n, seed: 3), before = Normal(m * n, seed: 4);
        float[] withBias = new float[m * n], added = new float[m * n];
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                int row = i, column = j, cell = i * n + j;
                Func<int, float> x = transposeA ? p => a[p * m + row] : p => a[row * k + p];
                Func<int, float> y = transposeB ? p => b[column * k + p] : p => b[p * n + column];
                (withBias[cell], added[cell]) = (bias[j], before[cell]);
                foreach (float sum in order == "dots" ? [Dot(x, y, k)] : Blocks(x, y, order))
                    (withBias[cell], added[cell]) = (withBias[cell] + sum, added[cell] + sum);
            }
        foreach (var backend in Widths)
        {
            var rig = new Rig(backend);
            Storage c = rig.Put(new float[m * n]), d = rig.Put(before);
            backend.Gemm(transposeA, rig.Put(a), transposeB, rig.Put(b), c, m, n, k, bias: rig.Put(bias));
            Assert.Equal(withBias, rig.Get(c, m * n));
            backend.Gemm(transposeA, rig.Put(a), transposeB, rig.Put(b), d, m, n, k, accumulate: true);
            Assert.Equal(added, rig.Get(d, m * n));
        }
    }

    // The rules of speed for products too large to check term by term here, for narrower registers and for several threads.
    [Theory]
    [InlineData(F, F, 511, 1024, 1024, 16, "Direct", F)]
    [InlineData(F, F, 512, 1024, 1024, 16, "Packed", T)]
    [InlineData(T, F, 512, 1024, 512, 16, "Direct", F)]
    [InlineData(T, F, 512, 1024, 513, 16, "Packed", T)]
    [InlineData(F, F, 512, 48, 20_000, 16, "Packed", F)]
    [InlineData(F, F, 512, 49, 20_000, 16, "Packed", T)]
    [InlineData(T, F, 512, 48, 20_000, 8, "Packed", T)]
    [InlineData(F, F, 512, 48, 20_000, 8, "Packed", F)]
    [InlineData(F, F, 512, 512, 390, 8, "Direct", F)]
    [InlineData(F, F, 512, 512, 391, 8, "Packed", F)]
    [InlineData(F, T, 512, 1024, 1024, 16, "Packed", T)]
    [InlineData(F, T, 64, 1024, 1024, 16, "Packed", F)]
    [InlineData(F, T, 64, 512, 1024, 16, "Swapped", F)]
    [InlineData(F, T, 16, 128, 784, 8, "Swapped", F)]
    public void Ways(bool transposeA, bool transposeB, int m, int n, int k, int lanes, string way, bool packsA)
    {
        var plan = GemmPlan.For(transposeA, transposeB, m, n, k, lanes, threads: 1);
        Assert.Equal((way, packsA), ($"{plan.Way}", plan.PacksA));
    }

    [Theory]
    [InlineData(32, 64, 122, 1)]
    [InlineData(32, 64, 123, 3)]
    public void Parts(int m, int n, int k, int parts) =>
        Assert.Equal(parts, GemmPlan.For(transposeA: false, transposeB: false, m, n, k, lanes: 16, threads: 3).Parts);

    // The sum of each block, one term after the other.
    private static IEnumerable<float> Blocks(Func<int, float> x, Func<int, float> y, string order)
    {
        int p = 0;
        foreach (int length in order.Split('+').Select(int.Parse))
        {
            float sum = 0;
            for (int end = p + length; p < end; p++)
                sum = MathF.FusedMultiplyAdd(x(p), y(p), sum);
            yield return sum;
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

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 3)]
    [InlineData(3, 7)]
    [InlineData(3, 8)]
    [InlineData(3, 31)]
    [InlineData(3, 64)]
    [InlineData(2, 1100)]
    [InlineData(1, 20_037)]
    [InlineData(1, 300_000)]
    public void Rows(int rows, int columns)
    {
        float[] x = Normal(rows * columns, seed: 6);
        float[] expected = [.. x.Chunk(columns).Select(Row)];
        foreach (var backend in Widths)
        {
            var rig = new Rig(backend);
            Storage y = backend.Allocate(rows), all = backend.Allocate(1);
            backend.Sum(Axis.Columns, rig.Put(x), y, rows, columns);
            backend.Sum(Axis.All, rig.Put(x), all, rows, columns);
            Assert.Equal([.. expected, Row(x)], [.. rig.Get(y, rows), .. rig.Get(all, 1)]);
        }
    }

    // Eight sums of every eighth element, each interleaved; then what fills no eight, and those sums. Fewer than eight: interleaved.
    private static float Row(float[] values)
    {
        if (values.Length < 8)
            return Interleaved(values);
        int whole = values.Length / 8 * 8;
        var lanes = Enumerable.Range(0, 8).Select(lane => Interleaved([.. values[..whole].Where((_, i) => i % 8 == lane)]));
        return values[whole..].Concat(lanes).Aggregate(0f, (sum, value) => sum + value);
    }

    // Σ dY·y of softmax's gradient y·(dY − Σ dY·y), and Σ dY of log-softmax's dY − e^y·Σ dY.
    [SkippableTheory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(33)]
    [InlineData(100)]
    public void SoftmaxGradients(int columns)
    {
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        float[] y = Normal(columns, seed: 7), dY = Normal(columns, seed: 8), eights = new float[Math.Min(8, columns)];
        for (int c = 0; c < columns; c++)
            eights[c % 8] = c < 8 ? dY[c] * y[c] : MathF.FusedMultiplyAdd(dY[c], y[c], eights[c % 8]);
        float sum = Halves(eights);
        float[] expected = [.. y.Zip(dY, (value, upstream) => value * (upstream - sum))];
        float sumOfDY = Halves([.. Enumerable.Range(0, eights.Length).Select(lane =>
            dY.Where((_, c) => c % 8 == lane).Aggregate((total, upstream) => total + upstream))]);
        float[] expectedOfLog = [.. y.Zip(dY, (value, upstream) => MathF.FusedMultiplyAdd(-ScalarMath.Exp(value), sumOfDY, upstream))];
        foreach (var backend in Widths)
        {
            var rig = new Rig(backend);
            Storage dX = backend.Allocate(columns), dXOfLog = backend.Allocate(columns);
            backend.SoftmaxBackward(log: false, rig.Put(y), rig.Put(dY), dX, rows: 1, columns);
            backend.SoftmaxBackward(log: true, rig.Put(y), rig.Put(dY), dXOfLog, rows: 1, columns);
            Assert.Equal(expected, rig.Get(dX, columns));
            Assert.Equal(expectedOfLog, rig.Get(dXOfLog, columns));
        }
    }

    // Eight sums are halved, ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 + 7)); fewer are added one after the other.
    private static float Halves(float[] sums) => sums.Length < 8
        ? sums.Aggregate((total, value) => total + value)
        : ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));

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
