// For OpenCL devices that are CPUs: no barrier, no local memory (both are emulated there); one work-item computes 8×16 of C with 16-wide vectors.
// B comes packed: [k, width], width a multiple of 16, zeros beyond n.

#define ROWS 8

KERNEL void GEMM(gemm_cpu)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags, int width)
{
    int i0 = GROUP_Y * ROWS, j0 = GROUP_X * 16;
    GLOBAL const float* at[ROWS]; // rows beyond m repeat the last one and are not stored
    for (int i = 0; i < ROWS; i++)
    {
        int row = i0 + i < m ? i0 + i : m - 1;
        at[i] = a + (TRANSPOSE_A ? row : row * k);
    }
    float16 sums[ROWS];
    for (int i = 0; i < ROWS; i++)
        sums[i] = (float16)(0.0f);
    for (int p = 0; p < k; p++)
    {
        float16 right = vload16(0, b + p * width + j0);
#pragma unroll
        for (int i = 0; i < ROWS; i++)
            sums[i] = fma((float16)(at[i][TRANSPOSE_A ? p * m : p]), right, sums[i]);
    }
    for (int i = 0; i < ROWS; i++)
    {
        float sum[16];
        vstore16(sums[i], 0, sum);
        for (int j = 0; j < 16; j++)
            if (i0 + i < m && j0 + j < n)
                store(c, bias, flags, n, i0 + i, j0 + j, sum[j]);
    }
}

#if !TRANSPOSE_A && !TRANSPOSE_B
// packed[p, j] = op(B)[p, j], zeros from n to width.
KERNEL void pack_b(GLOBAL const float* b, GLOBAL float* packed, int n, int k, int width, int transposed)
{
    FOR_EACH(i, k * width)
    {
        int p = i / width, j = i - p * width;
        packed[i] = j >= n ? 0 : transposed ? b[j * k + p] : b[p * n + j];
    }
}
#endif
#undef ROWS
