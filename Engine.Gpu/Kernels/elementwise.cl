// One value in, one value out. The kind of function is an argument: the branch is the same for every thread, and memory is what limits these.

// Numbered as the Activation enumeration.
#define RELU 0
#define LEAKY_RELU 1
#define SIGMOID 2
#define TANH 3
#define ELU 4
#define GELU 5
#define SOFTPLUS 6
#define EXP 7
#define ABSOLUTE 8
#define SQUARE 9
#define SQUARE_ROOT 10

FUNCTION float activation(int kind, float x, float alpha)
{
    switch (kind)
    {
        case RELU: return x < 0 ? 0 : x;
        case LEAKY_RELU: return x > 0 ? x : alpha * x;
        case SIGMOID: return sigmoid_of(x);
        case TANH: return tanh_of(x);
        case ELU: return x > 0 ? x : alpha * exp_minus_one(x);
        case GELU: return x * normal_cdf(x);
        case SOFTPLUS: return x > 20.0f ? x : log_one_plus(exp_of(x));
        case EXP: return exp_of(x);
        case ABSOLUTE: return ABS(x);
        case SQUARE: return x * x;
        default: return SQRT(x);
    }
}

// f'(x), from x or from y = f(x), whichever is cheaper.
FUNCTION float slope(int kind, float x, float y, float alpha)
{
    switch (kind)
    {
        case LEAKY_RELU: return x > 0 ? 1 : alpha;
        case SIGMOID: return y * (1.0f - y);
        case TANH: return 1.0f - y * y;
        case ELU: return x > 0 ? 1 : y + alpha;
        case GELU: return normal_cdf(x) + x * normal_density(x);
        case SOFTPLUS: return x > 20.0f ? 1 : sigmoid_of(x);
        case EXP: return y;
        case ABSOLUTE: return x > 0 ? 1 : x < 0 ? -1 : x; // 0 at 0, NaN stays NaN
        case SQUARE: return 2.0f * x;
        default: return 0.5f / y;
    }
}

// ReLU passes 0 where y <= 0, whatever dY, else dY, also where y is NaN.
FUNCTION float gradient(int kind, float x, float y, float dY, float alpha)
{
    return kind != RELU ? dY * slope(kind, x, y, alpha) : y <= 0 ? 0 : dY;
}

KERNEL void activate(int kind, GLOBAL const float* x, GLOBAL float* y, int count, float alpha)
{
    FOR_EACH(i, count)
        y[i] = activation(kind, x[i], alpha);
}

KERNEL void activate_backward(int kind, GLOBAL const float* x, GLOBAL const float* y, GLOBAL const float* dY, GLOBAL float* dX, int count,
    float alpha, int accumulate)
{
    FOR_EACH(i, count)
        PUT(dX, i, gradient(kind, x[i], y[i], dY[i], alpha), accumulate);
}

// Numbered as the BinaryOp enumeration: + − × ÷. A stride of 0 repeats the operand along that direction.
KERNEL void binary(int op, GLOBAL const float* a, int aRow, int aColumn, GLOBAL const float* b, int bRow, int bColumn, GLOBAL float* y,
    int count, int columns, int accumulate)
{
    FOR_EACH(i, count)
    {
        int r = i / columns, c = i - r * columns;
        float left = a[r * aRow + c * aColumn], right = b[r * bRow + c * bColumn];
        float value = op == 0 ? left + right : op == 1 ? left - right : op == 2 ? left * right : left / right;
        PUT(y, i, value, accumulate);
    }
}

KERNEL void scale(GLOBAL const float* x, int xRow, int xColumn, float factor, GLOBAL float* y, int count, int columns, int accumulate)
{
    FOR_EACH(i, count)
    {
        int r = i / columns, c = i - r * columns;
        PUT(y, i, factor * x[r * xRow + c * xColumn], accumulate);
    }
}

KERNEL void fill(GLOBAL float* y, float value, int count)
{
    FOR_EACH(i, count)
        y[i] = value;
}

// Cells are copied as integers: a float copy may quieten a NaN that is really a label.
KERNEL void copy_cells(GLOBAL const int* x, int xOffset, GLOBAL int* y, int yOffset, int count)
{
    FOR_EACH(i, count)
        y[yOffset + i] = x[xOffset + i];
}

// target[r] = source[order[start + r]].
KERNEL void gather_rows(GLOBAL const int* source, GLOBAL const int* order, int start, GLOBAL int* target, int count, int rowLength)
{
    FOR_EACH(i, count)
    {
        int r = i / rowLength;
        target[i] = source[order[start + r] * rowLength + i - r * rowLength];
    }
}

// target[r, c] = table[b], b being byte c of row order[start + r] of source.
KERNEL void gather_bytes(GLOBAL const uchar* source, GLOBAL const float* table, GLOBAL const int* order, int start, GLOBAL float* target, int count,
    int rowLength)
{
    FOR_EACH(i, count)
    {
        int r = i / rowLength;
        target[i] = table[source[order[start + r] * rowLength + i - r * rowLength]];
    }
}

// Through a local tile, so that reads and writes both run along rows. 32×32 cells by 32×8 threads; the 33rd column keeps a column of the
// tile on different memory banks.
KERNEL void transpose(GLOBAL const float* x, GLOBAL float* y, int rows, int columns)
{
    LOCAL float tile[32][33];
    int across = THREAD % 32, firstRow = GROUP_Y * 32, firstColumn = GROUP_X * 32;
    for (int down = THREAD / 32; down < 32; down += GROUP_THREADS / 32)
        if (firstRow + down < rows && firstColumn + across < columns)
            tile[down][across] = x[(firstRow + down) * columns + firstColumn + across];
    BARRIER();
    for (int down = THREAD / 32; down < 32; down += GROUP_THREADS / 32)
        if (firstColumn + down < columns && firstRow + across < rows)
            y[(firstColumn + down) * rows + firstRow + across] = tile[across][down];
}
