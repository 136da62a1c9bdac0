using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// A value in the graph: shape, storage, and (if it was computed) the Op that made it. float32, row-major, rank 0–2.
/// Nothing is ever disposed by hand. The values a graph computed stay readable until the next Backward() on the same thread;
/// then their memory is reused, and reading one throws: keep what you need longer with Clone() or ToArray().
/// Numbers of one element, leaves (weights, data) and everything computed under NoGrad are never taken back.
/// </summary>
public sealed partial class Tensor
{
    private Storage? storage;

    internal Tensor(Storage storage, Shape shape)
    {
        this.storage = storage;
        Shape = shape;
    }

    // ---- what it is -----------------------------------------------------------------------------------------------------------

    /// <summary>The sizes of its dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>Elements in all.</summary>
    public int Length => Shape.Length;

    /// <summary>Rows; 1 for a vector or a number.</summary>
    public int Rows => Shape.Rows;

    /// <summary>Columns; a vector's length.</summary>
    public int Columns => Shape.Columns;

    /// <summary>The backend its memory belongs to. Operations on tensors of different backends throw; move with To.</summary>
    public Backend Backend => Storage.Backend;

    /// <summary>Whether Backward() computes a gradient for it: set on leaves, inherited by whatever is computed from them.</summary>
    public bool RequiresGrad { get; set; }

    /// <summary>∂loss/∂this after Backward(), of the same shape; null before. Kept for leaves, and where RetainGrad() was called.</summary>
    public Tensor? Grad { get; internal set; }

    /// <summary>The operation that computed it; null for a leaf, and after Backward() has used up the graph.</summary>
    public Op? Op { get; internal set; }

    internal bool RetainsGrad { get; private set; }

    internal bool IsSpent { get; set; }

    // How many recorded ops will read it in their Backward; memory given back meanwhile is theirs until then.
    private int graphUses;
    private bool releaseWhenUnused;

    // Asked for dozens of times a step: whoever makes the message stands apart, so that this can be inlined.
    internal Storage Storage => storage ?? throw MemoryWasReused();

    private InvalidOperationException MemoryWasReused() => new(
        $"Tensor {Shape}: its memory was reused. A graph's values live until the next Backward(), a DataLoader's batch until the next "
        + "batch; keep a copy with Clone() or ToArray() (loader.ToList() keeps every batch)");

    // ---- making and moving ----------------------------------------------------------------------------------------------------

    /// <summary>The CPU, where tensors are made unless another backend is named. A constant: there is no 'current device'.</summary>
    public static Backend DefaultBackend => Backends.Simd.SimdBackend.Default;

    /// <summary>A tensor of these values, row by row. Throws ShapeException if their number isn't the shape's.</summary>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape, Backend? backend = null)
    {
        if (values.Length != shape.Length)
            throw new ShapeException($"Tensor.From: got {values.Length} values for shape {shape}, which holds {shape.Length}");
        var tensor = Empty(shape, backend);
        tensor.Backend.Write(values, tensor.Storage);
        return tensor;
    }

    /// <summary>A matrix of these values.</summary>
    public static Tensor From(float[,] values, Backend? backend = null) =>
        From([.. values.Cast<float>()], (values.GetLength(0), values.GetLength(1)), backend);

    /// <summary>A vector of these values.</summary>
    public static Tensor From(params ReadOnlySpan<float> values) => From(values, values.Length);

    /// <summary>A single number, shape [].</summary>
    public static Tensor Scalar(float value, Backend? backend = null) => From([value], Shape.Scalar, backend);

    /// <summary>All elements equal to value.</summary>
    public static Tensor Full(Shape shape, float value, Backend? backend = null)
    {
        var tensor = Empty(shape, backend);
        tensor.Backend.Fill(tensor.Storage, value, tensor.Length);
        return tensor;
    }

    /// <summary>All zeros.</summary>
    public static Tensor Zeros(Shape shape, Backend? backend = null) => Full(shape, 0, backend);

    /// <summary>All ones.</summary>
    public static Tensor Ones(Shape shape, Backend? backend = null) => Full(shape, 1, backend);

