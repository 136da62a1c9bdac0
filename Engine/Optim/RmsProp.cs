using NativeNN.Backends;

namespace NativeNN.Optim;

/// <summary>
/// s = αs + (1−α)g², w −= lr·g/(√s + ε); centred: √(s − mean(g)²); momentum μ: b = μb + g/(√s + ε), w −= lr·b. Tieleman &amp; Hinton 2012;
/// equal gradients give PyTorch 1.13's weights, bit for bit.
/// </summary>
public sealed class RmsProp(IEnumerable<Tensor> parameters, double learningRate = 1e-2, double alpha = 0.99, double epsilon = 1e-8,
    double weightDecay = 0, double momentum = 0, bool centered = false)
    : Optimizer(parameters, learningRate, AtLeastZero(weightDecay, nameof(weightDecay)), AtLeastZero(momentum, nameof(momentum)))
{
    private readonly double alpha = alpha == 1 ? 1 : BelowOne(alpha, nameof(alpha)); // 1: s stays what it is
    private readonly float epsilon = (float)AtLeastZero(epsilon, nameof(epsilon));

    /// <inheritdoc/>
    protected override string[] BufferNames(double momentum) =>
        ["square_avg", .. centered ? ["grad_avg"] : Array.Empty<string>(), .. momentum > 0 ? ["momentum_buffer"] : Array.Empty<string>()];

    private protected override bool WorksInKernels => true;

    /// <inheritdoc/>
    protected override void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group) =>
        w.Backend.RmsProp(w.Storage, gradient.Storage, Buffer(i, "square_avg").Storage, centered ? Buffer(i, "grad_avg").Storage : null,
            group.Momentum > 0 ? Buffer(i, "momentum_buffer").Storage : null, w.Length,
            new RmsPropStep((float)group.LearningRate, (float)alpha, Keep: (float)(1 - alpha), epsilon, (float)group.WeightDecay,
                (float)group.Momentum));
}
