namespace NativeNN.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    internal override void Softmax(bool log, Storage x, Storage y, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
        {
            var row = Host(x).Span.Slice(r * columns, columns);
            var (max, logSum) = LogSumExp(row);
            for (int c = 0; c < columns; c++)
            {
                double logP = row[c] - max - logSum;
                Host(y).Span[r * columns + c] = (float)(log ? logP : Math.Exp(logP));
            }
        }
    }

    /// <inheritdoc/>
    internal override void SoftmaxBackward(bool log, Storage y, Storage dY, Storage dX, int rows, int columns, bool accumulate = false)
    {
        Span<float> ySpan = Host(y).Span, dYSpan = Host(dY).Span, dXSpan = Host(dX).Span;
        for (int r = 0; r < rows; r++)
        {
            double sum = 0;
            for (int i = r * columns; i < (r + 1) * columns; i++)
                sum += log ? dYSpan[i] : (double)dYSpan[i] * ySpan[i];
            for (int i = r * columns; i < (r + 1) * columns; i++)
                Put(dXSpan, i, (float)(log ? dYSpan[i] - Math.Exp(ySpan[i]) * sum : ySpan[i] * (dYSpan[i] - sum)), accumulate);
        }
    }

    /// <inheritdoc/>
    internal override void NllLoss(Storage logProbabilities, Storage labels, Storage loss, int rows, int columns, Reduction reduction,
        int ignoreIndex)
    {
        var labelSpan = Host(labels).IntSpan;
        double sum = 0;
        for (int r = 0; r < rows; r++)
        {
            float rowLoss = labelSpan[r] == ignoreIndex ? 0 : -Host(logProbabilities).Span[r * columns + labelSpan[r]];
            if (reduction == Reduction.None)
                Host(loss).Span[r] = rowLoss;
            sum += rowLoss;
        }
        PutLoss(loss, sum, labelSpan[..rows], reduction, ignoreIndex);
    }

    /// <inheritdoc/>
    internal override void NllLossBackward(Storage labels, Storage dY, Storage dX, int rows, int columns, Reduction reduction,
        int ignoreIndex, bool accumulate = false)
    {
        var labelSpan = Host(labels).IntSpan;
        for (int r = 0; r < rows; r++)
        {
            float weight = RowWeight(dY, r, labelSpan[..rows], reduction, ignoreIndex);
            for (int c = 0; c < columns; c++)
                Put(Host(dX).Span, r * columns + c, c == labelSpan[r] && c != ignoreIndex ? -weight : 0, accumulate);
        }
    }

    /// <inheritdoc/>
    internal override void CrossEntropy(Storage logits, Storage labels, Storage probabilities, Storage loss, int rows, int columns,
        Reduction reduction, int ignoreIndex)
    {
        var labelSpan = Host(labels).IntSpan;
        double total = 0;
        for (int r = 0; r < rows; r++)
        {
            var row = Host(logits).Span.Slice(r * columns, columns);
            var (max, logSum) = LogSumExp(row);
            for (int c = 0; c < columns; c++)
                Host(probabilities).Span[r * columns + c] = (float)Math.Exp(row[c] - max - logSum);
            double rowLoss = labelSpan[r] == ignoreIndex ? 0 : logSum + max - row[labelSpan[r]];
            if (reduction == Reduction.None)
                Host(loss).Span[r] = (float)rowLoss;
            total += rowLoss;
        }
        PutLoss(loss, total, labelSpan[..rows], reduction, ignoreIndex);
    }

    /// <inheritdoc/>
    internal override void CrossEntropyBackward(Storage probabilities, Storage labels, Storage dY, Storage dX, int rows, int columns,
        Reduction reduction, int ignoreIndex, bool accumulate = false)
    {
        var labelSpan = Host(labels).IntSpan;
        for (int r = 0; r < rows; r++)
        {
            bool counts = labelSpan[r] != ignoreIndex;
            float weight = counts ? RowWeight(dY, r, labelSpan[..rows], reduction, ignoreIndex) : 0;
            for (int c = 0; c < columns; c++)
            {
                float error = Host(probabilities).Span[r * columns + c] - (c == labelSpan[r] ? 1 : 0);
                Put(Host(dX).Span, r * columns + c, counts ? error * weight : 0, accumulate);
            }
        }
    }

    // max and log Σ e^(x − max): nothing overflows, and at least one term is 1.
    private static (double Max, double LogSum) LogSumExp(ReadOnlySpan<float> row)
    {
        float max = float.NegativeInfinity;
        foreach (float value in row)
            max = MathF.Max(max, value);
        double sum = 0;
        foreach (float value in row)
            sum += Math.Exp((double)value - max);
        return (max, Math.Log(sum));
    }

    private static void PutLoss(Storage loss, double sum, ReadOnlySpan<int> labels, Reduction reduction, int ignoreIndex)
    {
        if (reduction != Reduction.None)
            Host(loss).Span[0] = (float)(reduction == Reduction.Mean ? sum / Counting(labels, ignoreIndex) : sum);
    }

    private static float RowWeight(Storage dY, int row, ReadOnlySpan<int> labels, Reduction reduction, int ignoreIndex) => reduction switch
    {
        Reduction.None => Host(dY).Span[row],
        Reduction.Sum => Host(dY).Span[0],
        _ => Host(dY).Span[0] / Counting(labels, ignoreIndex),
    };

    private static int Counting(ReadOnlySpan<int> labels, int ignoreIndex) => labels.Length - labels.Count(ignoreIndex);
}
