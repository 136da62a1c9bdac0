using NativeNN.Backends;
using NativeNN.Gpu.Runtime;
using NativeNN.Random;

namespace NativeNN.Gpu;

// Elementwise kernels, reductions, losses and optimisers: arguments in the order of Kernels/*.cl.
public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public override void Transpose(Storage x, Storage y, int rows, int columns)
    {
        if (rows > 0 && columns > 0)
            Launch("elementwise", "transpose", new LaunchShape(Groups(columns, 32), Groups(rows, 32)), [Reads(x), Writes(y), rows, columns]);
    }

    /// <inheritdoc/>
    public override void Activate(Activation kind, Storage x, Storage y, int count, float alpha = 0) =>
        LaunchEach("elementwise", "activate", count, [(int)kind, Reads(x), Writes(y), count, alpha]);

    /// <inheritdoc/>
    public override void ActivateBackward(Activation kind, Storage x, Storage y, Storage dY, Storage dX, int count, float alpha = 0,
        bool accumulate = false) =>
        LaunchEach("elementwise", "activate_backward", count, [(int)kind, Reads(x), Reads(y), Reads(dY), Writes(dX), count, alpha, accumulate]);

    /// <inheritdoc/>
    public override void Binary(BinaryOp op, Storage a, Strides aStrides, Storage b, Strides bStrides, Storage y, int rows, int columns,
        bool accumulate = false) =>
        LaunchEach("elementwise", "binary", rows * columns,
            [(int)op, Reads(a), aStrides.Row, aStrides.Column, Reads(b), bStrides.Row, bStrides.Column, Writes(y), rows * columns, columns, accumulate]);

    /// <inheritdoc/>
    public override void Scale(Storage x, Strides xStrides, float factor, Storage y, int rows, int columns, bool accumulate = false) =>
        LaunchEach("elementwise", "scale", rows * columns,
            [Reads(x), xStrides.Row, xStrides.Column, factor, Writes(y), rows * columns, columns, accumulate]);

    /// <inheritdoc/>
    public override void GatherRows(Storage source, Storage order, int start, int count, int rowLength, Storage target) =>
        LaunchEach("elementwise", "gather_rows", count * rowLength, [Reads(source), Reads(order), start, Writes(target), count * rowLength, rowLength]);

    /// <inheritdoc/>
    public override void GatherBytes(Storage source, Storage table, Storage order, int start, int count, int rowLength, Storage target) =>
        LaunchEach("elementwise", "gather_bytes", count * rowLength,
            [Reads(source), Reads(table), Reads(order), start, Writes(target), count * rowLength, rowLength]);

    /// <summary>With DropoutKernel.Philox the device draws the mask; with the others the host does, as those streams are sequential.</summary>
    public override void DropoutMask(Storage mask, int count, double p, Generator generator)
    {
        if (generator.DropoutKernel != DropoutKernel.Philox || p is not (> 0 and < 1))
        {
            base.DropoutMask(mask, count, p, generator);
            return;
        }
        var (key0, key1) = generator.NextPhiloxKey();
        LaunchEach("random", "dropout_mask", count, [Writes(mask), count, Philox.Limit(1 - p), 1f / (float)(1 - p), key0, key1]);
    }

    // ---- reductions -----------------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    public override void Sum(Axis axis, Storage x, Storage y, int rows, int columns, float factor = 1, bool accumulate = false)
    {
        switch (axis)
        {
            case Axis.Rows:
                // Slices of at least 256 rows, as many as keep the device busy.
                int slices = Math.Clamp(Math.Min(rows / 256, 4 * runtime.Device.ComputeUnits * 32 / Math.Max(columns, 32)), 1, 256);
                InTwoSteps(slices, slices * columns,
                    (from, to, parts, f, add) => SumRows(from, to, parts == 1 && slices > 1 ? slices : rows, columns, parts, f, add), x, y, factor, accumulate);
                break;
            case Axis.Columns:
                LaunchRows("reductions", "sum_columns", rows, [Reads(x), Writes(y), rows, columns, factor, accumulate]);
                break;
            default:
                int groups = Math.Clamp(rows * columns / (8 * GpuRuntime.GroupThreads), 1, GpuRuntime.GroupThreads);
                InTwoSteps(groups, groups,
                    (from, to, parts, f, add) => SumAll(from, to, parts == 1 && groups > 1 ? groups : rows * columns, parts, f, add), x, y, factor, accumulate);
                break;
        }
    }

    /// <inheritdoc/>
    public override void ArgMax(Storage x, Storage y, int rows, int columns) =>
        LaunchEach("reductions", "arg_max", rows, [Reads(x), Writes(y), rows, columns]);

    /// <inheritdoc/>
    public override void CountCorrect(Storage logits, Storage labels, int rows, int columns, Storage counts, int index) =>
        Launch("reductions", "count_correct", new LaunchShape(1), [Reads(logits), Reads(labels), rows, columns, Writes(counts), index]);

    // ---- softmax and losses ---------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    public override void Softmax(bool log, Storage x, Storage y, int rows, int columns) =>
        LaunchRows("losses", "softmax", rows, [log, Reads(x), Writes(y), rows, columns]);

    /// <inheritdoc/>
    public override void SoftmaxBackward(bool log, Storage y, Storage dY, Storage dX, int rows, int columns, bool accumulate = false) =>
        LaunchRows("losses", "softmax_backward", rows, [log, Reads(y), Reads(dY), Writes(dX), rows, columns, accumulate]);

    /// <inheritdoc/>
    public override void NllLoss(Storage logProbabilities, Storage labels, Storage loss, int rows, int columns, Reduction reduction, int ignoreIndex) =>
        ReduceLoss(labels, loss, rows, reduction, ignoreIndex, rowLosses =>
            LaunchEach("losses", "nll_rows", rows, [Reads(logProbabilities), Reads(labels), Writes(rowLosses), rows, columns, ignoreIndex]));

    /// <inheritdoc/>
    public override void NllLossBackward(Storage labels, Storage dY, Storage dX, int rows, int columns, Reduction reduction, int ignoreIndex,
        bool accumulate = false) =>
        LaunchEach("losses", "nll_backward", rows * columns,
            [false, ReadsOr(null, placeholder: dX), Reads(labels), Reads(dY), Writes(dX), rows, columns, (int)reduction, ignoreIndex, accumulate]);

    /// <inheritdoc/>
    public override void CrossEntropy(Storage logits, Storage labels, Storage probabilities, Storage loss, int rows, int columns,
        Reduction reduction, int ignoreIndex) =>
        ReduceLoss(labels, loss, rows, reduction, ignoreIndex, rowLosses =>
            LaunchRows("losses", "cross_entropy_rows", rows,
                [Reads(logits), Reads(labels), Writes(probabilities), Writes(rowLosses), rows, columns, ignoreIndex]));

    /// <inheritdoc/>
    public override void CrossEntropyBackward(Storage probabilities, Storage labels, Storage dY, Storage dX, int rows, int columns,
        Reduction reduction, int ignoreIndex, bool accumulate = false) =>
        LaunchEach("losses", "nll_backward", rows * columns,
            [true, Reads(probabilities), Reads(labels), Reads(dY), Writes(dX), rows, columns, (int)reduction, ignoreIndex, accumulate]);

    // ---- optimiser updates ----------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    public override void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step) =>
        LaunchEach("optimizers", "sgd", count,
            [Writes(w), Reads(g), WritesOr(momentumBuffer, w), momentumBuffer is not null, count, step.LearningRate, step.Momentum, 1 - step.Keep,
                step.WeightDecay, step.Nesterov, step.FirstStep]);

    /// <inheritdoc/>
    public override void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step) =>
        LaunchEach("optimizers", "adam", count,
            [Writes(w), Reads(g), Writes(m), Writes(v), WritesOr(vMax, w), vMax is not null, count, step.StepSize, step.RootBiasCorrection2,
                (float)step.Beta1, (float)(1 - step.Beta1), (float)step.Beta2, (float)(1 - step.Beta2), (float)step.Epsilon,
                step.Decoupled ? (float)(1 - step.LearningRate * step.WeightDecay) : 1f, step.Decoupled ? 0f : (float)step.WeightDecay]);

    /// <inheritdoc/>
    public override void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count, in RmsPropStep step) =>
        LaunchEach("optimizers", "rms_prop", count,
            [Writes(w), Reads(g), Writes(squareAverage), WritesOr(mean, w), mean is not null, WritesOr(buffer, w), buffer is not null, count,
                step.LearningRate, step.Alpha, step.Epsilon, step.WeightDecay, step.Momentum]);

    /// <inheritdoc/>
    public override void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon) =>
        LaunchEach("optimizers", "adagrad", count, [Writes(w), Reads(g), Writes(sum), count, learningRate, weightDecay, epsilon]);

    // ---- two-step sums --------------------------------------------------------------------------------------------------------

    private void SumRows(Storage x, Storage y, int rows, int columns, int slices, float factor, bool accumulate)
    {
        if (columns > 0)
            Launch("reductions", "sum_rows", new LaunchShape(Groups(columns, 32), slices), [Reads(x), Writes(y), rows, columns, factor, accumulate]);
    }

    private void SumAll(Storage x, Storage y, int count, int groups, float factor, bool accumulate) =>
        Launch("reductions", "sum_all", new LaunchShape(groups), [Reads(x), Writes(y), count, factor, accumulate]);

    // sum(from, to, parts, factor, accumulate): straight into y if one part is enough, else partial sums and a second round over those.
    private void InTwoSteps(int parts, int cells, Action<Storage, Storage, int, float, bool> sum, Storage x, Storage y, float factor, bool accumulate)
    {
        if (parts == 1)
        {
            sum(x, y, 1, factor, accumulate);
            return;
        }
        var partial = Allocate(cells);
        sum(x, partial, parts, 1, false);
        sum(partial, y, 1, factor, accumulate);
        Recycle(partial);
    }

    private void ReduceLoss(Storage labels, Storage loss, int rows, Reduction reduction, int ignoreIndex, Action<Storage> rowLosses)
    {
        if (reduction == Reduction.None)
        {
            rowLosses(loss);
            return;
        }
        var partial = Allocate(rows);
        rowLosses(partial);
        Launch("losses", "reduce_loss", new LaunchShape(1), [Reads(partial), Reads(labels), Writes(loss), rows, (int)reduction, ignoreIndex]);
        Recycle(partial);
    }
}
