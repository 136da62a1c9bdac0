using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Lanes: neighbouring classes of one row; ten classes fill part of one register. Sums and roundings come in PyTorch's order.
internal sealed unsafe partial class SimdBackend<T>
{
    internal override void Softmax(bool log, Storage x, Storage y, int rows, int columns)
    {
        float* from = Cells(x), to = Cells(y);
        if (log)
            for (int start = 0; start < rows; start += RowBlock, from += RowBlock * columns, to += RowBlock * columns)
                LogSoftmaxRows(from, to, Math.Min(RowBlock, rows - start), columns);
        else
            for (int r = 0; r < rows; r++, from += columns, to += columns)
                SoftmaxRow(from, to, columns);
        KeepAlive(x, y);
    }

    internal override void SoftmaxBackward(bool log, Storage y, Storage dY, Storage dX, int rows, int columns, bool accumulate = false)
    {
        float* ys = Cells(y), from = Cells(dY), to = Cells(dX);
        for (int r = 0; r < rows; r++, ys += columns, from += columns, to += columns)
            SoftmaxBackwardRow(log, ys, from, to, columns, accumulate);
        KeepAlive(y, dY, dX);
    }

    internal override void NllLoss(Storage logProbabilities, Storage labels, Storage loss, int rows, int columns, Reduction reduction,
        int ignoreIndex)
    {
        float* from = Cells(logProbabilities), to = Cells(loss);
        int* classes = IntCells(labels);
        var total = default(LossSum);
        for (int r = 0; r < rows; r++, from += columns)
        {
            bool counts = classes[r] != ignoreIndex;
            if (counts)
                total.Add(r, -from[classes[r]]);
            if (reduction == Reduction.None)
                to[r] = counts ? -from[classes[r]] : 0;
        }
        PutLoss(to, total.Value, classes, rows, reduction, ignoreIndex);
        KeepAlive(logProbabilities, labels, loss);
    }

    internal override void NllLossBackward(Storage labels, Storage dY, Storage dX, int rows, int columns, Reduction reduction,
        int ignoreIndex, bool accumulate = false)
    {
        float* upstream = Cells(dY), to = Cells(dX);
        int* classes = IntCells(labels);
        float count = Divisor(classes, rows, reduction, ignoreIndex);
        if (!accumulate)
            new Span<float>(to, rows * columns).Clear();
        for (int r = 0; r < rows; r++, to += columns)
            if (classes[r] != ignoreIndex)
                to[classes[r]] -= upstream[reduction == Reduction.None ? r : 0] / count;
        KeepAlive(labels, dY, dX);
    }

    internal override void CrossEntropy(Storage logits, Storage labels, Storage probabilities, Storage loss, int rows, int columns,
        Reduction reduction, int ignoreIndex)
    {
        float* from = Cells(logits), to = Cells(probabilities), losses = Cells(loss);
        int* classes = IntCells(labels);
        var total = default(LossSum);
        for (int start = 0; start < rows; start += RowBlock, from += RowBlock * columns, to += RowBlock * columns)
        {
            int count = Math.Min(RowBlock, rows - start);
            CrossEntropyRows(from, to, classes + start, count, columns, losses + (reduction == Reduction.None ? start : 0), start,
                reduction, ignoreIndex, ref total);
        }
        PutLoss(losses, total.Value, classes, rows, reduction, ignoreIndex);
        KeepAlive(logits, labels, probabilities, loss);
    }

