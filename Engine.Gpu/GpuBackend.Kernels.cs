using NativeNN.Backends;
using NativeNN.Gpu.Kernels;
using NativeNN.Gpu.Runtime;
using NativeNN.Random;

namespace NativeNN.Gpu;

// Elementwise kernels, reductions, losses and optimisers: arguments in the order of Kernels/*.cs.
public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    internal override void Transpose(Storage x, Storage y, int rows, int columns)
    {
        if (rows > 0 && columns > 0)
            Launch(Movement.Transpose, new LaunchShape(Groups(columns, Movement.Tile), Groups(rows, Movement.Tile)),
                [Reads(x), Writes(y), rows, columns]);
    }

    /// <inheritdoc/>
    internal override void Activate(Activation kind, Storage x, Storage y, int count, float alpha = 0) =>
        LaunchEach(Elementwise.Activate, count, [(int)kind, Reads(x), Writes(y), count, alpha]);

    /// <inheritdoc/>
    internal override void ActivateBackward(Activation kind, Storage x, Storage y, Storage dY, Storage dX, int count, float alpha = 0,
        bool accumulate = false) =>
        LaunchEach(Elementwise.ActivateBackward, count, [(int)kind, Reads(x), Reads(y), Reads(dY), Writes(dX), count, alpha, accumulate]);

    /// <inheritdoc/>
    internal override void Binary(BinaryOp op, Storage a, Strides aStrides, Storage b, Strides bStrides, Storage y, int rows, int columns,
        bool accumulate = false) =>
        LaunchEach(Elementwise.Binary, rows * columns,
            [(int)op, Reads(a), aStrides.Row, aStrides.Column, Reads(b), bStrides.Row, bStrides.Column, Writes(y), rows * columns, columns,
                accumulate]);

    /// <inheritdoc/>
    internal override void Scale(Storage x, Strides xStrides, float factor, Storage y, int rows, int columns, bool accumulate = false) =>
        LaunchEach(Elementwise.Scale, rows * columns,
            [Reads(x), xStrides.Row, xStrides.Column, factor, Writes(y), rows * columns, columns, accumulate]);

    /// <inheritdoc/>
    internal override void GatherRows(Storage source, Storage order, int start, int count, int rowLength, Storage target) =>
        LaunchEach(Movement.GatherRows, count * rowLength, [Reads(source), Reads(order), start, Writes(target), count * rowLength,
            rowLength]);

    /// <inheritdoc/>
    internal override void GatherBytes(Storage source, Storage table, Storage order, int start, int count, int rowLength, Storage target) =>
        LaunchEach(Movement.GatherBytes, count * rowLength,
            [Reads(source), Reads(table), Reads(order), start, Writes(target), count * rowLength, rowLength]);

    /// <summary>
    /// With DropoutKernel.Philox the device draws the mask; with the others the host does, as those streams are sequential.
    /// </summary>
    internal override void DropoutMask(Storage mask, int count, double p, Generator generator)
    {
        if (generator.DropoutKernel != DropoutKernel.Philox || p is not (> 0 and < 1))
        {
            base.DropoutMask(mask, count, p, generator);
            return;
        }
        var (key0, key1) = generator.NextPhiloxKey();
        LaunchEach(Kernels.Random.DropoutMask, count, [Writes(mask), count, Philox.Limit(1 - p), 1f / (float)(1 - p), key0, key1]);
    }

    // ---- reductions -----------------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    internal override void Sum(Axis axis, Storage x, Storage y, int rows, int columns, float factor = 1, bool accumulate = false)
    {
        switch (axis)
        {
            case Axis.Rows:
                // Slices of at least 256 rows, as many as keep the device busy.
                int slices = Math.Clamp(Math.Min(rows / 256, 4 * runtime.Device.ComputeUnits * 32 / Math.Max(columns, 32)), 1, 256);
                InTwoSteps(slices, slices * columns,
                    (from, to, parts, f, add) =>
                        SumRows(from, to, parts == 1 && slices > 1 ? slices : rows, columns, parts, f, add), x, y, factor, accumulate);
                break;
            case Axis.Columns:
                LaunchRows(Reductions.SumColumns<OneThread>, Reductions.SumColumns<ThirtyTwoThreads>, rows,
                    [Reads(x), Writes(y), rows, columns, factor, accumulate]);
                break;
            default:
                int groups = Math.Clamp(rows * columns / (8 * ThreadGrid.PerGroup), 1, ThreadGrid.PerGroup);
                InTwoSteps(groups, groups,
                    (from, to, parts, f, add) =>
                        SumAll(from, to, parts == 1 && groups > 1 ? groups : rows * columns, parts, f, add), x, y, factor, accumulate);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void ArgMax(Storage x, Storage y, int rows, int columns) =>
        LaunchEach(Reductions.ArgMax, rows, [Reads(x), Writes(y), rows, columns]);

    /// <inheritdoc/>
    internal override void CountCorrect(Storage logits, Storage labels, int rows, int columns, Storage counts, int index) =>
        Launch(Reductions.CountCorrect, new LaunchShape(1), [Reads(logits), Reads(labels), rows, columns, Writes(counts), index]);

    // ---- softmax and losses ---------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    internal override void Softmax(bool log, Storage x, Storage y, int rows, int columns) =>
        LaunchRows(Losses.Softmax<OneThread>, Losses.Softmax<ThirtyTwoThreads>, rows, [log, Reads(x), Writes(y), rows, columns]);

    /// <inheritdoc/>
    internal override void SoftmaxBackward(bool log, Storage y, Storage dY, Storage dX, int rows, int columns, bool accumulate = false) =>
        LaunchRows(Losses.SoftmaxBackward<OneThread>, Losses.SoftmaxBackward<ThirtyTwoThreads>, rows,
            [log, Reads(y), Reads(dY), Writes(dX), rows, columns, accumulate]);

    /// <inheritdoc/>
    internal override void NllLoss(Storage logProbabilities, Storage labels, Storage loss, int rows, int columns, Reduction reduction,
        int ignoreIndex) =>
        ReduceLoss(labels, loss, rows, reduction, ignoreIndex, rowLosses =>
            LaunchEach(Losses.NllRows, rows, [Reads(logProbabilities), Reads(labels), Writes(rowLosses), rows, columns, ignoreIndex]));

    /// <inheritdoc/>
    internal override void NllLossBackward(Storage labels, Storage dY, Storage dX, int rows, int columns, Reduction reduction,
        int ignoreIndex, bool accumulate = false) =>
        LaunchEach(Losses.NllBackward, rows * columns,
            [false, ReadsOr(null, placeholder: dX), Reads(labels), Reads(dY), Writes(dX), rows, columns, (int)reduction, ignoreIndex,
                accumulate]);

    /// <inheritdoc/>
    internal override void CrossEntropy(Storage logits, Storage labels, Storage probabilities, Storage loss, int rows, int columns,
        Reduction reduction, int ignoreIndex) =>
        ReduceLoss(labels, loss, rows, reduction, ignoreIndex, rowLosses =>
            LaunchRows(Losses.CrossEntropyRows<OneThread>, Losses.CrossEntropyRows<ThirtyTwoThreads>, rows,
                [Reads(logits), Reads(labels), Writes(probabilities), Writes(rowLosses), rows, columns, ignoreIndex]));

    /// <inheritdoc/>
    internal override void CrossEntropyBackward(Storage probabilities, Storage labels, Storage dY, Storage dX, int rows, int columns,
        Reduction reduction, int ignoreIndex, bool accumulate = false) =>
        LaunchEach(Losses.NllBackward, rows * columns,
            [true, Reads(probabilities), Reads(labels), Reads(dY), Writes(dX), rows, columns, (int)reduction, ignoreIndex, accumulate]);

    // ---- optimiser updates ----------------------------------------------------------------------------------------------------

    /// <inheritdoc/>
    internal override void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step) =>
        LaunchEach(Optimizers.Sgd, count,
            [Writes(w), Reads(g), WritesOr(momentumBuffer, w), momentumBuffer is not null, count, step.LearningRate, step.Momentum,
                step.Keep,
                step.WeightDecay, step.Nesterov, step.FirstStep]);

    /// <inheritdoc/>
    internal override void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step)
    {
        var factors = new AdamFactors(step);
        LaunchEach(Optimizers.Adam, count,
            [Writes(w), Reads(g), Writes(m), Writes(v), WritesOr(vMax, w), vMax is not null, count, factors.Beta1, factors.Keep1,
                factors.Beta2, factors.Keep2, factors.Shrink, factors.Decay, factors.StepSize, factors.RootCorrection, factors.Epsilon,
                factors.Lerp]);
    }

    /// <inheritdoc/>
    internal override void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count,
        in RmsPropStep step) =>
        LaunchEach(Optimizers.RmsProp, count,
            [Writes(w), Reads(g), Writes(squareAverage), WritesOr(mean, w), mean is not null, WritesOr(buffer, w), buffer is not null,
                count, step.LearningRate, step.Alpha, step.Keep, step.Epsilon, step.WeightDecay, step.Momentum]);

    /// <inheritdoc/>
    internal override void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon) =>
        LaunchEach(Optimizers.Adagrad, count, [Writes(w), Reads(g), Writes(sum), count, learningRate, weightDecay, epsilon]);

    // ---- two-step sums --------------------------------------------------------------------------------------------------------

    private void SumRows(Storage x, Storage y, int rows, int columns, int slices, float factor, bool accumulate)
    {
        if (columns > 0)
            Launch(Reductions.SumRows, new LaunchShape(Groups(columns, Reductions.ColumnsPerGroup), slices),
                [Reads(x), Writes(y), rows, columns, factor, accumulate]);
    }

    private void SumAll(Storage x, Storage y, int count, int groups, float factor, bool accumulate) =>
        Launch(Reductions.SumAll, new LaunchShape(groups), [Reads(x), Writes(y), count, factor, accumulate]);

    // sum(from, to, parts, factor, accumulate): straight into y if one part is enough, else partial sums and a second round over those.
    private void InTwoSteps(int parts, int cells, Action<Storage, Storage, int, float, bool> sum, Storage x, Storage y, float factor,
        bool accumulate)
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
        Launch(Losses.ReduceLoss, new LaunchShape(1), [Reads(partial), Reads(labels), Writes(loss), rows, (int)reduction, ignoreIndex]);
        Recycle(partial);
    }
}