    /// <summary>Memory for that shape with arbitrary content. Throws OutOfMemoryException if there is none left.</summary>
    public static Tensor Empty(Shape shape, Backend? backend = null) => new((backend ?? DefaultBackend).Allocate(shape.Length), shape);

    /// <summary>A copy of the values as a leaf of its own, on the same backend.</summary>
    public Tensor Clone()
    {
        var copy = Empty(Shape, Backend);
        Backend.Copy(Storage, 0, copy.Storage, 0, Length);
        return copy;
    }

    /// <summary>The same memory, cut off from the graph: no gradient flows through it.</summary>
    public Tensor Detach()
    {
        Storage.IsShared = true;
        return new Tensor(Storage, Shape);
    }

    /// <summary>The tensor on that backend as a leaf: itself if it lives there already.</summary>
    public Tensor To(Backend backend) => backend == Backend ? this : From(ToArray(), Shape, backend).WithGrad(RequiresGrad);

    /// <summary>Asks Backward() for this tensor's gradient; returns the tensor.</summary>
    public Tensor WithGrad(bool requiresGrad = true)
    {
        RequiresGrad = requiresGrad;
        return this;
    }

    /// <summary>Keeps Grad on a computed tensor too, where it would be given back as soon as it was used.</summary>
    public void RetainGrad() => RetainsGrad = true;

    // ---- reading and writing --------------------------------------------------------------------------------------------------

    /// <summary>A copy of all values, row by row.</summary>
    public float[] ToArray()
    {
        var values = new float[Length];
        Backend.Read(Storage, values);
        return values;
    }

    /// <summary>The value of a tensor of one element. Throws ShapeException for more.</summary>
    public float Item()
    {
        if (Length != 1)
            throw new ShapeException($"Item: got a tensor of shape {Shape}, needs exactly one element");
        float value = 0;
        Backend.Read(Storage, new Span<float>(ref value));
        return value;
    }

    /// <summary>One element. A vector has row 0 only.</summary>
    [System.Runtime.CompilerServices.IndexerName("Element")] // 'Item' is the method above
    public float this[int row, int column]
    {
        get
        {
            if ((uint)row >= (uint)Rows || (uint)column >= (uint)Columns)
                throw new ArgumentOutOfRangeException(nameof(row), $"Tensor {Shape}: no element [{row}, {column}]");
            float value = 0;
            Backend.Read(Storage, new Span<float>(ref value), row * Columns + column);
            return value;
        }
    }

    /// <summary>Overwrites all values in place. Throws ShapeException if their number isn't Length.</summary>
    public void Set(ReadOnlySpan<float> values)
    {
        if (values.Length != Length)
            throw new ShapeException($"Set: got {values.Length} values for a tensor of shape {Shape}, which holds {Length}");
        Backend.Write(values, Storage);
        MarkChanged();
    }

    /// <summary>Its values were overwritten in place: graphs that need the earlier ones will refuse to go on.</summary>
    internal void MarkChanged() => Storage.Version++;

    /// <summary>Drops the gradient and gives its memory back.</summary>
    internal void ZeroGrad()
    {
        Grad?.Release();
        Grad = null;
    }

    /// <summary>Moves the tensor itself (a parameter that optimisers hold on to) to that backend.</summary>
    internal void MoveTo(Backend backend)
    {
        if (backend == Backend)
            return;
        var moved = backend.Allocate(Length);
        backend.Write(ToArray(), moved);
        moved.Version = Storage.Version + 1; // graphs made before hold values of the other backend
        storage = moved;
        Grad = null;
    }

    /// <summary>A recorded op holds it from now on, or (−1) has been used up.</summary>
    internal void AddGraphUse(int change)
    {
        graphUses += change;
        if (graphUses == 0 && releaseWhenUnused)
            Release();
    }

    /// <summary>
    /// Gives the memory back, as soon as no graph needs it; from then on reading throws. Shared memory is left to the garbage collector and
    /// stays readable.
    /// </summary>
    internal void Release()
    {
        if (storage is null || storage.IsShared)
            return;
        releaseWhenUnused = graphUses > 0;
        if (releaseWhenUnused)
            return;
        var released = storage;
        storage = null;
        released.Backend.Recycle(released);
    }
}
