// Version 4: 128×128 of C a group, in three levels: group 128×128, warp 64×32, thread 8×8 as 2×2 blocks of 4×4. The lanes of a warp form 8×4,
// so the 16-byte local loads of a warp touch 128 (A) and 64 (B) consecutive bytes: no bank conflict, the rest is broadcast.
// Two tiles of each matrix in local memory: while one is multiplied the next is on its way (gemm_tiles.cl). One barrier per 16 steps of p.
KERNEL void GEMM(gemm_warptiled)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags)
{
    LOCAL float aTiles[2][STEP][132] __attribute__((aligned(16))), bTiles[2][STEP][132] __attribute__((aligned(16)));
    FIND_TILE(i0, j0, m, n)
    int warp = THREAD / 32, lane = THREAD % 32;
    int y = warp / 4 * 64 + lane / 4 * 4, x = warp % 4 * 32 + lane % 4 * 4; // of the first 4×4 block; the others are 32 down, 16 right

    float sums[8][8];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++)
            sums[i][j] = 0;

    float4 aNext[2], bNext[2];
    FETCH(aTiles[0], aNext, a, TRANSPOSE_A, i0, m, 0, k)
    FETCH(bTiles[0], bNext, b, !TRANSPOSE_B, j0, n, 0, k)
    ARRIVE(aTiles[0], aNext, TRANSPOSE_A)
    ARRIVE(bTiles[0], bNext, !TRANSPOSE_B)
    COPIES_DONE();
    BARRIER();
    for (int p0 = 0, current = 0; p0 < k; p0 += STEP, current ^= 1)
    {
        // Past the end of k these fetch zeros that nobody reads.
        FETCH(aTiles[current ^ 1], aNext, a, TRANSPOSE_A, i0, m, p0 + STEP, k)
        FETCH(bTiles[current ^ 1], bNext, b, !TRANSPOSE_B, j0, n, p0 + STEP, k)
#pragma unroll UNROLL
        for (int p = 0; p < STEP; p++)
        {
            float4 a0 = *(LOCAL const float4*)&aTiles[current][p][y], a1 = *(LOCAL const float4*)&aTiles[current][p][y + 32];
            float4 b0 = *(LOCAL const float4*)&bTiles[current][p][x], b1 = *(LOCAL const float4*)&bTiles[current][p][x + 16];
            float left[8] = {a0.x, a0.y, a0.z, a0.w, a1.x, a1.y, a1.z, a1.w}, right[8] = {b0.x, b0.y, b0.z, b0.w, b1.x, b1.y, b1.z, b1.w};
#pragma unroll
            for (int i = 0; i < 8; i++)
#pragma unroll
                for (int j = 0; j < 8; j++)
                    sums[i][j] = FMA(left[i], right[j], sums[i][j]);
        }
        ARRIVE(aTiles[current ^ 1], aNext, TRANSPOSE_A)
        ARRIVE(bTiles[current ^ 1], bNext, !TRANSPOSE_B)
        COPIES_DONE();
        BARRIER();
    }
#pragma unroll
    for (int i = 0; i < 8; i++)
#pragma unroll
        for (int j = 0; j < 8; j += 4)
            store4(c, bias, flags, m, n, i0 + y + i % 4 + i / 4 * 32, j0 + x + j * 4,
                (float4)(sums[i][j], sums[i][j + 1], sums[i][j + 2], sums[i][j + 3]));
}
