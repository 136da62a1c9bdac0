namespace NativeNN.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    internal override void Sgd(Storage w, Storage g, Storage? momentumBuffer, int count, in SgdStep step)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, buffer = SpanOrEmpty(momentumBuffer);
        float none = 0;
        for (int i = 0; i < count; i++)
            wSpan[i] = ScalarOptimizer.Sgd(wSpan[i], gSpan[i], ref buffer.IsEmpty ? ref none : ref buffer[i], !buffer.IsEmpty, step);
    }

    /// <inheritdoc/>
    internal override void Adam(Storage w, Storage g, Storage m, Storage v, Storage? vMax, int count, in AdamStep step)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, mSpan = Host(m).Span, vSpan = Host(v).Span, maxima = SpanOrEmpty(vMax);
        var factors = new AdamFactors(step);
        float none = 0;
        for (int i = 0; i < count; i++)
            wSpan[i] = ScalarOptimizer.Adam(wSpan[i], gSpan[i], ref mSpan[i], ref vSpan[i], ref maxima.IsEmpty ? ref none : ref maxima[i],
                !maxima.IsEmpty, factors);
    }

    /// <inheritdoc/>
    internal override void RmsProp(Storage w, Storage g, Storage squareAverage, Storage? mean, Storage? buffer, int count,
        in RmsPropStep step)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, squares = Host(squareAverage).Span;
        Span<float> means = SpanOrEmpty(mean), velocities = SpanOrEmpty(buffer);
        float none = 0;
        for (int i = 0; i < count; i++)
            wSpan[i] = ScalarOptimizer.RmsProp(wSpan[i], gSpan[i], ref squares[i], ref means.IsEmpty ? ref none : ref means[i],
                !means.IsEmpty, ref velocities.IsEmpty ? ref none : ref velocities[i], !velocities.IsEmpty, step);
    }

    /// <inheritdoc/>
    internal override void Adagrad(Storage w, Storage g, Storage sum, int count, float learningRate, float weightDecay, float epsilon)
    {
        Span<float> wSpan = Host(w).Span, gSpan = Host(g).Span, sums = Host(sum).Span;
        for (int i = 0; i < count; i++)
            wSpan[i] = ScalarOptimizer.Adagrad(wSpan[i], gSpan[i], ref sums[i], learningRate, weightDecay, epsilon);
    }

    private static Span<float> SpanOrEmpty(Storage? storage) => storage is null ? [] : Host(storage).Span;
}
