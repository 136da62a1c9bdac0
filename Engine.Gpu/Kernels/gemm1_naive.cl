// Version 1: one thread, one element of C, 2k loads from global memory for k multiply–adds. Neighbouring threads have neighbouring j, so the
// loads of B and the stores of C are coalesced: a warp reads one run of memory.
KERNEL void GEMM(gemm_naive)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags)
{
    int i = GROUP_Y * (GROUP_THREADS / 16) + THREAD / 16, j = GROUP_X * 16 + THREAD % 16;
    if (i >= m || j >= n)
        return;
    float sum = 0;
    for (int p = 0; p < k; p++)
        sum = FMA(TRANSPOSE_A ? a[p * m + i] : a[i * k + p], TRANSPOSE_B ? b[j * k + p] : b[p * n + j], sum);
    store(c, bias, flags, n, i, j, sum);
}
