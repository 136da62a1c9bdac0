// Softmax and the losses on top of it. A row belongs to ROW_LANES neighbouring threads; its maximum is subtracted before any exponential.

// Numbered as the Reduction enumeration.
#define NONE 0
#define MEAN 1

// Σ e^(x − max) of a row, and its max, the same in all of its threads.
FUNCTION float exponentials(GLOBAL const float* row, int isRow, int columns, float* max, LOCAL float* scratch)
{
    float largest = -INFINITE, sum = 0;
    COLUMNS_OF_LANE(c, isRow, columns)
        largest = row[c] > largest ? row[c] : largest;
    *max = largest = row_max(largest, scratch);
    COLUMNS_OF_LANE(c, isRow, columns)
        sum += exp_of(row[c] - largest);
    return row_sum(sum, scratch);
}

// y[r] = e^(x − max) / Σ e^(x − max), or its logarithm x − max − log Σ.
KERNEL void softmax(int isLog, GLOBAL const float* x, GLOBAL float* y, int rows, int columns)
{
    LOCAL float scratch[GROUP_THREADS];
    FOR_EACH_ROW(r, rows)
    {
        GLOBAL const float* row = x + r * columns;
        float largest, sum = exponentials(row, r < rows, columns, &largest, scratch);
        COLUMNS_OF_LANE(c, r < rows, columns)
            y[r * columns + c] = isLog ? row[c] - largest - log_of(sum) : exp_of(row[c] - largest) / sum;
    }
}

// dX (+)= y∘(dY − Σ dY∘y), or dY − e^y · Σ dY for the logarithm.
KERNEL void softmax_backward(int isLog, GLOBAL const float* y, GLOBAL const float* dY, GLOBAL float* dX, int rows, int columns, int accumulate)
{
    LOCAL float scratch[GROUP_THREADS];
    FOR_EACH_ROW(r, rows)
    {
        float sum = 0;
        COLUMNS_OF_LANE(c, r < rows, columns)
            sum += isLog ? dY[r * columns + c] : dY[r * columns + c] * y[r * columns + c];
        sum = row_sum(sum, scratch);
        COLUMNS_OF_LANE(c, r < rows, columns)
        {
            int i = r * columns + c;
            PUT(dX, i, isLog ? dY[i] - exp_of(y[i]) * sum : y[i] * (dY[i] - sum), accumulate);
        }
    }
}

// loss[r] = −logP[r, label], 0 for an ignored row.
KERNEL void nll_rows(GLOBAL const float* logProbabilities, GLOBAL const int* labels, GLOBAL float* loss, int rows, int columns, int ignoreIndex)
{
    FOR_EACH(r, rows)
        loss[r] = labels[r] == ignoreIndex ? 0 : -logProbabilities[r * columns + labels[r]];
}

// probabilities[r] = softmax(logits[r]);  loss[r] = log Σ + max − logits[r, label], 0 for an ignored row.
KERNEL void cross_entropy_rows(GLOBAL const float* logits, GLOBAL const int* labels, GLOBAL float* probabilities, GLOBAL float* loss, int rows,
    int columns, int ignoreIndex)
{
    LOCAL float scratch[GROUP_THREADS];
    FOR_EACH_ROW(r, rows)
    {
        GLOBAL const float* row = logits + r * columns;
        float largest, sum = exponentials(row, r < rows, columns, &largest, scratch);
        COLUMNS_OF_LANE(c, r < rows, columns)
            probabilities[r * columns + c] = exp_of(row[c] - largest) / sum;
        if (r < rows && THREAD % ROW_LANES == 0)
            loss[r] = labels[r] == ignoreIndex ? 0 : log_of(sum) + (largest - row[labels[r]]);
    }
}

// How many labels count, the same in every thread of the group.
FUNCTION float counting_rows(GLOBAL const int* labels, int rows, int ignoreIndex, LOCAL float* scratch)
{
    float counting = 0;
    for (int r = THREAD; r < rows; r += GROUP_THREADS)
        counting += labels[r] != ignoreIndex;
    return group_sum(counting, scratch);
}

// total[0] = Σ loss[r], divided by the counting rows for MEAN (0/0 = NaN if there is none). One group.
KERNEL void reduce_loss(GLOBAL const float* loss, GLOBAL const int* labels, GLOBAL float* total, int rows, int reduction, int ignoreIndex)
{
    LOCAL float scratch[GROUP_THREADS];
    float sum = 0, carry = 0;
    for (int r = THREAD; r < rows; r += GROUP_THREADS)
        ADD_CAREFULLY(sum, carry, loss[r]);
    sum = group_sum(sum, scratch);
    float counting = reduction == MEAN ? counting_rows(labels, rows, ignoreIndex, scratch) : 1.0f;
    if (THREAD == 0)
        total[0] = sum / counting;
}

// dX[r, c] (+)= (softmax − onehot(label)) · w for cross-entropy, −onehot(label) · w for the log-likelihood (useProbabilities = 0);
// w = dY[r] for NONE, dY[0] for the sum, dY[0] / counting rows for MEAN, 0 in ignored rows.
KERNEL void nll_backward(int useProbabilities, GLOBAL const float* probabilities, GLOBAL const int* labels, GLOBAL const float* dY, GLOBAL float* dX,
    int rows, int columns, int reduction, int ignoreIndex, int accumulate)
{
    LOCAL float scratch[GROUP_THREADS];
    float counting = reduction == MEAN ? counting_rows(labels, rows, ignoreIndex, scratch) : 1.0f;
    FOR_EACH(i, rows * columns)
    {
        int r = i / columns, label = labels[r];
        float error = (useProbabilities ? probabilities[i] : 0.0f) - (i - r * columns == label ? 1.0f : 0.0f);
        PUT(dX, i, label == ignoreIndex ? 0.0f : error * (dY[reduction == NONE ? r : 0] / counting), accumulate);
    }
}
