using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Sums keep several partial sums per lane, so rounding errors grow with count / 64 at most, and blocks of a fixed size are added in a fixed
// order: the same bits for any number of threads.
internal sealed unsafe partial class SimdBackend<T>
{
    private const int SumBlock = 4096;

    public override void Sum(Axis axis, Storage x, Storage y, int rows, int columns, float factor = 1, bool accumulate = false)
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

    // Long sums are the sum (in double) of their blocks' sums.
    private static float SumOf(float* x, int count)
    {
        double sum = 0;
        for (int start = 0; start < count; start += SumBlock)
            sum += SumOfBlock(x + start, Math.Min(SumBlock, count - start));
        return (float)sum;
    }

    // Four registers of partial sums.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static float SumOfBlock(float* x, int count)
    {
        T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
        int i = 0;
        for (; i <= count - (4 * T.Count); i += 4 * T.Count)
        {
            s0 += T.Load(x + i);
            s1 += T.Load(x + i + T.Count);
            s2 += T.Load(x + i + (2 * T.Count));
            s3 += T.Load(x + i + (3 * T.Count));
        }
        for (; i < count; i += T.Count)
            s0 += T.LoadFirst(x + i, Math.Min(T.Count, count - i));
        return T.Sum((s0 + s1) + (s2 + s3));
    }

    // y[c] (+)= factor·Σ_r x[r, c]: a register of columns at a time, rows in four interleaved sums.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void SumRows(float* x, float* y, int rows, int columns, float factor, bool accumulate)
    {
        nint row = columns;
        for (int c = 0; c < columns; c += T.Count)
        {
            int lanes = Math.Min(T.Count, columns - c);
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            float* p = x + c;
            int r = 0;
            for (; r <= rows - 4; r += 4, p += 4 * row)
            {
                s0 += T.Load(p);
                s1 += T.Load(p + row);
                s2 += T.Load(p + (2 * row));
                s3 += T.Load(p + (3 * row));
            }
            for (; r < rows; r++, p += row)
                s0 += T.Load(p);
            T sum = ((s0 + s1) + (s2 + s3)) * T.All(factor);
            if (accumulate)
                sum += T.Load(y + c);
            sum.StoreFirst(y + c, lanes);
        }
    }

    public override void ArgMax(Storage x, Storage y, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            IntCells(y)[r] = ArgMaxOf(Cells(x) + (nint)r * columns, columns);
        KeepAlive(x, y);
    }

    public override void CountCorrect(Storage logits, Storage labels, int rows, int columns, Storage counts, int index)
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
