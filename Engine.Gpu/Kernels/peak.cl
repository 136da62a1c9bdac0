// Multiply–adds that never leave the registers: the most a device can do, where its driver does not say. Each chain waits for itself only, so there
// are as many of them as hide a multiply–add's latency: on a CPU 12 of 16 lanes, on a GPU 8 of 4 (and many threads).

#if ROW_LANES == 1
#define CHAINS 12
#define WIDE float16
#define WIDE_STORE vstore16
#else
#define CHAINS 8
#define WIDE float4
#define WIDE_STORE vstore4
#endif

KERNEL void multiply_adds(GLOBAL float* y, int rounds, float a, float b)
{
    WIDE x[CHAINS], sum = (WIDE)(0.0f);
    for (int i = 0; i < CHAINS; i++)
        x[i] = (WIDE)(THREAD + i);
    for (int round = 0; round < rounds; round++)
#pragma unroll
        for (int i = 0; i < CHAINS; i++)
            x[i] = fma(x[i], (WIDE)(a), (WIDE)(b));
    for (int i = 0; i < CHAINS; i++)
        sum += x[i];
    WIDE_STORE(sum, GROUP_X * GROUP_THREADS + THREAD, y);
}
