using NativeNN.Random;

namespace NativeNN.Backends;

/// <summary>
/// The kernels an engine needs, over opaque storage. Every matrix is row-major and dense. Kernels never see gradients or graphs:
/// a backward pass is more of the same calls. A kernel may run later than the call (a GPU queues it); Read* waits for what it reads.
/// Kernels are internal: shapes are checked by the ops, and a kernel trusts its arguments. What is public checks them (memory, below).
/// Where a kernel takes accumulate, it adds to its output instead of overwriting. Inputs and output may be the same storage only in
/// elementwise kernels (Activate, Scale with equal strides, Binary with equal shapes).
/// </summary>
public abstract class Backend
{
    /// <summary>Short name: "cpu", "reference", "cuda:0", "opencl:1".</summary>
    public abstract string Name { get; }

    /// <summary>How many CPU threads a large kernel is split over.</summary>
    public virtual int Threads => 1;

    /// <summary>
    /// The same backend on one CPU thread, for callers that run several trainings at once; this one if it needs no other. Always the same
    /// object, so what lives on it can be used together.
    /// </summary>
    public virtual Backend SingleThreaded => this;

    /// <summary>
    /// Whether several trainings gain by running on it at the same time, each on a thread of its own. A device takes calls one at a time.
    /// </summary>
    public virtual bool RunsConcurrently => false;

    /// <summary>The stream this backend draws dropout masks from fastest; a generator made for it is set to this one.</summary>
    public virtual DropoutKernel DropoutKernel => DropoutKernel.Default;

    /// <summary>
    /// Runs one training step, or any work. A GPU sends what it queues out together, as one graph if the same launches came by before;
    /// elsewhere, and in its results everywhere, this is just step().
    /// </summary>
    public virtual void RunStep(Action step) => step();

    // ---- memory: cells that are not there throw ArgumentOutOfRangeException, another backend's storage ArgumentException ---------

    /// <summary>
    /// An uninitialised buffer of length cells, recycled where one of fitting size is free. Throws ArgumentOutOfRangeException for a
    /// negative length or one that no buffer can have.
    /// </summary>
    public abstract Storage Allocate(int length);

    /// <summary>Gives a buffer back for reuse by a later Allocate. Only the last owner may call it; shared storage is left alone.</summary>
    internal abstract void Recycle(Storage storage);

    /// <summary>target[offset..] = values.</summary>
    public abstract void Write(ReadOnlySpan<float> values, Storage target, int offset = 0);

    /// <summary>values = source[offset..]; waits until the source is computed.</summary>
    public abstract void Read(Storage source, Span<float> values, int offset = 0);

    /// <summary>target[offset..] = values, as int32 cells.</summary>
    public abstract void WriteInts(ReadOnlySpan<int> values, Storage target, int offset = 0);

    /// <summary>values = source[offset..] read as int32 cells; waits until the source is computed.</summary>
    public abstract void ReadInts(Storage source, Span<int> values, int offset = 0);

    /// <summary>target[targetOffset..+count] = source[sourceOffset..+count].</summary>
    public abstract void Copy(Storage source, int sourceOffset, Storage target, int targetOffset, int count);

    /// <summary>y[0..count] = value.</summary>
    public abstract void Fill(Storage y, float value, int count);

    /// <summary>Waits until all queued work is done. A CPU has none.</summary>
    public virtual void Synchronize() { }

    /// <summary>Throws ArgumentOutOfRangeException unless the storage has the cells from offset to offset + count.</summary>
    internal static void CheckRange(string operation, Storage storage, int offset, int count)
    {
        if (offset < 0 || count < 0 || count > storage.Length - offset)
            throw NotThere(operation, storage, offset, count);
    }

    private static ArgumentOutOfRangeException NotThere(string operation, Storage storage, int offset, int count) =>
        new(nameof(count), $"{operation}: got cells {offset} to {(long)offset + count} of a storage of {storage.Length}");

    // ---- matrix product -------------------------------------------------------------------------------------------------------

    /// <summary>
    /// C = op(A)·op(B) (+ bias on every row) (+ C if accumulate). op(A): [m, k], stored [k, m] if transposeA. op(B): [k, n], stored [n, k]
    /// if transposeB. C: [m, n]. bias: [n] or null.
    /// </summary>
    internal abstract void Gemm(bool transposeA, Storage a, bool transposeB, Storage b, Storage c, int m, int n, int k,
        bool accumulate = false, Storage? bias = null);

    /// <summary>y[c, r] = x[r, c]. x: [rows, columns].</summary>
    internal abstract void Transpose(Storage x, Storage y, int rows, int columns);

    // ---- elementwise ----------------------------------------------------------------------------------------------------------

    /// <summary>y = f(x), count elements; alpha is the kind's parameter (slope of LeakyRelu, α of Elu), else unused.</summary>
    internal abstract void Activate(Activation kind, Storage x, Storage y, int count, float alpha = 0);

    /// <summary>dX (+)= dY ∘ f'(x), given x and y = f(x).</summary>
    internal abstract void ActivateBackward(Activation kind, Storage x, Storage y, Storage dY, Storage dX, int count, float alpha = 0,
        bool accumulate = false);

