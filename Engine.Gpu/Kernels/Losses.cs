using ILGPU;
using NativeNN.Backends;

namespace NativeNN.Gpu.Kernels;

/// <summary>Softmax and the losses on top of it. A row's maximum is subtracted before any exponential.</summary>
internal static class Losses
{
    /// <summary>y[r] = e^(x − max) / Σ e^(x − max), or its logarithm x − max − log Σ.</summary>
    public static void Softmax<TRow>(int log, ArrayView<float> x, ArrayView<float> y, int rows, int columns)
        where TRow : struct, IRowThreads
    {
        var scratch = Groups.Scratch;
        int perGroup = ThreadGrid.PerGroup / TRow.Lanes, lane = Group.IdxX % TRow.Lanes;
        for (int first = Grid.IdxX * perGroup; first < rows; first += Grid.DimX * perGroup)
        {
            int r = first + Group.IdxX / TRow.Lanes, end = r < rows ? columns : 0; // no return: the others wait at the barriers
            var (max, sum) = Exponentials<TRow>(x, r * columns, lane, end, scratch);
            for (int i = r * columns + lane; i < r * columns + end; i += TRow.Lanes)
                y[i] = log != 0 ? x[i] - max - ScalarMath.Log(sum) : ScalarMath.Exp(x[i] - max) / sum;
        }
    }

    /// <summary>dX (+)= y∘(dY − Σ dY∘y), or dY − e^y · Σ dY for the logarithm.</summary>
    public static void SoftmaxBackward<TRow>(int log, ArrayView<float> y, ArrayView<float> dY, ArrayView<float> dX, int rows, int columns,
        int accumulate)
        where TRow : struct, IRowThreads
    {
        var scratch = Groups.Scratch;
        int perGroup = ThreadGrid.PerGroup / TRow.Lanes, lane = Group.IdxX % TRow.Lanes;
        for (int first = Grid.IdxX * perGroup; first < rows; first += Grid.DimX * perGroup)
        {
            int r = first + Group.IdxX / TRow.Lanes, end = r < rows ? columns : 0;
            float sum = 0;
            for (int i = r * columns + lane; i < r * columns + end; i += TRow.Lanes)
                sum += log != 0 ? dY[i] : dY[i] * y[i];
            sum = TRow.Sum(sum, scratch);
            for (int i = r * columns + lane; i < r * columns + end; i += TRow.Lanes)
                ThreadGrid.Put(dX, i, log != 0 ? dY[i] - ScalarMath.Exp(y[i]) * sum : y[i] * (dY[i] - sum), accumulate);
        }
    }

    /// <summary>loss[r] = −logP[r, label], 0 for an ignored row.</summary>
    public static void NllRows(ArrayView<float> logProbabilities, ArrayView<int> labels, ArrayView<float> loss, int rows, int columns,
        int ignoreIndex)
    {
        for (int r = ThreadGrid.First; r < rows; r += ThreadGrid.All)
            loss[r] = labels[r] == ignoreIndex ? 0f : -logProbabilities[r * columns + labels[r]];
    }

    /// <summary>probabilities[r] = softmax(logits[r]);  loss[r] = log Σ + max − logits[r, label], 0 for an ignored row.</summary>
    public static void CrossEntropyRows<TRow>(ArrayView<float> logits, ArrayView<int> labels, ArrayView<float> probabilities,
        ArrayView<float> loss,
        int rows, int columns, int ignoreIndex)
        where TRow : struct, IRowThreads
    {
        var scratch = Groups.Scratch;
        int perGroup = ThreadGrid.PerGroup / TRow.Lanes, lane = Group.IdxX % TRow.Lanes;
        for (int first = Grid.IdxX * perGroup; first < rows; first += Grid.DimX * perGroup)
        {
            int r = first + Group.IdxX / TRow.Lanes, end = r < rows ? columns : 0;
            var (max, sum) = Exponentials<TRow>(logits, r * columns, lane, end, scratch);
            for (int i = r * columns + lane; i < r * columns + end; i += TRow.Lanes)
                probabilities[i] = ScalarMath.Exp(logits[i] - max) / sum;
            if (r < rows && lane == 0)
                loss[r] = labels[r] == ignoreIndex ? 0f : ScalarMath.Log(sum) + (max - logits[r * columns + labels[r]]);
        }
    }

    /// <summary>total[0] = Σ loss[r], divided by the counting rows for Mean (0/0 = NaN if there is none). One group.</summary>
    public static void ReduceLoss(ArrayView<float> loss, ArrayView<int> labels, ArrayView<float> total, int rows, int reduction,
        int ignoreIndex)
    {
        var scratch = Groups.Scratch;
        float sum = 0, carry = 0;
        for (int r = Group.IdxX; r < rows; r += ThreadGrid.PerGroup)
            (sum, carry) = Groups.AddCarefully(sum, carry, loss[r]);
        sum = Groups.Sum(sum, scratch);
        float counting = reduction == (int)Reduction.Mean ? CountingRows(labels, rows, ignoreIndex, scratch) : 1f;
        if (Group.IdxX == 0)
            total[0] = sum / counting;
    }

    /// <summary>
    /// dX[r, c] (+)= (softmax − onehot(label)) · w for cross-entropy, −onehot(label) · w for the log-likelihood (useProbabilities = 0);
    /// w = dY[r] for None, dY[0] for the sum, dY[0] / counting rows for Mean, 0 in ignored rows.
    /// </summary>
    public static void NllBackward(int useProbabilities, ArrayView<float> probabilities, ArrayView<int> labels, ArrayView<float> dY,
        ArrayView<float> dX,
        int rows, int columns, int reduction, int ignoreIndex, int accumulate)
    {
        float counting = reduction == (int)Reduction.Mean ? CountingRows(labels, rows, ignoreIndex, Groups.Scratch) : 1f;
        for (int i = ThreadGrid.First; i < rows * columns; i += ThreadGrid.All)
        {
            int r = i / columns, label = labels[r];
            float error = (useProbabilities != 0 ? probabilities[i] : 0f) - (i - r * columns == label ? 1f : 0f);
            float weight = dY[reduction == (int)Reduction.None ? r : 0] / counting;
            ThreadGrid.Put(dX, i, label == ignoreIndex ? 0f : error * weight, accumulate);
        }
    }

    // Σ e^(x − max) of a row's columns lane, lane + Lanes, …, and its max, the same in all of its threads.
    private static (float Max, float Sum) Exponentials<TRow>(ArrayView<float> x, int start, int lane, int end, ArrayView<float> scratch)
        where TRow : struct, IRowThreads
    {
        float max = float.NegativeInfinity, sum = 0;
        for (int c = lane; c < end; c += TRow.Lanes)
            max = x[start + c] > max ? x[start + c] : max;
        max = TRow.Max(max, scratch);
        for (int c = lane; c < end; c += TRow.Lanes)
            sum += ScalarMath.Exp(x[start + c] - max);
        return (max, TRow.Sum(sum, scratch));
    }

    // How many labels count, the same in every thread of the group.
    private static float CountingRows(ArrayView<int> labels, int rows, int ignoreIndex, ArrayView<float> scratch)
    {
        float counting = 0;
        for (int r = Group.IdxX; r < rows; r += ThreadGrid.PerGroup)
            counting += labels[r] != ignoreIndex ? 1f : 0f;
        return Groups.Sum(counting, scratch);
    }
}
