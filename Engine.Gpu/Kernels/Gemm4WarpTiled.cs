using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// Version 4: 128×128 of C a group, in three levels: group 128×128, warp 64×32, thread 8×8 as 2×2 blocks of 4×4. The lanes of a warp form
/// 8×4, so its 16-byte shared loads touch 128 (A) and 64 (B) consecutive bytes: no bank conflict, the rest is broadcast. Four such loads
/// feed 64 multiply–adds. Of each matrix two tiles lie in shared memory: while one is multiplied, the next is on its way in registers. One
/// barrier per 16 steps of p. What limits it now: the float units themselves; version 5 leaves them for the tensor cores.
/// </summary>
internal static class Gemm4WarpTiled
{
    public const int Tile = 128;

    /// <summary>Shared memory of a group in bytes: two tiles of each matrix.</summary>
    public const int SharedBytes = 4 * Step * Row * sizeof(float);

    private const int Step = 16, Row = Tile + 4, Row4 = Row / 4, Tile4 = Step * Row4;

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
        int flags)
        where TLayout : struct, ILayout
    {
        var aTiles = SharedMemory.Allocate<Float4>(2 * Tile4); // [2][p][i]
        var bTiles = SharedMemory.Allocate<Float4>(2 * Tile4); // [2][p][j]
        var (i0, j0) = FindTile(m, n);
        int warp = Group.IdxX / 32, lane = Group.IdxX % 32;
        int y = warp / 4 * 16 + lane / 4, x = warp % 4 * 8 + lane % 4; // of the first 4×4 block, in fours; the others are 32 down, 16 right

        // sum01: row 0 of the thread's 8, right half. Named, as an array would lie in memory.
        Float4 sum00 = default, sum01 = default;
        Float4 sum10 = default, sum11 = default;
        Float4 sum20 = default, sum21 = default;
        Float4 sum30 = default, sum31 = default;
        Float4 sum40 = default, sum41 = default;
        Float4 sum50 = default, sum51 = default;
        Float4 sum60 = default, sum61 = default;
        Float4 sum70 = default, sum71 = default;

        Fetch(a, TLayout.TransposeA, i0, m, 0, k, out var aNext0, out var aNext1);
        Fetch(b, !TLayout.TransposeB, j0, n, 0, k, out var bNext0, out var bNext1);
        Arrive(aTiles, 0, TLayout.TransposeA, aNext0, aNext1);
        Arrive(bTiles, 0, !TLayout.TransposeB, bNext0, bNext1);
        ThreadGrid.Barrier();
        int current = 0;
        for (int p0 = 0; p0 < k; p0 += Step)
        {
            // Past the end of k these fetch zeros that nobody reads.
            Fetch(a, TLayout.TransposeA, i0, m, p0 + Step, k, out aNext0, out aNext1);
            Fetch(b, !TLayout.TransposeB, j0, n, p0 + Step, k, out bNext0, out bNext1);
            for (int p = 0; p < Step; p++)
            {
                int aAt = current * Tile4 + p * Row4 + y, bAt = current * Tile4 + p * Row4 + x;
                Float4 up = aTiles[aAt], down = aTiles[aAt + 8], left = bTiles[bAt], right = bTiles[bAt + 4];
                sum00 += up.X * left;
                sum01 += up.X * right;
                sum10 += up.Y * left;
                sum11 += up.Y * right;
                sum20 += up.Z * left;
                sum21 += up.Z * right;
                sum30 += up.W * left;
                sum31 += up.W * right;
                sum40 += down.X * left;
                sum41 += down.X * right;
                sum50 += down.Y * left;
                sum51 += down.Y * right;
                sum60 += down.Z * left;
                sum61 += down.Z * right;
                sum70 += down.W * left;
                sum71 += down.W * right;
            }
            current ^= 1;
            Arrive(aTiles, current, TLayout.TransposeA, aNext0, aNext1);
            Arrive(bTiles, current, !TLayout.TransposeB, bNext0, bNext1);
            ThreadGrid.Barrier();
        }
        int row = i0 + y * 4, column = j0 + x * 4;
        Store8(c, bias, flags, m, n, row, column, sum00, sum01);
        Store8(c, bias, flags, m, n, row + 1, column, sum10, sum11);
        Store8(c, bias, flags, m, n, row + 2, column, sum20, sum21);
        Store8(c, bias, flags, m, n, row + 3, column, sum30, sum31);
        Store8(c, bias, flags, m, n, row + 32, column, sum40, sum41);
        Store8(c, bias, flags, m, n, row + 33, column, sum50, sum51);
        Store8(c, bias, flags, m, n, row + 34, column, sum60, sum61);
        Store8(c, bias, flags, m, n, row + 35, column, sum70, sum71);
    }

    // The group's tile. Groups are numbered in bands of 8 rows of tiles, so that those running at one time share their tiles of A and B in
    // the L2 cache.
    private static (int I0, int J0) FindTile(int m, int n)
    {
        int tileRows = (m + Tile - 1) / Tile, tileColumns = (n + Tile - 1) / Tile;
        int band = Grid.IdxX / (8 * tileColumns), inBand = Grid.IdxX - band * 8 * tileColumns;
        int bandRows = tileRows - band * 8 < 8 ? tileRows - band * 8 : 8;
        return ((band * 8 + inBand % bandRows) * Tile, inBand / bandRows * Tile);
    }

    // The thread's two fours of a tile [16][128]. along: the stored rows run along i (else along p, and Arrive turns them).
    private static void Fetch(ArrayView<float> x, bool along, int first, int extent, int p0, int k, out Float4 four0, out Float4 four1)
    {
        int thread = Group.IdxX;
        if (along)
        {
            four0 = Gemm.Load4(x, p0 + thread / 32, first + thread % 32 * 4, k, extent);
            four1 = Gemm.Load4(x, p0 + thread / 32 + 8, first + thread % 32 * 4, k, extent);
        }
        else
        {
            four0 = Gemm.Load4(x, first + thread / 4, p0 + thread % 4 * 4, extent, k);
            four1 = Gemm.Load4(x, first + thread / 4 + 64, p0 + thread % 4 * 4, extent, k);
        }
    }

    private static void Arrive(ArrayView<Float4> tiles, int which, bool along, Float4 four0, Float4 four1)
    {
        int thread = Group.IdxX;
        if (along)
        {
            int at = which * Tile4 + thread / 32 * Row4 + thread % 32;
            tiles[at] = four0;
            tiles[at + 8 * Row4] = four1;
        }
        else
        {
            var cells = tiles.Cast<float>();
            int at = which * Step * Row + thread % 4 * 4 * Row + thread / 4;
            cells[at] = four0.X;
            cells[at + Row] = four0.Y;
            cells[at + 2 * Row] = four0.Z;
            cells[at + 3 * Row] = four0.W;
            cells[at + 64] = four1.X;
            cells[at + Row + 64] = four1.Y;
            cells[at + 2 * Row + 64] = four1.Z;
            cells[at + 3 * Row + 64] = four1.W;
        }
    }

    private static void Store8(ArrayView<float> c, ArrayView<float> bias, int flags, int m, int n, int i, int j, Float4 left, Float4 right)
    {
        Gemm.Store4(c, bias, flags, m, n, i, j, left);
        Gemm.Store4(c, bias, flags, m, n, i, j + 16, right);
    }
}
