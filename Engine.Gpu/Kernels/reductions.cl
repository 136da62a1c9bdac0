// y[c] (+)= factor · Σ over rows x[r, c]. A group takes 32 columns and every GROUPS_Y-th slice of the rows; y holds one row of partial sums
// per slice, and a second launch with those as x finishes the job. A launch of one slice needs no second.
KERNEL void sum_rows(GLOBAL const float* x, GLOBAL float* y, int rows, int columns, float factor, int accumulate)
{
    LOCAL float scratch[GROUP_THREADS];
    int c = GROUP_X * 32 + THREAD % 32;
    float sum = 0, carry = 0;
    if (c < columns)
        for (int r = GROUP_Y * (GROUP_THREADS / 32) + THREAD / 32; r < rows; r += GROUPS_Y * (GROUP_THREADS / 32))
            ADD_CAREFULLY(sum, carry, x[r * columns + c]);
    scratch[THREAD] = sum;
    BARRIER();
    for (int distance = GROUP_THREADS / 2; distance >= 32; distance /= 2)
    {
        if (THREAD < distance)
            scratch[THREAD] += scratch[THREAD + distance];
        BARRIER();
    }
    if (THREAD < 32 && c < columns)
        PUT(y, GROUP_Y * columns + c, factor * scratch[THREAD], accumulate);
}

// y[r] (+)= factor · Σ over columns x[r, c].
KERNEL void sum_columns(GLOBAL const float* x, GLOBAL float* y, int rows, int columns, float factor, int accumulate)
{
    LOCAL float scratch[GROUP_THREADS];
    FOR_EACH_ROW(r, rows)
    {
        float sum = 0, carry = 0;
        COLUMNS_OF_LANE(c, r < rows, columns)
            ADD_CAREFULLY(sum, carry, x[r * columns + c]);
        sum = row_sum(sum, scratch);
        if (r < rows && THREAD % ROW_LANES == 0)
            PUT(y, r, factor * sum, accumulate);
    }
}

// y[group] (+)= factor · the group's share of Σ x. One group gives the sum; many give partial sums for a second launch.
KERNEL void sum_all(GLOBAL const float* x, GLOBAL float* y, int count, float factor, int accumulate)
{
    LOCAL float scratch[GROUP_THREADS];
    float sum = 0, carry = 0;
    FOR_EACH(i, count)
        ADD_CAREFULLY(sum, carry, x[i]);
    sum = group_sum(sum, scratch);
    if (THREAD == 0)
        PUT(y, GROUP_X, factor * sum, accumulate);
}

// The first of the largest; a NaN beats everything and the first NaN stays, as in torch.argmax.
FUNCTION int arg_max_of(GLOBAL const float* row, int columns)
{
    int best = 0;
    float largest = row[0];
    for (int c = 1; c < columns && largest == largest; c++)
    {
        float value = row[c];
        if (value > largest || value != value)
        {
            best = c;
            largest = value;
        }
    }
    return best;
}

// Rows are as short as there are classes, so one thread walks each.
KERNEL void arg_max(GLOBAL const float* x, GLOBAL int* y, int rows, int columns)
{
    FOR_EACH(r, rows)
        y[r] = arg_max_of(x + r * columns, columns);
}

// counts[index] = rows r with argmax(logits[r]) = labels[r]. One group does it all: no second launch, no atomics.
KERNEL void count_correct(GLOBAL const float* logits, GLOBAL const int* labels, int rows, int columns, GLOBAL int* counts, int index)
{
    LOCAL int scratch[GROUP_THREADS];
    int correct = 0;
    for (int r = THREAD; r < rows; r += GROUP_THREADS)
        correct += arg_max_of(logits + r * columns, columns) == labels[r];
    scratch[THREAD] = correct;
    BARRIER();
    for (int distance = GROUP_THREADS / 2; distance > 0; distance /= 2)
    {
        if (THREAD < distance)
            scratch[THREAD] += scratch[THREAD + distance];
        BARRIER();
    }
    if (THREAD == 0)
        counts[index] = scratch[0];
}
