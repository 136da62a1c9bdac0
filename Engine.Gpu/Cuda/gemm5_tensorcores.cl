// Version 5, NVIDIA from Ampere on: version 4's tiles, multiplied by the tensor cores, and filled by copies that pass the registers by
// (cp.async); ILGPU can express neither. Tensor cores take TF32, 8 exponent and 10 mantissa bits, so each number is split in two,
// x = big + small, and a·b ≈ small·big + big·small + big·big: the dropped small·small is below 2⁻²² of the product. Three instructions
// where one would do, for about the accuracy of float32. What limits it now: that factor of three, and the shared loads and splits between the tensor cores'
// instructions.
//
// C = op(A)·op(B) (+ bias) (+ C) (ReLU), as in Kernels/Gemm.cs. build-ptx.sh compiles this text four times, once for each pair of
// transposes, with these set: TRANSPOSE_A (A is stored [k, m]), TRANSPOSE_B (B is stored [n, k]) and GEMM, the kernel's name. It is OpenCL
// C because clang compiles that to PTX.

#ifndef TILE
#define TILE 128
#define STEP 16
#define ROW 136 // rows 136 apart: the four rows a fragment load touches start 8 banks apart, so its 32 lanes meet 32 banks
#define THREAD ((int)__nvvm_read_ptx_sreg_tid_x())
#define GROUP ((int)__nvvm_read_ptx_sreg_ctaid_x())
#define UNROLLED _Pragma("unroll")

// Bits of the flags argument: Kernels/Gemm.cs.
#define ACCUMULATE 1
#define BIAS 2
#define CLAMP_AT_ZERO 4

typedef unsigned long unsigned64; // 64 bits in OpenCL C, whatever the host

// bias, ReLU, then C.
static inline __attribute__((always_inline)) void store(__global float* c, __global const float* bias, int flags, int n, int i, int j,
    float sum)
{
    if (flags & BIAS)
        sum += bias[j];
    if (flags & CLAMP_AT_ZERO)
        sum = sum < 0 ? 0 : sum;
    c[i * n + j] = flags & ACCUMULATE ? c[i * n + j] + sum : sum;
}

// To the nearest number with 10 mantissa bits.
static inline __attribute__((always_inline)) uint to_tf32(float x)
{
    uint bits;
    __asm__("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
}

#define SPLIT(x, big, small) \
    { \
        float whole = (x); \
        big = to_tf32(whole); \
        small = to_tf32(whole - __builtin_astype(big, float)); \
    }

// sum[16×8] += a[16×8]·b[8×8], spread over the lanes of a warp: with g = lane/4, t = lane%4,
// a = (g, t), (g+8, t), (g, t+4), (g+8, t+4);  b = (t, g), (t+4, g);  sum = (g, 2t), (g, 2t+1), (g+8, 2t), (g+8, 2t+1).
#define MULTIPLY_ADD(sum, a, b) \
    __asm__ volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};" \
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))

// Global to shared memory, 16 bytes or 4; zeros beyond `bytes` (the copy reads only that many).
#define COPY16(tile, x, bytes) \
    __asm__ volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" \
        :: "r"((uint)(__SIZE_TYPE__)(tile)), "l"((unsigned64)(x)), "r"(bytes) : "memory")
#define COPY4(tile, x, bytes) \
    __asm__ volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" \
        :: "r"((uint)(__SIZE_TYPE__)(tile)), "l"((unsigned64)(x)), "r"(bytes) : "memory")
#define COPIES_DONE() __asm__ volatile("cp.async.wait_all;" ::: "memory")

// Starts to fill the tile [p][i] of a stored matrix. ALONG: stored rows run along i, 16 bytes a copy if they are aligned; else 4 bytes a
// copy, turning it.
#define FETCH(tile, matrix, ALONG, first, extent, p0, k) \
    if (ALONG && (extent) % 4 == 0) \
        for (int part = 0; part < 2; part++) \
        { \
            int p = THREAD / 32 + part * 8, i = THREAD % 32 * 4; \
            int inside = (p0) + p < (k) && (first) + i < (extent); \
            COPY16(&tile[p][i], inside ? matrix + ((p0) + p) * (extent) + (first) + i : matrix, inside ? 16 : 0); \
        } \
    else \
        for (int part = 0; part < 8; part++) \
        { \
            int p = ALONG ? THREAD / 128 + part * 2 : THREAD % 16, i = ALONG ? THREAD % 128 : THREAD / 16 + part * 16; \
            int inside = (p0) + p < (k) && (first) + i < (extent); \
            int at = ALONG ? ((p0) + p) * (extent) + (first) + i : ((first) + i) * (k) + (p0) + p; \
            COPY4(&tile[p][i], inside ? matrix + at : matrix, inside ? 4 : 0); \
        }
