// Version 5, NVIDIA from Ampere on: version 4's tiles, multiplied by the tensor cores. They take TF32, 8 exponent and 10 mantissa bits, so each
// number is split in two, x = big + small, and a·b ≈ small·big + big·small + big·big: the dropped small·small is below 2⁻²² of the product.
// Three instructions where one would do, for about the accuracy of float32.
KERNEL void GEMM(gemm_tensorcores)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags)
{
    // Rows 136 apart: the four rows a fragment load touches start 8 banks apart, so its 32 lanes meet 32 banks.
    LOCAL float aTiles[2][STEP][136] __attribute__((aligned(16))), bTiles[2][STEP][136] __attribute__((aligned(16)));
    TENSOR_SCRATCH
    FIND_TILE(i0, j0, m, n)
    int warp = THREAD / 32, g = THREAD % 32 / 4, t = THREAD % 4;
    int y = warp / 4 * 64, x = warp % 4 * 32; // the warp's 64×32 of the tile: 4×4 blocks of 16×8

    float sums[4][4][4];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int q = 0; q < 4; q++)
                sums[i][j][q] = 0;

    float4 aNext[2], bNext[2];
    FETCH(aTiles[0], aNext, a, TRANSPOSE_A, i0, m, 0, k)
    FETCH(bTiles[0], bNext, b, !TRANSPOSE_B, j0, n, 0, k)
    ARRIVE(aTiles[0], aNext, TRANSPOSE_A)
    ARRIVE(bTiles[0], bNext, !TRANSPOSE_B)
    COPIES_DONE();
    BARRIER();
    for (int p0 = 0, current = 0; p0 < k; p0 += STEP, current ^= 1)
    {
        FETCH(aTiles[current ^ 1], aNext, a, TRANSPOSE_A, i0, m, p0 + STEP, k)
        FETCH(bTiles[current ^ 1], bNext, b, !TRANSPOSE_B, j0, n, p0 + STEP, k)
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
        ARRIVE(aTiles[current ^ 1], aNext, TRANSPOSE_A)
        ARRIVE(bTiles[current ^ 1], bNext, !TRANSPOSE_B)
        COPIES_DONE();
        BARRIER();
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
