using NativeNN.Backends;

namespace NativeNN.Optim;

/// <summary>
/// w −= lr·g. With weight decay λ: g += λw. With momentum μ: b = μb + (1−dampening)·g (b = g at first) and w −= lr·b, or with Nesterov's
/// lookahead w −= lr·(g + μb). Sutskever et al. 2013, in PyTorch's form; equal gradients give PyTorch 1.13's weights, bit for bit.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly double dampening;
    private readonly bool nesterov;

    /// <summary>Stochastic gradient descent. Throws ArgumentException for Nesterov without momentum or with dampening.</summary>
    public Sgd(IEnumerable<Tensor> parameters, double learningRate, double momentum = 0, double dampening = 0, double weightDecay = 0,
        bool nesterov = false)
        : base(parameters, learningRate, AtLeastZero(weightDecay, nameof(weightDecay)), AtLeastZero(momentum, nameof(momentum)))
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
            throw new ArgumentException(
                $"Sgd: got momentum {momentum} and dampening {dampening}; Nesterov needs momentum above 0 and no dampening");
        this.dampening = AtLeastZero(dampening, nameof(dampening));
        this.nesterov = nesterov;
    }

    /// <inheritdoc/>
    protected override string[] BufferNames(double momentum) => momentum > 0 ? ["momentum_buffer"] : [];

    private protected override bool WorksInKernels => true;

    /// <inheritdoc/>
    protected override void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group) =>
        w.Backend.Sgd(w.Storage, gradient.Storage, group.Momentum > 0 ? Buffer(i, "momentum_buffer").Storage : null, w.Length,
            new SgdStep((float)group.LearningRate, (float)group.Momentum, (float)(1 - dampening), (float)group.WeightDecay, nesterov,
                FirstStep: step == 1));
}
