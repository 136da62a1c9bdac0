// C = op(A)·op(B) (+ bias) (+ C) (ReLU): what every version below shares. Row-major throughout; op(A): [m, k], op(B): [k, n], C: [m, n].
// Each version's file is compiled four times, once for each pair of transposes, with these set: TRANSPOSE_A (A is stored [k, m]),
// TRANSPOSE_B (B is stored [n, k]) and GEMM(name), which gives the kernel its own name: gemm_tiled_nn, _nt, _tn, _tt.

// Bits of the flags argument. Their branches are the same for all threads.
#define ACCUMULATE 1
#define BIAS 2
#define CLAMP_AT_ZERO 4

// The last step of every version: bias, ReLU, then C.
FUNCTION void store(GLOBAL float* c, GLOBAL const float* bias, int flags, int n, int i, int j, float sum)
{
    if (flags & BIAS)
        sum += bias[j];
    if (flags & CLAMP_AT_ZERO)
        sum = sum < 0 ? 0 : sum;
    c[i * n + j] = flags & ACCUMULATE ? c[i * n + j] + sum : sum;
}

// x[row, column .. column+3] of a matrix [rows, columns], zeros outside: one 16-byte load where the row length keeps rows aligned.
FUNCTION float4 load4(GLOBAL const float* x, int row, int column, int rows, int columns)
{
    if (row >= rows || column >= columns)
        return (float4)(0.0f);
    GLOBAL const float* at = x + row * columns + column;
    if (columns % 4 == 0)
        return *(GLOBAL const float4*)at;
    return (float4)(at[0], column + 1 < columns ? at[1] : 0.0f, column + 2 < columns ? at[2] : 0.0f, column + 3 < columns ? at[3] : 0.0f);
}

// The same for four neighbouring columns, any of which may lie outside.
FUNCTION void store4(GLOBAL float* c, GLOBAL const float* bias, int flags, int m, int n, int i, int j, float4 sum)
{
    if (i >= m || j >= n)
        return;
    if (n % 4 == 0)
    {
        GLOBAL float4* at = (GLOBAL float4*)(c + i * n + j);
        if (flags & BIAS)
            sum += *(GLOBAL const float4*)(bias + j);
        if (flags & CLAMP_AT_ZERO)
            sum = (float4)(sum.x < 0 ? 0 : sum.x, sum.y < 0 ? 0 : sum.y, sum.z < 0 ? 0 : sum.z, sum.w < 0 ? 0 : sum.w);
        *at = flags & ACCUMULATE ? *at + sum : sum;
        return;
    }
    float sums[4] = {sum.x, sum.y, sum.z, sum.w};
#pragma unroll
    for (int q = 0; q < 4; q++)
        if (j + q < n)
            store(c, bias, flags, n, i, j + q, sums[q]);
}
