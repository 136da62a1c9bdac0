using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// Version 2: a group computes a 16×16 tile of C and walks k in steps of 16. Its threads first copy the two 16×16 tiles they all need into
/// shared memory, so each global value is read once per group instead of 16 times. What limits it now: two shared loads per multiply–add.
/// </summary>
internal static class Gemm2Tiled
{
    public const int Tile = 16;
    private const int Row = Tile + 1; // a column then lies on 16 different banks

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
        int flags)
        where TLayout : struct, ILayout
    {
        var aTile = SharedMemory.Allocate<float>(Tile * Row); // [i][p]
        var bTile = SharedMemory.Allocate<float>(Tile * Row); // [p][j]
        int y = Group.IdxX / Tile, x = Group.IdxX % Tile, i0 = Grid.IdxY * Tile, j0 = Grid.IdxX * Tile;
        float sum = 0;
        for (int p0 = 0; p0 < k; p0 += Tile)
        {
            // x runs along the stored rows, whichever way the matrix lies.
            if (TLayout.TransposeA)
                aTile[x * Row + y] = i0 + x < m && p0 + y < k ? a[(p0 + y) * m + i0 + x] : 0f;
            else
                aTile[y * Row + x] = i0 + y < m && p0 + x < k ? a[(i0 + y) * k + p0 + x] : 0f;
            if (TLayout.TransposeB)
                bTile[x * Row + y] = j0 + y < n && p0 + x < k ? b[(j0 + y) * k + p0 + x] : 0f;
            else
                bTile[y * Row + x] = j0 + x < n && p0 + y < k ? b[(p0 + y) * n + j0 + x] : 0f;
            ThreadGrid.Barrier();
            for (int p = 0; p < Tile; p++)
                sum += aTile[y * Row + p] * bTile[p * Row + x];
            ThreadGrid.Barrier();
        }
        if (i0 + y < m && j0 + x < n)
            Gemm.Store(c, bias, flags, n, i0 + y, j0 + x, sum);
    }
}
