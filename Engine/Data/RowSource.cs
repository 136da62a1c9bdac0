using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeNN.Backends;

namespace NativeNN.Data;

/// <summary>The inputs of a data set as they lie in a backend's memory; what comes out are rows of float32.</summary>
internal abstract class RowSource(Backend backend, int count, int columns)
{
    public Backend Backend { get; } = backend;

    public int Count { get; } = count;

    public int Columns { get; } = columns;

    /// <summary>target[r] = row order[start + r].</summary>
    public abstract void Gather(Storage order, int start, int count, Storage target);

    /// <summary>A copy of all rows, [count, columns].</summary>
    public abstract Tensor CopyAll();

    /// <summary>The given rows, in their order.</summary>
    public abstract RowSource Select(ReadOnlySpan<int> rows);

    public abstract RowSource To(Backend backend);

    /// <summary>Adds everything that the rows are made of to a hash.</summary>
    public abstract void AppendTo(IncrementalHash hash);

    /// <summary>The given rows as a tensor of their own.</summary>
    protected Tensor Rows(ReadOnlySpan<int> rows)
    {
        var order = Backend.Allocate(rows.Length);
        Backend.WriteInts(rows, order);
        var inputs = Tensor.Empty((rows.Length, Columns), Backend);
        Gather(order, 0, rows.Length, inputs.Storage);
        Backend.Recycle(order);
        return inputs;
    }
}

/// <summary>Rows of a tensor.</summary>
internal sealed class TensorRows(Tensor inputs) : RowSource(inputs.Backend, inputs.Rows, inputs.Columns)
{
    public override void Gather(Storage order, int start, int count, Storage target) =>
        Backend.GatherRows(inputs.Storage, order, start, count, Columns, target);

    public override Tensor CopyAll() => inputs.Clone();

    public override RowSource Select(ReadOnlySpan<int> rows) => new TensorRows(Rows(rows));

    public override RowSource To(Backend backend) => new TensorRows(inputs.To(backend));

    public override void AppendTo(IncrementalHash hash) => hash.AppendData(MemoryMarshal.AsBytes<float>(inputs.ToArray()));
}

/// <summary>
/// Rows of grey values, normalised as they are gathered: a quarter of the memory, and of what a shuffled batch has to fetch from all over
/// it.
/// </summary>
internal sealed class PixelRows : RowSource
{
    private readonly Storage pixels, table;

    public PixelRows(ReadOnlySpan<byte> pixels, int count, int columns, ReadOnlySpan<float> table, Backend backend)
        : base(backend, count, columns)
    {
        int whole = pixels.Length / sizeof(int) * sizeof(int);
        this.pixels = backend.Allocate((pixels.Length + sizeof(int) - 1) / sizeof(int));
        backend.WriteInts(MemoryMarshal.Cast<byte, int>(pixels[..whole]), this.pixels);
        if (whole < pixels.Length)
        {
            Span<byte> last = stackalloc byte[sizeof(int)];
            pixels[whole..].CopyTo(last);
            backend.WriteInts(MemoryMarshal.Cast<byte, int>(last), this.pixels, offset: whole / sizeof(int));
        }
        this.table = backend.Allocate(table.Length);
        backend.Write(table, this.table);
    }

    public override void Gather(Storage order, int start, int count, Storage target) =>
        Backend.GatherBytes(pixels, table, order, start, count, Columns, target);

    public override Tensor CopyAll() => Rows([.. Enumerable.Range(0, Count)]);

    public override RowSource Select(ReadOnlySpan<int> rows)
    {
        var all = Pixels();
        byte[] chosen = new byte[rows.Length * Columns];
        for (int r = 0; r < rows.Length; r++)
            all.Slice(rows[r] * Columns, Columns).CopyTo(chosen.AsSpan(r * Columns));
        return new PixelRows(chosen, rows.Length, Columns, Table(), Backend);
    }

    public override RowSource To(Backend backend) => new PixelRows(Pixels(), Count, Columns, Table(), backend);

    public override void AppendTo(IncrementalHash hash)
    {
        hash.AppendData(Pixels());
        hash.AppendData(MemoryMarshal.AsBytes<float>(Table()));
    }

    private ReadOnlySpan<byte> Pixels()
    {
        int[] cells = new int[pixels.Length];
        Backend.ReadInts(pixels, cells);
        return MemoryMarshal.AsBytes(cells.AsSpan())[..(Count * Columns)];
    }

    private float[] Table()
    {
        float[] values = new float[table.Length];
        Backend.Read(table, values);
        return values;
    }
}
