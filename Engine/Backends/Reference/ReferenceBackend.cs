using System.Runtime.InteropServices;
namespace NativeNN.Backends.Reference;

/// <summary>
/// Every kernel as the plain loop of its formula: the oracle the fast backends are tested against, and the one to read first.
/// </summary>
public sealed partial class ReferenceBackend : HostBackend
{
    /// <summary>The one instance: it has no state.</summary>
    public static ReferenceBackend Instance { get; } = new();

    private ReferenceBackend() { }

    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    internal override void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null)
    {
        Span<float> aSpan = Host(a).Span, bSpan = Host(b).Span, cSpan = Host(c).Span;
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                    sum += (transposeA ? aSpan[p * m + i] : aSpan[i * k + p]) * (transposeB ? bSpan[j * k + p] : bSpan[p * n + j]);
                if (bias is not null)
                    sum += Host(bias).Span[j];
                cSpan[i * n + j] = accumulate ? cSpan[i * n + j] + sum : sum;
            }
    }

    /// <inheritdoc/>
    internal override void Transpose(Storage x, Storage y, int rows, int columns)
    {
        Span<float> xSpan = Host(x).Span, ySpan = Host(y).Span;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                ySpan[c * rows + r] = xSpan[r * columns + c];
    }

    /// <inheritdoc/>
    internal override void Activate(Activation kind, Storage x, Storage y, int count, float alpha = 0)
    {
        Span<float> xSpan = Host(x).Span, ySpan = Host(y).Span;
        for (int i = 0; i < count; i++)
            ySpan[i] = ScalarActivation.Value(kind, xSpan[i], alpha);
    }

    /// <inheritdoc/>
    internal override void ActivateBackward(Activation kind, Storage x, Storage y, Storage dY, Storage dX, int count, float alpha = 0,
        bool accumulate = false)
    {
        Span<float> xSpan = Host(x).Span, ySpan = Host(y).Span, dYSpan = Host(dY).Span, dXSpan = Host(dX).Span;
        for (int i = 0; i < count; i++)
            Put(dXSpan, i, ScalarActivation.Gradient(kind, xSpan[i], ySpan[i], dYSpan[i], alpha), accumulate);
    }

    /// <inheritdoc/>
    internal override void Binary(BinaryOp op, Storage a, Strides aStrides, Storage b, Strides bStrides, Storage y, int rows, int columns,
        bool accumulate = false)
    {
        Span<float> aSpan = Host(a).Span, bSpan = Host(b).Span, ySpan = Host(y).Span;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
            {
                float left = aSpan[r * aStrides.Row + c * aStrides.Column], right = bSpan[r * bStrides.Row + c * bStrides.Column];
                Put(ySpan, r * columns + c, ScalarBinary.Value(op, left, right), accumulate);
            }
    }

    /// <inheritdoc/>
    internal override void Scale(Storage x, Strides xStrides, float factor, Storage y, int rows, int columns, bool accumulate = false)
    {
        Span<float> xSpan = Host(x).Span, ySpan = Host(y).Span;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                Put(ySpan, r * columns + c, factor * xSpan[r * xStrides.Row + c * xStrides.Column], accumulate);
    }

    /// <inheritdoc/>
    internal override void Sum(Axis axis, Storage x, Storage y, int rows, int columns, float factor = 1, bool accumulate = false)
    {
        // Sums run in double, so the oracle is exact where an order of float additions would show.
        Span<float> xSpan = Host(x).Span, ySpan = Host(y).Span;
        int outputs = axis switch { Axis.Rows => columns, Axis.Columns => rows, _ => 1 };
        var sums = new double[outputs];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                sums[axis switch { Axis.Rows => c, Axis.Columns => r, _ => 0 }] += xSpan[r * columns + c];
        for (int i = 0; i < outputs; i++)
            Put(ySpan, i, (float)(factor * sums[i]), accumulate);
    }

    /// <inheritdoc/>
    internal override void ArgMax(Storage x, Storage y, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
            Host(y).IntSpan[r] = ArgMax(Host(x).Span.Slice(r * columns, columns));
    }

    /// <inheritdoc/>
    internal override void CountCorrect(Storage logits, Storage labels, int rows, int columns, Storage counts, int index)
    {
        int correct = 0;
        for (int r = 0; r < rows; r++)
            if (ArgMax(Host(logits).Span.Slice(r * columns, columns)) == Host(labels).IntSpan[r])
                correct++;
        Host(counts).IntSpan[index] = correct;
    }

    /// <inheritdoc/>
    internal override void GatherRows(Storage source, Storage order, int start, int count, int rowLength, Storage target)
    {
        for (int r = 0; r < count; r++)
            Host(source).Span.Slice(Host(order).IntSpan[start + r] * rowLength, rowLength).CopyTo(Host(target).Span[(r * rowLength)..]);
    }

    /// <inheritdoc/>
    internal override void GatherBytes(Storage source, Storage table, Storage order, int start, int count, int rowLength, Storage target)
    {
        var bytes = MemoryMarshal.AsBytes(Host(source).Span);
        for (int r = 0; r < count; r++)
            for (int c = 0; c < rowLength; c++)
                Host(target).Span[r * rowLength + c] = Host(table).Span[bytes[Host(order).IntSpan[start + r] * rowLength + c]];
    }

    // The first NaN wins, as in torch.argmax.
    private static int ArgMax(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int c = 1; c < row.Length && !float.IsNaN(row[best]); c++)
            if (row[c] > row[best] || float.IsNaN(row[c]))
                best = c;
        return best;
    }

    private static void Put(Span<float> y, int i, float value, bool accumulate) => y[i] = accumulate ? y[i] + value : value;
}
