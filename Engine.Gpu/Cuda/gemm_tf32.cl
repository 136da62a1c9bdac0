// What version 5 needs of the tensor cores, for the lanes of one warp. Without them the same is worked out through local memory, slowly: that is
// how the tests check version 5's arithmetic and layout on any OpenCL device.

#if ASYNC_COPY
#define TENSOR_SCRATCH
#define UNROLLED _Pragma("unroll")

FUNCTION uint to_tf32(float x)
{
    uint bits;
    __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
}

// sum[16×8] += a[16×8]·b[8×8], spread over the lanes of a warp: with g = lane/4, t = lane%4,
// a = (g, t), (g+8, t), (g, t+4), (g+8, t+4);  b = (t, g), (t+4, g);  sum = (g, 2t), (g, 2t+1), (g+8, 2t), (g+8, 2t+1).
#define MULTIPLY_ADD(sum, a, b) \
    __asm__ volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
#else
#define UNROLLED _Pragma("nounroll") // a compiler for CPUs would take a minute over it
#define TENSOR_SCRATCH LOCAL float fragments[GROUP_THREADS / 32][6][32];

// To the nearest number with 10 mantissa bits, ties away from zero.
FUNCTION uint to_tf32(float x)
{
    return ((uint)BITS(x) + 0x1000u) & ~0x1fffu;
}

#define MULTIPLY_ADD(sum, a, b) \
    { \
        BARRIER(); \
        for (int q = 0; q < 4; q++) \
            fragments[warp][q][THREAD % 32] = FLOAT(a[q]); \
        for (int q = 0; q < 2; q++) \
            fragments[warp][4 + q][THREAD % 32] = FLOAT(b[q]); \
        BARRIER(); \
        for (int q = 0; q < 4; q++) \
            for (int p = 0; p < 8; p++) \
                sum[q] += fragments[warp][p / 4 * 2 + q / 2][g * 4 + p % 4] * fragments[warp][4 + p / 4][(2 * t + q % 2) * 4 + p % 4]; \
    }
#endif

#define SPLIT(x, big, small) \
    { \
        float whole = (x); \
        big = to_tf32(whole); \
        small = to_tf32(whole - FLOAT(big)); \
    }