    /// <summary>y[r, c] = a[r·a.Row + c·a.Column] ∘ b[r·b.Row + c·b.Column]. y: [rows, columns]; a stride of 0 broadcasts.</summary>
    internal abstract void Binary(BinaryOp op, Storage a, Strides aStrides, Storage b, Strides bStrides, Storage y, int rows, int columns,
        bool accumulate = false);

    /// <summary>y[r, c] (+)= factor · x[r·x.Row + c·x.Column]. y: [rows, columns]; a stride of 0 broadcasts.</summary>
    internal abstract void Scale(Storage x, Strides xStrides, float factor, Storage y, int rows, int columns, bool accumulate = false);

    // ---- reductions -----------------------------------------------------------------------------------------------------------

    /// <summary>y (+)= factor · Σ x along the axis. x: [rows, columns] → y: [columns] (Rows), [rows] (Columns) or one cell (All).</summary>
    internal abstract void Sum(Axis axis, Storage x, Storage y, int rows, int columns, float factor = 1, bool accumulate = false);

    /// <summary>y[r] = index of the largest of row r, the first of equals; a NaN is larger than everything. y: int32 [rows].</summary>
    internal abstract void ArgMax(Storage x, Storage y, int rows, int columns);

    /// <summary>counts[index] = how many rows r have argmax(logits[r]) = labels[r], as an int32 cell.</summary>
    internal abstract void CountCorrect(Storage logits, Storage labels, int rows, int columns, Storage counts, int index);

    // ---- softmax and losses ---------------------------------------------------------------------------------------------------

    /// <summary>y[r] = softmax(x[r]) or log(softmax(x[r])), the row's maximum subtracted first.</summary>
    internal abstract void Softmax(bool log, Storage x, Storage y, int rows, int columns);

    /// <summary>dX (+)= y∘(dY − Σ dY∘y) for softmax, dY − softmax·Σ dY for its logarithm; y is the forward result.</summary>
    internal abstract void SoftmaxBackward(bool log, Storage y, Storage dY, Storage dX, int rows, int columns, bool accumulate = false);

    /// <summary>
    /// Negative log-likelihood: loss_r = −logP[r, label_r], 0 where label_r = ignoreIndex. loss: [rows] for None, else one cell: the sum,
    /// or the mean over the rows that count (NaN if none does).
    /// </summary>
    internal abstract void NllLoss(Storage logProbabilities, Storage labels, Storage loss, int rows, int columns, Reduction reduction,
        int ignoreIndex);

    /// <summary>dX (+)= −dY (÷ counting rows for Mean) at [r, label_r], 0 elsewhere. dY: one cell, or [rows] for None.</summary>
    internal abstract void NllLossBackward(Storage labels, Storage dY, Storage dX, int rows, int columns, Reduction reduction,
        int ignoreIndex, bool accumulate = false);

    /// <summary>
    /// Softmax and NllLoss in one pass, stable for any logits: probabilities[r] = softmax(logits[r]) is kept for backward.
    /// </summary>
    internal abstract void CrossEntropy(Storage logits, Storage labels, Storage probabilities, Storage loss, int rows, int columns,
        Reduction reduction, int ignoreIndex);

    /// <summary>dX (+)= (softmax − onehot(label)) · dY (÷ counting rows for Mean). dY: one cell, or [rows] for None.</summary>
    internal abstract void CrossEntropyBackward(Storage probabilities, Storage labels, Storage dY, Storage dX, int rows, int columns,
        Reduction reduction, int ignoreIndex, bool accumulate = false);

    // ---- data and dropout -----------------------------------------------------------------------------------------------------

    /// <summary>target[r] = source[order[start + r]], rows of rowLength cells (floats or labels). order: int32.</summary>
    internal abstract void GatherRows(Storage source, Storage order, int start, int count, int rowLength, Storage target);

    /// <summary>
    /// target[r, c] = table[byte order[start + r]·rowLength + c of source]: images that lie in memory as grey values. source: bytes, four
    /// to a cell, the lowest first; table: 256 floats.
    /// </summary>
    internal abstract void GatherBytes(Storage source, Storage table, Storage order, int start, int count, int rowLength, Storage target);

    /// <summary>mask[i] = 1/(1−p) with probability 1−p, else 0, drawn from the generator's dropout stream.</summary>
    internal virtual void DropoutMask(Storage mask, int count, double p, Generator generator)
    {
        var values = new float[count];
        generator.DropoutMask(values, p);
        Write(values, mask);
    }

    // ---- optimiser updates (in place on w and the optimiser's state) ----------------------------------------------------------

    /// <summary>
    /// SGD: g += weightDecay·w; b = momentum·b + (1−dampening)·g; w −= lr·(nesterov ? g + momentum·b : b). b is null without momentum.
    /// </summary>
    internal abstract void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step);

    /// <summary>Adam, AdamW, AMSGrad: see AdamStep for the formula. vMax is null without AMSGrad.</summary>
    internal abstract void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step);

    /// <summary>RMSprop: see RmsPropStep. mean is null unless centred, buffer is null without momentum.</summary>
    internal abstract void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count,
        in RmsPropStep step);

    /// <summary>Adagrad: s += g²; w −= lr·g / (√s + eps), lr already decayed; g += weightDecay·w first.</summary>
    internal abstract void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon);

    /// <summary>The backend's name.</summary>
    public override string ToString() => Name;
}
