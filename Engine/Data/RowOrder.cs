using NativeNN.Backends;

namespace NativeNN.Data;

/// <summary>An order of a data set's rows, held by its backend, from which consecutive pieces are gathered.</summary>
internal sealed class RowOrder : IDisposable
{
    private readonly TensorDataset data;
    private readonly Storage order;

    public RowOrder(TensorDataset data, ReadOnlySpan<int> rows)
    {
        this.data = data;
        order = data.Backend.Allocate(rows.Length);
        data.Backend.WriteInts(rows, order);
    }

    /// <summary>A copy of rows order[start…start+count-1].</summary>
    public (Tensor Inputs, Labels Labels) Gather(int start, int count)
    {
        var backend = data.Backend;
        var inputs = Tensor.Empty((count, data.Rows.Columns), backend);
        data.Rows.Gather(order, start, count, inputs.Storage);
        var labels = new Labels(backend.Allocate(count), count, data.Labels.Range);
        backend.GatherRows(data.Labels.Storage, order, start, count, rowLength: 1, labels.Storage);
        return (inputs, labels);
    }

    public void Dispose() => data.Backend.Recycle(order);
}
