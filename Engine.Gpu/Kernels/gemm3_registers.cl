// Version 3: a group computes 64×64 of C, each of its 256 threads 4×4 of that in registers. Per step of p a thread makes two 16-byte local loads
// for 16 multiply–adds, an eighth of version 2's traffic; global memory is read 16 bytes at a time too (load4).

// A tile of a stored matrix [rows, columns], turned so that the tile lies [p][i]. ALONG: the stored rows run along i (else along p).
#define LOAD_TILE_3(tile, matrix, ALONG, first, extent, p0, k) \
    if (ALONG) \
    { \
        int p = THREAD / 16, i = THREAD % 16 * 4; \
        *(LOCAL float4*)&tile[p][i] = load4(matrix, (p0) + p, (first) + i, k, extent); \
    } \
    else \
    { \
        int i = THREAD / 4, p = THREAD % 4 * 4; \
        float4 four = load4(matrix, (first) + i, (p0) + p, extent, k); \
        tile[p][i] = four.x; \
        tile[p + 1][i] = four.y; \
        tile[p + 2][i] = four.z; \
        tile[p + 3][i] = four.w; \
    }

KERNEL void GEMM(gemm_registers)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags)
{
    LOCAL float aTile[16][68] __attribute__((aligned(16))), bTile[16][68] __attribute__((aligned(16))); // 68: rows start on different banks
    int y = THREAD / 16 * 4, x = THREAD % 16 * 4, i0 = GROUP_Y * 64, j0 = GROUP_X * 64;
    float4 sum0 = (float4)(0.0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    for (int p0 = 0; p0 < k; p0 += 16)
    {
        LOAD_TILE_3(aTile, a, TRANSPOSE_A, i0, m, p0, k)
        LOAD_TILE_3(bTile, b, !TRANSPOSE_B, j0, n, p0, k)
        BARRIER();
        for (int p = 0; p < 16; p++)
        {
            float4 left = *(LOCAL const float4*)&aTile[p][y], right = *(LOCAL const float4*)&bTile[p][x];
            sum0 += left.x * right;
            sum1 += left.y * right;
            sum2 += left.z * right;
            sum3 += left.w * right;
        }
        BARRIER();
    }
    store4(c, bias, flags, m, n, i0 + y, j0 + x, sum0);
    store4(c, bias, flags, m, n, i0 + y + 1, j0 + x, sum1);
    store4(c, bias, flags, m, n, i0 + y + 2, j0 + x, sum2);
    store4(c, bias, flags, m, n, i0 + y + 3, j0 + x, sum3);
}
#undef LOAD_TILE_3
