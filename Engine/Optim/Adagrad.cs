namespace NativeNN.Optim;

/// <summary>
/// s += g², w −= lr/(1 + (t−1)·lrDecay) · g/(√s + ε). Duchi et al. 2011; equal gradients give PyTorch 1.13's weights, bit for bit.
/// </summary>
public sealed class Adagrad(IEnumerable<Tensor> parameters, double learningRate = 1e-2, double learningRateDecay = 0,
    double weightDecay = 0, double epsilon = 1e-10)
    : Optimizer(parameters, learningRate, AtLeastZero(weightDecay, nameof(weightDecay)), momentum: 0)
{
    private readonly float epsilon = (float)AtLeastZero(epsilon, nameof(epsilon));
    private readonly double learningRateDecay = AtLeastZero(learningRateDecay, nameof(learningRateDecay));

    /// <inheritdoc/>
    protected override string[] BufferNames(double momentum) => ["sum"];

    private protected override bool WorksInKernels => true;

    /// <inheritdoc/>
    protected override void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group) =>
        w.Backend.Adagrad(w.Storage, gradient.Storage, Buffer(i, "sum").Storage, w.Length,
            (float)(group.LearningRate / (1 + (step - 1) * learningRateDecay)), (float)group.WeightDecay, epsilon);
}
