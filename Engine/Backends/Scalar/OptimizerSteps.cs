using static NativeNN.Backends.ScalarMath;

namespace NativeNN.Backends;

/// <summary>
/// One SGD step. Keep: 1 − dampening, taken in double. FirstStep: the momentum buffer is empty and takes g itself. Sutskever et al. 2013,
/// in PyTorch's form.
/// </summary>
public readonly record struct SgdStep(float LearningRate, float Momentum, float Keep, float WeightDecay, bool Nesterov, bool FirstStep);

/// <summary>
/// One Adam step t ≥ 1 (Kingma &amp; Ba 2015; decoupled decay: Loshchilov &amp; Hutter 2019):
/// w −= lr·decay·w if decoupled, else g += decay·w;  m = β₁m + (1−β₁)g;  v = β₂v + (1−β₂)g²;
/// w −= (lr / (1−β₁ᵗ)) · m / (√v / √(1−β₂ᵗ) + ε), where v is the running maximum vMax if there is one.
/// Lerp: m += (1−β₁)(g − m), rounded so.
/// </summary>
public readonly record struct AdamStep(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, bool Decoupled,
    int Step, bool Lerp = false)
{
    /// <summary>lr / (1−β₁ᵗ).</summary>
    public float StepSize => (float)(LearningRate / (1 - Math.Pow(Beta1, Step)));

    /// <summary>√(1−β₂ᵗ).</summary>
    public float RootBiasCorrection2 => (float)Math.Sqrt(1 - Math.Pow(Beta2, Step));
}

/// <summary>
/// One RMSprop step (Tieleman &amp; Hinton 2012): g += decay·w; s = αs + (1−α)g²; centred: a = αa + (1−α)g, r = √(s − a²) else r = √s;
/// momentum: b = μb + g/(r + ε), w −= lr·b; else w −= lr·g/(r + ε). Keep: 1 − α, taken in double.
/// </summary>
public readonly record struct RmsPropStep(float LearningRate, float Alpha, float Keep, float Epsilon, float WeightDecay, float Momentum);

/// <summary>
/// What an AdamStep multiplies with, in float32, worked out in double once a step: keep is 1 − β, shrink 1 − lr·decay if decoupled, else 1.
/// </summary>
internal readonly record struct AdamFactors(float Beta1, float Keep1, float Beta2, float Keep2, float Shrink, float Decay, float StepSize,
    float RootCorrection, float Epsilon, bool Lerp)
{
    public AdamFactors(in AdamStep step)
        : this((float)step.Beta1, (float)(1 - step.Beta1), (float)step.Beta2, (float)(1 - step.Beta2),
            step.Decoupled ? (float)(1 - step.LearningRate * step.WeightDecay) : 1, step.Decoupled ? 0 : (float)step.WeightDecay,
            step.StepSize, step.RootBiasCorrection2, (float)step.Epsilon, step.Lerp)
    {
    }
}

/// <summary>
/// What an optimiser does to one parameter: takes the weight w, its gradient g and its state by reference, and returns the new weight.
/// Every rounding stands where PyTorch 1.13's CPU kernels have it (mul_, add_, addcmul_, addcdiv_ over FMA lanes): equal gradients give
/// equal weights, bit for bit. State that has… says is not there may be any variable.
/// </summary>
internal static class ScalarOptimizer
{
    // Moments below this are set to 0: denormal numbers slow some CPUs tenfold, and at 10⁻¹⁰ of ε they change no update.
    internal const float SmallestMoment = 1.1754944e-38f;

    /// <summary>SGD, with momentum if there is a velocity.</summary>
    public static float Sgd(float w, float g, ref float velocity, bool hasVelocity, in SgdStep step)
    {
        if (step.WeightDecay != 0)
            g = MultiplyAdd(step.WeightDecay, w, g);
        if (hasVelocity)
        {
            velocity = step.FirstStep ? g : MultiplyAdd(g, step.Keep, step.Momentum * velocity);
            g = step.Nesterov ? MultiplyAdd(step.Momentum, velocity, g) : velocity;
        }
        return MultiplyAdd(-step.LearningRate, g, w);
    }

    /// <summary>Adam and AdamW, with AMSGrad if there is a maximum.</summary>
    public static float Adam(float w, float g, ref float m, ref float v, ref float vMax, bool hasMax, in AdamFactors factors)
    {
        w = factors.Shrink * w;
        if (factors.Decay != 0)
            g = MultiplyAdd(factors.Decay, w, g);
        m = Flush(factors.Lerp ? Lerp(m, g, factors.Keep1) : MultiplyAdd(g, factors.Keep1, factors.Beta1 * m));
        v = Flush(MultiplyAdd(factors.Keep2 * g, g, factors.Beta2 * v));
        float square = v;
        if (hasMax)
            square = vMax = vMax > square ? vMax : square;
        return w + -factors.StepSize * m / (MathF.Sqrt(square) / factors.RootCorrection + factors.Epsilon);
    }

    /// <summary>RMSprop, centred if there is a mean, with momentum if there is a velocity.</summary>
    public static float RmsProp(float w, float g, ref float squares, ref float mean, bool hasMean, ref float velocity, bool hasVelocity,
        in RmsPropStep step)
    {
        if (step.WeightDecay != 0)
            g = MultiplyAdd(step.WeightDecay, w, g);
        squares = Flush(MultiplyAdd(step.Keep * g, g, step.Alpha * squares));
        float variance = squares;
        if (hasMean)
        {
            mean = Flush(MultiplyAdd(g, step.Keep, step.Alpha * mean));
            variance = MultiplyAdd(-mean, mean, variance);
        }
        float root = MathF.Sqrt(variance) + step.Epsilon;
        if (!hasVelocity)
            return w + -step.LearningRate * g / root;
        velocity = step.Momentum * velocity + g / root;
        return MultiplyAdd(-step.LearningRate, velocity, w);
    }

    /// <summary>Adagrad: squares += g²; w −= lr·g / (√squares + ε), where g += decay·w first.</summary>
    public static float Adagrad(float w, float g, ref float squares, float learningRate, float weightDecay, float epsilon)
    {
        if (weightDecay != 0)
            g = MultiplyAdd(weightDecay, w, g);
        squares = MultiplyAdd(g, g, squares);
        return w + -learningRate * g / (MathF.Sqrt(squares) + epsilon);
    }

    // a + t(b − a), from the nearer end, as PyTorch's lerp.
    private static float Lerp(float a, float b, float t) => t < 0.5f ? MultiplyAdd(t, b - a, a) : MultiplyAdd(t - 1, b - a, b);

    private static float Flush(float moment) => MathF.Abs(moment) < SmallestMoment ? 0 : moment;
}
