using NativeNN.Optim;

namespace NativeNN.Samples.OwnOp;

/// <summary>
/// m = μm + (1−μ)g, w −= lr·sign(m): every weight moves by the same step, whatever the size of its gradient. Bernstein et al. 2018.
/// </summary>
public sealed class SignSgd(IEnumerable<Tensor> parameters, double learningRate, double momentum = 0.9)
    : Optimizer(parameters, learningRate, weightDecay: 0, momentum)
{
    protected override string[] BufferNames(double momentum) => ["momentum_buffer"];

    protected override void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group)
    {
        var m = Buffer(i, "momentum_buffer");
        float keep = (float)group.Momentum;
        m.Set((keep * m + (1 - keep) * gradient).ToArray());
        w.Set((w - (float)group.LearningRate * ((m > 0f) - (m < 0f))).ToArray());
    }
}
