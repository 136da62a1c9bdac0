using NativeNN.Backends;

namespace NativeNN.Optim;

/// <summary>
/// m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², w −= lr·m̂/(√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ); weight decay λ adds λw to g.
/// AMSGrad takes the largest v so far. Kingma &amp; Ba 2015; Reddi et al. 2018.
/// Why m̂: m starts at 0, so after t steps the weights of the gradients in it, (1−β₁)β₁ᵗ⁻ⁱ, add up to 1−β₁ᵗ, not to 1; m̂ is their mean.
/// Without both corrections the first step would be 0.1g/√(0.001g²) = 3.2·lr instead of lr.
/// Equal gradients give PyTorch 1.13's weights, bit for bit, but for moments below 1.2e-38, which are 0 here. With lerp they give those of
/// PyTorch 2.x, which takes m + (1−β₁)(g − m) for the first moment: the same number, rounded differently.
/// </summary>
public class Adam : Optimizer
{
    private readonly double beta2, epsilon;
    private readonly bool amsGrad, lerp, decoupled;

    /// <summary>Adam with PyTorch's defaults. lerp: rounds as PyTorch 2.x, not as 1.13.</summary>
    public Adam(IEnumerable<Tensor> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
        double weightDecay = 0, bool amsGrad = false, bool lerp = false)
        : this(parameters, learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, lerp, decoupled: false) { }

    private protected Adam(IEnumerable<Tensor> parameters, double learningRate, double beta1, double beta2, double epsilon,
        double weightDecay, bool amsGrad, bool lerp, bool decoupled)
        : base(parameters, learningRate, AtLeastZero(weightDecay, nameof(weightDecay)), BelowOne(beta1, nameof(beta1)))
    {
        this.beta2 = BelowOne(beta2, nameof(beta2));
        this.epsilon = AtLeastZero(epsilon, nameof(epsilon));
        this.amsGrad = amsGrad;
        this.lerp = lerp;
        this.decoupled = decoupled;
    }

    /// <inheritdoc/>
    protected override string[] BufferNames(double momentum) =>
        amsGrad ? ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] : ["exp_avg", "exp_avg_sq"];

    private protected override bool WorksInKernels => true;

    /// <inheritdoc/>
    protected override void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group) =>
        w.Backend.Adam(w.Storage, gradient.Storage, Buffer(i, "exp_avg").Storage, Buffer(i, "exp_avg_sq").Storage,
            amsGrad ? Buffer(i, "max_exp_avg_sq").Storage : null, w.Length,
            new AdamStep(group.LearningRate, group.Momentum, beta2, epsilon, group.WeightDecay, decoupled, step, lerp));
}

/// <summary>
/// Adam whose weight decay shrinks the weights themselves, w −= lr·λ·w, instead of entering the gradient. Loshchilov &amp; Hutter 2019.
/// </summary>
public sealed class AdamW(IEnumerable<Tensor> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999,
    double epsilon = 1e-8, double weightDecay = 1e-2, bool amsGrad = false, bool lerp = false)
    : Adam(parameters, learningRate, beta1, beta2, epsilon, weightDecay, amsGrad, lerp, decoupled: true);
