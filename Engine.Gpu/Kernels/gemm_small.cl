// For products with too few 64×64 tiles to fill the device, such as a layer's on one mini-batch: 16×16 of C a group, and k is shared out too.
// The group loads 16×128 of each matrix; each of its 8 slices (warps) multiplies 16 of the 128 steps, a thread 2×4 of C; at the end the eight
// partial tiles are added up, in a fixed order. The next 128 steps are already in registers while the current ones are multiplied.

#define SLICES 8
#define SPAN 128

// 16 rows of op (i or j) by 128 steps p, kept [i][p]; ALONG: the stored rows run along i. Two 4-cell pieces a thread.
#define FETCH_SMALL(four, matrix, ALONG, first, extent, p0, k) \
    for (int part = 0; part < 2; part++) \
        four[part] = ALONG ? load4(matrix, (p0) + THREAD / 4 + part * 64, (first) + THREAD % 4 * 4, k, extent) \
                           : load4(matrix, (first) + THREAD / 32 + part * 8, (p0) + THREAD % 32 * 4, extent, k);
#define ARRIVE_SMALL(tile, ALONG, four) \
    for (int part = 0; part < 2; part++) \
        if (ALONG) \
        { \
            int p = THREAD / 4 + part * 64, i = THREAD % 4 * 4; \
            tile[i][p] = four[part].x; \
            tile[i + 1][p] = four[part].y; \
            tile[i + 2][p] = four[part].z; \
            tile[i + 3][p] = four[part].w; \
        } \
        else \
            *(LOCAL float4*)&tile[THREAD / 32 + part * 8][THREAD % 32 * 4] = four[part];

KERNEL void GEMM(gemm_small)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags)
{
    // 132: the rows that a warp's 16-byte loads touch start on different banks.
    LOCAL float aTile[16][SPAN + 4] __attribute__((aligned(16))), bTile[16][SPAN + 4] __attribute__((aligned(16))), partial[SLICES][16][16];
    int slice = THREAD / 32, lane = THREAD % 32, y = lane / 4, x = lane % 4; // rows y, y+8; columns x, x+4, x+8, x+12
    int i0 = GROUP_Y * 16, j0 = GROUP_X * 16;
    float sums[2][4];
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++)
            sums[i][j] = 0;
    float4 aNext[2], bNext[2];
    FETCH_SMALL(aNext, a, TRANSPOSE_A, i0, m, 0, k)
    FETCH_SMALL(bNext, b, !TRANSPOSE_B, j0, n, 0, k)
    for (int p0 = 0; p0 < k; p0 += SPAN)
    {
        BARRIER(); // the last round's readers are through
        ARRIVE_SMALL(aTile, TRANSPOSE_A, aNext)
        ARRIVE_SMALL(bTile, !TRANSPOSE_B, bNext)
        BARRIER();
        FETCH_SMALL(aNext, a, TRANSPOSE_A, i0, m, p0 + SPAN, k)
        FETCH_SMALL(bNext, b, !TRANSPOSE_B, j0, n, p0 + SPAN, k)
#pragma unroll
        for (int step = 0; step < SPAN / SLICES; step += 4)
        {
            int p = slice * (SPAN / SLICES) + step;
            float4 left[2], right[4];
#pragma unroll
            for (int i = 0; i < 2; i++)
                left[i] = *(LOCAL const float4*)&aTile[y + i * 8][p];
#pragma unroll
            for (int j = 0; j < 4; j++)
                right[j] = *(LOCAL const float4*)&bTile[x + j * 4][p];
#pragma unroll
            for (int i = 0; i < 2; i++)
#pragma unroll
                for (int j = 0; j < 4; j++)
                {
                    sums[i][j] = FMA(left[i].x, right[j].x, sums[i][j]);
                    sums[i][j] = FMA(left[i].y, right[j].y, sums[i][j]);
                    sums[i][j] = FMA(left[i].z, right[j].z, sums[i][j]);
                    sums[i][j] = FMA(left[i].w, right[j].w, sums[i][j]);
                }
        }
    }
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 4; j++)
            partial[slice][y + i * 8][x + j * 4] = sums[i][j];
    BARRIER();
    int row = THREAD / 16, column = THREAD % 16;
    float sum = 0;
    for (int q = 0; q < SLICES; q++)
        sum += partial[q][row][column];
    if (i0 + row < m && j0 + column < n)
        store(c, bias, flags, n, i0 + row, j0 + column, sum);
}
#undef FETCH_SMALL
#undef ARRIVE_SMALL