#endif

__kernel void GEMM(__global const float* restrict a, __global const float* restrict b, __global float* restrict c,
    __global const float* restrict bias, int m, int n, int k, int flags)
{
    __local float aTiles[2][STEP][ROW] __attribute__((aligned(16))), bTiles[2][STEP][ROW] __attribute__((aligned(16)));

    // Groups are numbered in bands of 8 rows of tiles, so that those running at one time share their tiles of A and B in the L2 cache.
    int tileRows = (m + TILE - 1) / TILE, tileColumns = (n + TILE - 1) / TILE;
    int band = GROUP / (8 * tileColumns), inBand = GROUP - band * 8 * tileColumns;
    int bandRows = tileRows - band * 8 < 8 ? tileRows - band * 8 : 8;
    int i0 = (band * 8 + inBand % bandRows) * TILE, j0 = inBand / bandRows * TILE;
    int warp = THREAD / 32, g = THREAD % 32 / 4, t = THREAD % 4;
    int y = warp / 4 * 64, x = warp % 4 * 32; // the warp's 64×32 of the tile: 4×4 blocks of 16×8

    float sums[4][4][4];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int q = 0; q < 4; q++)
                sums[i][j][q] = 0;

    FETCH(aTiles[0], a, TRANSPOSE_A, i0, m, 0, k)
    FETCH(bTiles[0], b, !TRANSPOSE_B, j0, n, 0, k)
    COPIES_DONE();
    __syncthreads();
    for (int p0 = 0, current = 0; p0 < k; p0 += STEP, current ^= 1)
    {
        // Past the end of k these fetch zeros that nobody reads.
        FETCH(aTiles[current ^ 1], a, TRANSPOSE_A, i0, m, p0 + STEP, k)
        FETCH(bTiles[current ^ 1], b, !TRANSPOSE_B, j0, n, p0 + STEP, k)
        UNROLLED
        for (int p = 0; p < STEP; p += 8)
        {
            uint aBig[4][4], aSmall[4][4], bBig[4][2], bSmall[4][2];
            UNROLLED
            for (int i = 0; i < 4; i++)
                UNROLLED
                for (int q = 0; q < 4; q++)
                    SPLIT(aTiles[current][p + t + q / 2 * 4][y + i * 16 + g + q % 2 * 8], aBig[i][q], aSmall[i][q])
            UNROLLED
            for (int j = 0; j < 4; j++)
                UNROLLED
                for (int q = 0; q < 2; q++)
                    SPLIT(bTiles[current][p + t + q * 4][x + j * 8 + g], bBig[j][q], bSmall[j][q])
            UNROLLED
            for (int i = 0; i < 4; i++)
                UNROLLED
                for (int j = 0; j < 4; j++)
                {
                    // The small terms first: they would be lost below a large sum's last bit more easily than the large ones.
                    MULTIPLY_ADD(sums[i][j], aSmall[i], bBig[j]);
                    MULTIPLY_ADD(sums[i][j], aBig[i], bSmall[j]);
                    MULTIPLY_ADD(sums[i][j], aBig[i], bBig[j]);
                }
        }
        COPIES_DONE();
        __syncthreads();
    }
    UNROLLED
    for (int i = 0; i < 4; i++)
        UNROLLED
        for (int j = 0; j < 4; j++)
            UNROLLED
            for (int q = 0; q < 4; q++)
            {
                int row = i0 + y + i * 16 + g + q / 2 * 8, column = j0 + x + j * 8 + t * 2 + q % 2;
                if (row < m && column < n)
                    store(c, bias, flags, n, row, column, sums[i][j][q]);
            }
}
