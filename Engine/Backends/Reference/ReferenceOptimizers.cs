namespace NativeNN.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span;
        for (int i = 0; i < count; i++)
        {
            float gradient = gSpan[i] + step.WeightDecay * wSpan[i];
            if (momentumBuffer is not null)
            {
                var buffer = Host(momentumBuffer).Span;
                buffer[i] = step.FirstStep ? gradient : step.Momentum * buffer[i] + (1 - step.Dampening) * gradient;
                gradient = step.Nesterov ? gradient + step.Momentum * buffer[i] : buffer[i];
            }
            wSpan[i] -= step.LearningRate * gradient;
        }
    }

    /// <inheritdoc/>
    public override void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, mSpan = Host(m).Span, vSpan = Host(v).Span;
        float beta1 = (float)step.Beta1, beta2 = (float)step.Beta2, decay = (float)step.WeightDecay, epsilon = (float)step.Epsilon;
        float keep1 = (float)(1 - step.Beta1), keep2 = (float)(1 - step.Beta2);
        float stepSize = step.StepSize, rootCorrection = step.RootBiasCorrection2;
        float shrink = step.Decoupled ? (float)(1 - step.LearningRate * step.WeightDecay) : 1;
        for (int i = 0; i < count; i++)
        {
            wSpan[i] *= shrink;
            float gradient = step.Decoupled ? gSpan[i] : gSpan[i] + decay * wSpan[i];
            mSpan[i] = beta1 * mSpan[i] + keep1 * gradient;
            vSpan[i] = beta2 * vSpan[i] + keep2 * gradient * gradient;
            float second = vSpan[i];
            if (vMax is not null)
                second = Host(vMax).Span[i] = MathF.Max(Host(vMax).Span[i], second);
            wSpan[i] -= stepSize * mSpan[i] / (MathF.Sqrt(second) / rootCorrection + epsilon);
        }
    }

    /// <inheritdoc/>
    public override void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count, in RmsPropStep step)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, square = Host(squareAverage).Span;
        for (int i = 0; i < count; i++)
        {
            float gradient = gSpan[i] + step.WeightDecay * wSpan[i];
            square[i] = step.Alpha * square[i] + (1 - step.Alpha) * gradient * gradient;
            float variance = square[i];
            if (mean is not null)
            {
                float average = Host(mean).Span[i] = step.Alpha * Host(mean).Span[i] + (1 - step.Alpha) * gradient;
                variance -= average * average;
            }
            float update = gradient / (MathF.Sqrt(variance) + step.Epsilon);
            if (buffer is not null)
                update = Host(buffer).Span[i] = step.Momentum * Host(buffer).Span[i] + update;
            wSpan[i] -= step.LearningRate * update;
        }
    }

    /// <inheritdoc/>
    public override void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, sumSpan = Host(sum).Span;
        for (int i = 0; i < count; i++)
        {
            float gradient = gSpan[i] + weightDecay * wSpan[i];
            sumSpan[i] += gradient * gradient;
            wSpan[i] -= learningRate * gradient / (MathF.Sqrt(sumSpan[i]) + epsilon);
        }
    }
}
