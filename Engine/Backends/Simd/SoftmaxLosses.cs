using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

// Lanes: neighbouring classes of one row; ten classes fill part of one register. Tail lanes read as −∞, so they add e^−∞ = 0 to a sum.
internal sealed unsafe partial class SimdBackend<T>
{
    public override void Softmax(bool log, Storage x, Storage y, int rows, int columns)
    {
        float* from = Cells(x), to = Cells(y);
        for (int r = 0; r < rows; r++, from += columns, to += columns)
            if (log)
                LogSoftmaxRow(from, to, columns);
            else
                SoftmaxRow(from, to, columns, out _, out _);
        KeepAlive(x, y);
    }

    public override void SoftmaxBackward(bool log, Storage y, Storage dY, Storage dX, int rows, int columns, bool accumulate = false)
    {
        float* ys = Cells(y), from = Cells(dY), to = Cells(dX);
        for (int r = 0; r < rows; r++, ys += columns, from += columns, to += columns)
            SoftmaxBackwardRow(log, ys, from, to, columns, accumulate);
        KeepAlive(y, dY, dX);
    }

    public override void NllLoss(Storage logProbabilities, Storage labels, Storage loss, int rows, int columns, Reduction reduction, int ignoreIndex)
    {
        float* from = Cells(logProbabilities), to = Cells(loss);
        int* classes = IntCells(labels);
        double sum = 0;
        for (int r = 0; r < rows; r++, from += columns)
        {
            float rowLoss = classes[r] == ignoreIndex ? 0 : -from[classes[r]];
            if (reduction == Reduction.None)
                to[r] = rowLoss;
            sum += rowLoss;
        }
        PutLoss(to, sum, classes, rows, reduction, ignoreIndex);
        KeepAlive(logProbabilities, labels, loss);
    }

    public override void NllLossBackward(Storage labels, Storage dY, Storage dX, int rows, int columns, Reduction reduction, int ignoreIndex,
        bool accumulate = false)
    {
        float* upstream = Cells(dY), to = Cells(dX);
        int* classes = IntCells(labels);
        float share = RowShare(classes, rows, reduction, ignoreIndex);
        if (!accumulate)
            new Span<float>(to, rows * columns).Clear();
        for (int r = 0; r < rows; r++, to += columns)
            if (classes[r] != ignoreIndex)
                to[classes[r]] -= upstream[reduction == Reduction.None ? r : 0] * share;
        KeepAlive(labels, dY, dX);
    }

