using ILGPU;
using NativeNN.Backends;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// Updates in place, a thread a parameter; the steps are the engine's own (ScalarOptimizer). has… = 0: that buffer is not there.
/// </summary>
internal static class Optimizers
{
    public static void Sgd(ArrayView<float> w, ArrayView<float> g, ArrayView<float> buffer, int hasBuffer, int count, float learningRate,
        float momentum, float keep, float weightDecay, int nesterov, int firstStep)
    {
        var step = new SgdStep(learningRate, momentum, keep, weightDecay, nesterov != 0, firstStep != 0);
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            float velocity = hasBuffer != 0 ? buffer[i] : 0f;
            w[i] = ScalarOptimizer.Sgd(w[i], g[i], ref velocity, hasBuffer != 0, step);
            if (hasBuffer != 0)
                buffer[i] = velocity;
        }
    }

    public static void Adam(ArrayView<float> w, ArrayView<float> g, ArrayView<float> m, ArrayView<float> v, ArrayView<float> vMax,
        int hasMax, int count, float beta1, float keep1, float beta2, float keep2, float shrink, float decay, float stepSize,
        float rootCorrection, float epsilon, int lerp)
    {
        var factors = new AdamFactors(beta1, keep1, beta2, keep2, shrink, decay, stepSize, rootCorrection, epsilon, lerp != 0);
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            float first = m[i], second = v[i], max = hasMax != 0 ? vMax[i] : 0f;
            w[i] = ScalarOptimizer.Adam(w[i], g[i], ref first, ref second, ref max, hasMax != 0, factors);
            m[i] = first;
            v[i] = second;
            if (hasMax != 0)
                vMax[i] = max;
        }
    }

    public static void RmsProp(ArrayView<float> w, ArrayView<float> g, ArrayView<float> squareAverage, ArrayView<float> mean, int hasMean,
        ArrayView<float> buffer, int hasBuffer, int count, float learningRate, float alpha, float keep, float epsilon,
        float weightDecay, float momentum)
    {
        var step = new RmsPropStep(learningRate, alpha, keep, epsilon, weightDecay, momentum);
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            float square = squareAverage[i], average = hasMean != 0 ? mean[i] : 0f, velocity = hasBuffer != 0 ? buffer[i] : 0f;
            w[i] = ScalarOptimizer.RmsProp(w[i], g[i], ref square, ref average, hasMean != 0, ref velocity, hasBuffer != 0, step);
            squareAverage[i] = square;
            if (hasMean != 0)
                mean[i] = average;
            if (hasBuffer != 0)
                buffer[i] = velocity;
        }
    }

    public static void Adagrad(ArrayView<float> w, ArrayView<float> g, ArrayView<float> sum, int count, float learningRate,
        float weightDecay, float epsilon)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            float squares = sum[i];
            w[i] = ScalarOptimizer.Adagrad(w[i], g[i], ref squares, learningRate, weightDecay, epsilon);
            sum[i] = squares;
        }
    }
}
