// Version 2: a group computes a 16×16 tile of C and walks k in steps of 16. Its threads first copy the two 16×16 tiles they all need into
// local memory, so each global value is read once per group instead of 16 times. What limits it now: two local loads per multiply–add.
KERNEL void GEMM(gemm_tiled)(GLOBAL const float* restrict a, GLOBAL const float* restrict b, GLOBAL float* restrict c,
    GLOBAL const float* restrict bias, int m, int n, int k, int flags)
{
    LOCAL float aTile[16][17], bTile[16][17]; // aTile[i][p], bTile[p][j]; 17: a column then lies on 16 different banks
    int y = THREAD / 16, x = THREAD % 16, i0 = GROUP_Y * 16, j0 = GROUP_X * 16;
    float sum = 0;
    for (int p0 = 0; p0 < k; p0 += 16)
    {
        // x runs along the stored rows, whichever way the matrix lies.
        if (TRANSPOSE_A)
            aTile[x][y] = i0 + x < m && p0 + y < k ? a[(p0 + y) * m + i0 + x] : 0;
        else
            aTile[y][x] = i0 + y < m && p0 + x < k ? a[(i0 + y) * k + p0 + x] : 0;
        if (TRANSPOSE_B)
            bTile[x][y] = j0 + y < n && p0 + x < k ? b[(j0 + y) * k + p0 + x] : 0;
        else
            bTile[y][x] = j0 + x < n && p0 + y < k ? b[(p0 + y) * n + j0 + x] : 0;
        BARRIER();
        for (int p = 0; p < 16; p++)
            sum = FMA(aTile[y][p], bTile[p][x], sum);
        BARRIER();
    }
    if (i0 + y < m && j0 + x < n)
        store(c, bias, flags, n, i0 + y, j0 + x, sum);
}
