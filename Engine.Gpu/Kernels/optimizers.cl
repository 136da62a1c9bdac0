// Updates in place; formulas beside SgdStep, AdamStep and RmsPropStep in Engine/Backends/KernelArguments.cs. has… = 0: that buffer is not there.

KERNEL void sgd(GLOBAL float* w, GLOBAL const float* g, GLOBAL float* buffer, int hasBuffer, int count, float learningRate, float momentum,
    float dampening, float weightDecay, int nesterov, int firstStep)
{
    FOR_EACH(i, count)
    {
        float gradient = g[i] + weightDecay * w[i];
        if (hasBuffer)
        {
            float velocity = firstStep ? gradient : momentum * buffer[i] + (1.0f - dampening) * gradient;
            buffer[i] = velocity;
            gradient = nesterov ? gradient + momentum * velocity : velocity;
        }
        w[i] -= learningRate * gradient;
    }
}

// stepSize = lr / (1 − β₁ᵗ), rootCorrection = √(1 − β₂ᵗ), keep = 1 − β, shrink = 1 − lr·decay (AdamW): computed in double by the caller.
KERNEL void adam(GLOBAL float* w, GLOBAL const float* g, GLOBAL float* m, GLOBAL float* v, GLOBAL float* vMax, int hasMax, int count, float stepSize,
    float rootCorrection, float beta1, float keep1, float beta2, float keep2, float epsilon, float shrink, float weightDecay)
{
    FOR_EACH(i, count)
    {
        float weight = w[i] * shrink;
        float gradient = g[i] + weightDecay * weight;
        float first = beta1 * m[i] + keep1 * gradient;
        float second = beta2 * v[i] + keep2 * gradient * gradient;
        m[i] = first;
        v[i] = second;
        if (hasMax)
        {
            second = vMax[i] > second ? vMax[i] : second;
            vMax[i] = second;
        }
        w[i] = weight - stepSize * first / (SQRT(second) / rootCorrection + epsilon);
    }
}

KERNEL void rms_prop(GLOBAL float* w, GLOBAL const float* g, GLOBAL float* squareAverage, GLOBAL float* mean, int hasMean, GLOBAL float* buffer,
    int hasBuffer, int count, float learningRate, float alpha, float epsilon, float weightDecay, float momentum)
{
    FOR_EACH(i, count)
    {
        float gradient = g[i] + weightDecay * w[i];
        float square = alpha * squareAverage[i] + (1.0f - alpha) * gradient * gradient;
        squareAverage[i] = square;
        if (hasMean)
        {
            float average = alpha * mean[i] + (1.0f - alpha) * gradient;
            mean[i] = average;
            square -= average * average;
        }
        float update = gradient / (SQRT(square) + epsilon);
        if (hasBuffer)
        {
            update = momentum * buffer[i] + update;
            buffer[i] = update;
        }
        w[i] -= learningRate * update;
    }
}

KERNEL void adagrad(GLOBAL float* w, GLOBAL const float* g, GLOBAL float* sum, int count, float learningRate, float weightDecay, float epsilon)
{
    FOR_EACH(i, count)
    {
        float gradient = g[i] + weightDecay * w[i];
        float total = sum[i] + gradient * gradient;
        sum[i] = total;
        w[i] -= learningRate * gradient / (SQRT(total) + epsilon);
    }
}