    public override void CrossEntropy(Storage logits, Storage labels, Storage probabilities, Storage loss, int rows, int columns,
        Reduction reduction, int ignoreIndex)
    {
        const int block = 16;
        float* from = Cells(logits), to = Cells(probabilities), losses = Cells(loss);
        int* classes = IntCells(labels);
        float* sums = stackalloc float[2 * block];
        float* below = stackalloc float[block]; // maximum − logit of the label
        double total = 0;
        for (int start = 0; start < rows; start += block)
        {
            // A block of rows, so that the logarithms of their sums are taken a register at a time: loss = log Σ e^(x − max) + max − x[label].
            int count = Math.Min(block, rows - start);
            for (int r = 0; r < count; r++, from += columns, to += columns)
            {
                SoftmaxRow(from, to, columns, out float max, out sums[r]);
                int label = classes[start + r];
                below[r] = label == ignoreIndex ? 0 : max - from[label];
            }
            for (int r = 0; r < count; r += T.Count)
                VectorMath<T>.Log(T.Load(sums + r)).Store(sums + r);
            for (int r = 0; r < count; r++)
            {
                float rowLoss = classes[start + r] == ignoreIndex ? 0 : sums[r] + below[r];
                if (reduction == Reduction.None)
                    losses[start + r] = rowLoss;
                total += rowLoss;
            }
        }
        PutLoss(losses, total, classes, rows, reduction, ignoreIndex);
        KeepAlive(logits, labels, probabilities, loss);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    public override void CrossEntropyBackward(Storage probabilities, Storage labels, Storage dY, Storage dX, int rows, int columns,
        Reduction reduction, int ignoreIndex, bool accumulate = false)
    {
        float* p = Cells(probabilities), upstream = Cells(dY), to = Cells(dX);
        int* classes = IntCells(labels);
        float share = RowShare(classes, rows, reduction, ignoreIndex);
        for (int r = 0; r < rows; r++, p += columns, to += columns)
        {
            // dX = p·weight everywhere, then −weight at the label.
            int label = classes[r];
            float weight = label == ignoreIndex ? 0 : upstream[reduction == Reduction.None ? r : 0] * share;
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
                to[label] = before + ((p[label] - 1) * weight);
        }
        KeepAlive(probabilities, labels, dY, dX);
    }

    // y = e^(x − max) / Σ e^(x − max); the row's maximum and sum are the loss's business.
    [MethodImpl(AggressiveInlining)]
    private static void SoftmaxRow(float* x, float* y, int columns, out float max, out float sum)
    {
        if (columns <= T.Count)
        {
            T lowest = T.All(float.NegativeInfinity);
            T row = FirstLanes(T.Load(x), columns, lowest);
            max = MaxOf(row);
            T e = VectorMath<T>.Exp(row - T.All(max));
            sum = T.Sum(e);
            (e * T.All(1 / sum)).StoreFirst(y, columns);
        }
        else
            LongSoftmaxRow(x, y, columns, out max, out sum);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void LongSoftmaxRow(float* x, float* y, int columns, out float max, out float sum)
    {
        max = MaxOfRow(x, columns);
        T maxAll = T.All(max);
        for (int c = 0; c < columns; c += T.Count)
            VectorMath<T>.Exp(T.Load(x + c) - maxAll).StoreFirst(y + c, Math.Min(T.Count, columns - c));
        sum = SumOf(y, columns);
        T inverse = T.All(1 / sum);
        for (int c = 0; c < columns; c += T.Count)
            (T.Load(y + c) * inverse).StoreFirst(y + c, Math.Min(T.Count, columns - c));
    }

    // y = x − max − log Σ e^(x − max).
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void LogSoftmaxRow(float* x, float* y, int columns)
    {
        if (columns <= T.Count)
        {
            T row = FirstLanes(T.Load(x), columns, T.All(float.NegativeInfinity));
            T shifted = row - T.All(MaxOf(row));
            (shifted - VectorMath<T>.Log(T.All(T.Sum(VectorMath<T>.Exp(shifted))))).StoreFirst(y, columns);
            return;
        }
        T maxAll = T.All(MaxOfRow(x, columns)), sums = T.Zero;
        for (int c = 0; c < columns; c += T.Count)
        {
            T row = FirstLanes(T.Load(x + c), Math.Min(T.Count, columns - c), T.All(float.NegativeInfinity));
            sums += VectorMath<T>.Exp(row - maxAll);
        }
        T logSum = VectorMath<T>.Log(T.All(T.Sum(sums)));
        for (int c = 0; c < columns; c += T.Count)
            (T.Load(x + c) - maxAll - logSum).StoreFirst(y + c, Math.Min(T.Count, columns - c));
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void SoftmaxBackwardRow(bool log, float* y, float* dY, float* dX, int columns, bool accumulate)
    {
        T sums = T.Zero;
        for (int c = 0; c < columns; c += T.Count)
        {
            int lanes = Math.Min(T.Count, columns - c);
            T upstream = T.LoadFirst(dY + c, lanes);
            sums = log ? sums + upstream : T.MultiplyAdd(upstream, T.LoadFirst(y + c, lanes), sums);
        }
        T sum = T.All(T.Sum(sums));
        for (int c = 0; c < columns; c += T.Count)
        {
            T upstream = T.Load(dY + c), value = T.Load(y + c);
            T gradient = log ? T.MultiplyAdd(-VectorMath<T>.Exp(value), sum, upstream) : value * (upstream - sum);
            if (accumulate)
                gradient += T.Load(dX + c);
            gradient.StoreFirst(dX + c, Math.Min(T.Count, columns - c));
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static float MaxOfRow(float* x, int columns)
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

    private static void PutLoss(float* loss, double sum, int* labels, int rows, Reduction reduction, int ignoreIndex)
    {
        if (reduction != Reduction.None)
            *loss = (float)(reduction == Reduction.Mean ? sum / Counting(labels, rows, ignoreIndex) : sum);
    }

    private static float RowShare(int* labels, int rows, Reduction reduction, int ignoreIndex) =>
        reduction == Reduction.Mean ? 1f / Counting(labels, rows, ignoreIndex) : 1;

    private static int Counting(int* labels, int rows, int ignoreIndex) => rows - new ReadOnlySpan<int>(labels, rows).Count(ignoreIndex);
}