    // probabilities = e^logP: the gradient takes them from the logarithms, as where both operations stand apart.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void CrossEntropyRows(float* logits, float* probabilities, int* labels, int rows, int columns, float* losses,
        int firstRow, Reduction reduction, int ignoreIndex, ref LossSum total)
    {
        float* max = stackalloc float[RowBlock], logSum = stackalloc float[RowBlock];
        MaximaAndLogSums(logits, probabilities, rows, columns, max, logSum);
        for (int r = 0; r < rows; r++, logits += columns, probabilities += columns)
        {
            for (int c = 0; c < columns; c += T.Count)
                VectorMath<T>.Exp(T.Load(logits + c) - T.All(max[r]) - T.All(logSum[r])).StoreFirst(probabilities + c,
                    Math.Min(T.Count, columns - c));
            bool counts = labels[r] != ignoreIndex;
            float rowLoss = counts ? logSum[r] - (logits[labels[r]] - max[r]) : 0;
            if (counts)
                total.Add(firstRow + r, rowLoss);
            if (reduction == Reduction.None)
                losses[r] = rowLoss;
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    internal override void CrossEntropyBackward(Storage probabilities, Storage labels, Storage dY, Storage dX, int rows, int columns,
        Reduction reduction, int ignoreIndex, bool accumulate = false)
    {
        float* p = Cells(probabilities), upstream = Cells(dY), to = Cells(dX);
        int* classes = IntCells(labels);
        float count = Divisor(classes, rows, reduction, ignoreIndex);
        for (int r = 0; r < rows; r++, p += columns, to += columns)
        {
            // dX = p·weight everywhere, then −weight at the label.
            int label = classes[r];
            float weight = label == ignoreIndex ? 0 : upstream[reduction == Reduction.None ? r : 0] / count;
            float before = label == ignoreIndex || !accumulate ? 0 : to[label];
            for (int c = 0; c < columns; c += T.Count)
            {
                int lanes = Math.Min(T.Count, columns - c);
                T gradient = label == ignoreIndex ? T.Zero : T.Load(p + c) * T.All(weight);
                if (accumulate)
                    gradient += T.Load(to + c);
                gradient.StoreFirst(to + c, lanes);
            }
            if (label != ignoreIndex)
                to[label] = before + MathF.FusedMultiplyAdd(p[label], weight, -weight);
        }
        KeepAlive(probabilities, labels, dY, dX);
    }

    // Rows that take their logarithms together, a register at a time.
    private const int RowBlock = 16;

    // y = x − max − log Σ e^(x − max).
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void LogSoftmaxRows(float* x, float* y, int rows, int columns)
    {
        float* max = stackalloc float[RowBlock], logSum = stackalloc float[RowBlock];
        MaximaAndLogSums(x, y, rows, columns, max, logSum);
        for (int r = 0; r < rows; r++, x += columns, y += columns)
            for (int c = 0; c < columns; c += T.Count)
                (T.Load(x + c) - T.All(max[r]) - T.All(logSum[r])).StoreFirst(y + c, Math.Min(T.Count, columns - c));
    }

    // Of each row the maximum and log Σ e^(x − max); scratch: as large as x.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void MaximaAndLogSums(float* x, float* scratch, int rows, int columns, float* max, float* logSum)
    {
        float* line = stackalloc float[T.Count];
        for (int r = 0; r < rows; r++, x += columns, scratch += columns)
        {
            max[r] = MaxOfRow(x, columns);
            logSum[r] = columns <= T.Count ? SumOfShortExps(x, line, columns, max[r]) : SumOfExps(x, scratch, columns, max[r]);
        }
        for (int r = 0; r < rows; r += T.Count)
            VectorMath<T>.Log(T.Load(logSum + r)).Store(logSum + r);
    }

    // y = e^(x − max) / Σ e^(x − max).
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void SoftmaxRow(float* x, float* y, int columns)
    {
        T inverse = T.All(1 / SumOfExps(x, y, columns, MaxOfRow(x, columns)));
        for (int c = 0; c < columns; c += T.Count)
            (T.Load(y + c) * inverse).StoreFirst(y + c, Math.Min(T.Count, columns - c));
    }

    // y = e^(x − max); returns its sum.
    [MethodImpl(AggressiveInlining)]
    private static float SumOfExps(float* x, float* y, int columns, float max)
    {
        T maxAll = T.All(max);
        for (int c = 0; c < columns; c += T.Count)
            VectorMath<T>.Exp(T.Load(x + c) - maxAll).StoreFirst(y + c, Math.Min(T.Count, columns - c));
        return SumOfEights(y, columns);
    }

    // The same for a row within one register. A whole register is stored, for what was stored in part cannot be loaded again at once.
    [MethodImpl(AggressiveInlining)]
    private static float SumOfShortExps(float* x, float* line, int columns, float max)
    {
        VectorMath<T>.Exp(T.Load(x) - T.All(max)).Store(line);
        return SumOfEights(line, columns);
    }

    // Eight sums of every eighth element, whatever the width of a register here, then their halves: ((0 + 4) + (2 + 6)) + ((1 + 5) + (3 +
    // 7)). Fewer than eight elements: one after the other.
    [MethodImpl(AggressiveInlining)]
    private static float SumOfEights(float* x, int count)
    {
        if (count < 8)
        {
            float few = 0;
            for (int i = 0; i < count; i++)
                few += x[i];
            return few;
        }
        var sums = Vector256.Load(x);
        int c = 8;
        for (; c <= count - 8; c += 8)
            sums += Vector256.Load(x + c);
        if (c < count)
            sums += Vector256.ConditionalSelect(Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count - c)).AsSingle(),
                Vector256.Load(x + c), default);
        var fours = sums.GetLower() + sums.GetUpper();
        return (fours[0] + fours[2]) + (fours[1] + fours[3]);
    }

    // Σ x·y in the same order. The first eight products are rounded before others are added to them, and so are fewer than eight.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static float SumOfProducts(float* x, float* y, int count)
    {
        float* sums = stackalloc float[Math.Max(8, T.Count)];
        for (int lane = 0; lane < Math.Min(8, count); lane += T.Count)
        {
            int lanes = Math.Min(8, count - lane);
            T sum = T.LoadFirst(x + lane, lanes) * T.LoadFirst(y + lane, lanes);
            for (int c = lane + 8; c < count; c += 8)
            {
                lanes = Math.Min(8, count - c);
                sum = T.MultiplyAdd(T.LoadFirst(x + c, lanes), T.LoadFirst(y + c, lanes), sum);
            }
            sum.Store(sums + lane);
        }
        return SumOfEights(sums, Math.Min(8, count));
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void SoftmaxBackwardRow(bool log, float* y, float* dY, float* dX, int columns, bool accumulate)
    {
        T sum = T.All(log ? SumOfEights(dY, columns) : SumOfProducts(dY, y, columns));
        for (int c = 0; c < columns; c += T.Count)
        {
            T upstream = T.Load(dY + c), value = T.Load(y + c);
            T gradient = log ? T.MultiplyAdd(-VectorMath<T>.Exp(value), sum, upstream) : value * (upstream - sum);
            if (accumulate)
                gradient += T.Load(dX + c);
            gradient.StoreFirst(dX + c, Math.Min(T.Count, columns - c));
        }
    }

    [MethodImpl(AggressiveInlining)]
    private static float MaxOfRow(float* x, int columns) =>
        columns <= T.Count ? MaxOf(FirstLanes(T.Load(x), columns, T.All(float.NegativeInfinity))) : MaxOfLongRow(x, columns);

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static float MaxOfLongRow(float* x, int columns)
    {
        T max = T.All(float.NegativeInfinity);
        for (int c = 0; c < columns; c += T.Count)
        {
            // Max gives its second operand where either is NaN: a NaN once met stays in max.
            T row = FirstLanes(T.Load(x + c), Math.Min(T.Count, columns - c), T.All(float.NegativeInfinity));
            max = T.Select(T.IsNaN(max), max, T.Max(max, row));
        }
        return MaxOf(max);
    }

    // The largest lane, or NaN if there is one.
    [MethodImpl(AggressiveInlining)]
    private static float MaxOf(T row) => T.Bits(T.IsNaN(row)) != 0 ? float.NaN : T.MaxAcross(row);

    private static void PutLoss(float* loss, float sum, int* labels, int rows, Reduction reduction, int ignoreIndex)
    {
        if (reduction != Reduction.None)
            *loss = sum / Divisor(labels, rows, reduction, ignoreIndex);
    }

    // What the sum of the rows is divided by: for a mean, how many rows count.
    private static float Divisor(int* labels, int rows, Reduction reduction, int ignoreIndex) =>
        reduction == Reduction.Mean ? rows - new ReadOnlySpan<int>(labels, rows).Count(ignoreIndex) : 1;

    // Σ of the rows' losses: sixteen at a time, their sums again sixteen at a time, so that rounding errors stay small. As PyTorch does, a
    // level is emptied into the next after rows 0, 16, 32, … (0, 256, …).
    private struct LossSum
    {
        private float lowest;
        private HigherLevels higher;

        public void Add(int row, float loss)
        {
            lowest += loss;
            if (row % 16 == 0)
                Carry(row / 16);
        }

        [MethodImpl(NoInlining)]
        private void Carry(int row)
        {
            higher[0] += lowest;
            lowest = 0;
            for (int j = 0; j < HigherLevels.Count - 1 && row % 16 == 0; j++, row /= 16)
            {
                higher[j + 1] += higher[j];
                higher[j] = 0;
            }
        }

        public readonly float Value
        {
            get
            {
                float sum = lowest;
                foreach (float part in higher)
                    sum += part;
                return sum;
            }
        }
    }

    [InlineArray(Count)]
    private struct HigherLevels
    {
        public const int Count = 7;
        private float level;
    }
}
