using NativeNN.Backends;

namespace NativeNN.Layers;

/// <summary>
/// Each feature normalised over the batch, y = (x − m)/√(v + ε) ∘ weight + bias: x: [batch, features]. In training m and v are the batch's,
/// and running averages of them are kept; in evaluation those are used. Ioffe &amp; Szegedy 2015, with PyTorch's defaults and state.
/// </summary>
public sealed class BatchNorm1d : Module
{
    private readonly double epsilon, momentum;
    private readonly bool trackRunningStats;

    /// <summary>weight 1 and bias 0 (neither if not affine), running mean 0 and variance 1 (none if not trackRunningStats).</summary>
    public BatchNorm1d(int features, double epsilon = 1e-5, double momentum = 0.1, bool affine = true, bool trackRunningStats = true)
    {
        (Features, this.epsilon, this.momentum, this.trackRunningStats) = (features, epsilon, momentum, trackRunningStats);
        if (affine)
        {
            Weight = RegisterParameter("weight", Tensor.Ones(features));
            Bias = RegisterParameter("bias", Tensor.Zeros(features));
        }
        if (trackRunningStats)
        {
            RunningMean = RegisterBuffer("running_mean", Tensor.Zeros(features));
            RunningVar = RegisterBuffer("running_var", Tensor.Ones(features));
            NumBatchesTracked = RegisterBuffer("num_batches_tracked", Tensor.Scalar(0));
        }
    }

    /// <summary>Columns of x.</summary>
    public int Features { get; }

    /// <summary>γ: [features], or null.</summary>
    public Tensor? Weight { get; }

    /// <summary>β: [features], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>m ← (1 − momentum)·m + momentum·the batch's mean, or null.</summary>
    public Tensor? RunningMean { get; }

    /// <summary>The same of the batch's unbiased variance, or null. (x itself is divided by the biased one.)</summary>
    public Tensor? RunningVar { get; }

    /// <summary>Batches seen in training, or null. An integer in PyTorch; exact here up to 2²⁴.</summary>
    public Tensor? NumBatchesTracked { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Shape.Rank != 2 || x.Columns != Features)
            throw new ShapeException($"BatchNorm1d: x is {x.Shape} but the layer has {Features} features; x must be [batch, {Features}]");
        if (!IsTraining && trackRunningStats)
            return x.BatchNorm(RunningMean!, RunningVar!, Weight, Bias, (float)epsilon);
        if (IsTraining && x.Rows < 2)
            throw new ShapeException(
                $"BatchNorm1d: x is {x.Shape}; in training it needs more than one row, or all would become 0 (dropLast: true?)");
        Tensor mean = x.Mean(Axis.Rows), variance = x.Var(Axis.Rows, unbiased: false);
        if (IsTraining && trackRunningStats)
        {
            Average(RunningMean!, mean, momentum);
            Average(RunningVar!, variance, momentum * x.Rows / (x.Rows - 1)); // n/(n − 1) makes it unbiased
            Add(NumBatchesTracked!, Tensor.Ones(Shape.Scalar, x.Backend), factor: 1);
        }
        return x.BatchNorm(mean, variance, Weight, Bias, (float)epsilon);
    }

    // running = (1 − momentum)·running + share·batch, in place: it is state, no part of the graph.
    private void Average(Tensor running, Tensor batch, double share)
    {
        running.Backend.Scale(running.Storage, Strides.Dense(Features), (float)(1 - momentum), running.Storage, rows: 1, Features);
        Add(running, batch, (float)share);
    }

    private static void Add(Tensor to, Tensor x, float factor)
    {
        to.Backend.Scale(x.Storage, Strides.Dense(x.Columns), factor, to.Storage, x.Rows, x.Columns, accumulate: true);
        to.MarkChanged();
    }

    /// <inheritdoc/>
    protected override string ExtraRepr() => $"{Features}, eps={Number(epsilon)}, momentum={Number(momentum)}, "
        + $"affine={Weight is not null}, track_running_stats={trackRunningStats}";
}
