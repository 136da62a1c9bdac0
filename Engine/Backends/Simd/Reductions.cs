using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Sums come in PyTorch's order with vectors of eight floats, whatever the width of a register here, and for any number of threads.
internal sealed unsafe partial class SimdBackend<T>
{
    internal override void Sum(Axis axis, Storage x, Storage y, int rows, int columns, float factor = 1, bool accumulate = false)
    {
        float* from = Cells(x), to = Cells(y);
        switch (axis)
        {
            case Axis.Rows:
                SumRows(from, to, rows, columns, factor, accumulate);
                break;
            case Axis.Columns:
                for (int r = 0; r < rows; r++)
                    Put(to + r, factor * SumOf(from + (nint)r * columns, columns), accumulate);
                break;
            default:
                Put(to, factor * SumOf(from, rows * columns), accumulate);
                break;
        }
        KeepAlive(x, y);
    }

    private static void Put(float* y, float value, bool accumulate) => *y = accumulate ? *y + value : value;

    // Σ of neighbours: eight sums, one of every eighth element (with fewer than eight elements, one sum of all). Then, one after the other,
    // what fills no eight and those sums.
    private static float SumOf(float* x, int count)
    {
        int width = count < 8 ? 1 : 8;
        float* sums = stackalloc float[Math.Max(width, T.Count)];
        for (int c = 0; c < width; c += T.Count)
            SumInterleaved(x + c, rows: count / width, row: width).Store(sums + c);
        float sum = 0;
        for (int i = count - count % width; i < count; i++)
            sum += x[i];
        for (int c = 0; c < width; c++)
            sum += sums[c];
        return sum;
    }

    // y[c] (+)= factor·Σ_r x[r, c], a register of columns at a time, in the order of PyTorch's sum(dim=0): whole groups of 32 columns (of 4
    // where there are fewer than 8 columns) row by row, the rest in four interleaved sums.
    private static void SumRows(float* x, float* y, int rows, int columns, float factor, bool accumulate)
    {
        int inOrder = columns < 8 ? columns & ~3 : columns & ~31;
        for (int c = 0; c < columns; c += T.Count)
        {
            int lanes = Math.Min(T.Count, columns - c);
            T sum = c + lanes <= inOrder ? SumInOrder(x + c, rows, columns)
                : c >= inOrder ? SumInterleaved(x + c, rows, columns)
                : T.Select(T.FirstLanes(inOrder - c), SumInOrder(x + c, rows, columns), SumInterleaved(x + c, rows, columns));
            sum *= T.All(factor);
            if (accumulate)
                sum += T.Load(y + c);
            sum.StoreFirst(y + c, lanes);
        }
    }

    // Four sums of every fourth row, so that an addition need not wait for the one before.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static T SumInterleaved(float* x, int rows, nint row)
    {
        int quarter = rows / 4;
        T sum = SumInOrder(x, quarter, 4 * row);
        for (int r = 4 * quarter; r < rows; r++)
            sum += T.Load(x + r * row);
        return sum + SumInOrder(x + row, quarter, 4 * row) + SumInOrder(x + 2 * row, quarter, 4 * row)
            + SumInOrder(x + 3 * row, quarter, 4 * row);
    }

    // Sixteen rows at a time, their sums again sixteen at a time, and so on (2ⁿ for 16 from 2²⁰ rows on): rounding errors stay small.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static T SumInOrder(float* x, int rows, nint row)
    {
        int power = Math.Max(4, System.Numerics.BitOperations.Log2((uint)Math.Max(rows, 1) * 2 - 1) / 4), step = 1 << power;
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int r = 0;
        while (r <= rows - step)
        {
            for (int end = r + step; r < end; r++, x += row)
                s0 += T.Load(x);
            s1 += s0;
            s0 = T.Zero;
            if ((r >> power) % step != 0)
                continue;
            s2 += s1;
            s1 = T.Zero;
            if ((r >> 2 * power) % step != 0)
                continue;
            s3 += s2;
            s2 = T.Zero;
        }
        for (; r < rows; r++, x += row)
            s0 += T.Load(x);
        return s0 + s1 + s2 + s3;
    }

    internal override void ArgMax(Storage x, Storage y, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            IntCells(y)[r] = ArgMaxOf(Cells(x) + (nint)r * columns, columns);
        KeepAlive(x, y);
    }

    internal override void CountCorrect(Storage logits, Storage labels, int rows, int columns, Storage counts, int index)
    {
        float* from = Cells(logits);
        int* expected = IntCells(labels);
        int correct = 0;
        for (int r = 0; r < rows; r++)
            if (ArgMaxOf(from + (nint)r * columns, columns) == expected[r])
                correct++;
        IntCells(counts)[index] = correct;
        KeepAlive(logits, labels, counts);
    }

    // First the largest value, then the first lane that holds it; a NaN anywhere wins, the first of them.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static int ArgMaxOf(float* x, int count)
    {
        T max = T.All(float.NegativeInfinity);
        for (int c = 0; c < count; c += T.Count)
        {
            int lanes = Math.Min(T.Count, count - c);
            T value = T.Load(x + c);
            uint nans = T.Bits(T.IsNaN(value)) & (uint)((1UL << lanes) - 1);
            if (nans != 0)
                return c + System.Numerics.BitOperations.TrailingZeroCount(nans);
            max = lanes == T.Count ? T.Max(max, value) : T.Max(max, FirstLanes(value, lanes, T.All(float.NegativeInfinity)));
        }
        T all = T.All(T.MaxAcross(max));
        for (int c = 0; c < count; c += T.Count)
        {
            uint smaller = T.Bits(T.LessThan(T.Load(x + c), all));
            uint equal = ~smaller & (uint)((1UL << Math.Min(T.Count, count - c)) - 1);
            if (equal != 0)
                return c + System.Numerics.BitOperations.TrailingZeroCount(equal);
        }
        return 0;
    }

    // The first lanes of value, the rest of others.
    [MethodImpl(AggressiveInlining)]
    private static T FirstLanes(T value, int lanes, T others) => T.Select(T.FirstLanes(lanes), value, others);
}
