using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// Version 3: a group computes 64×64 of C, each of its 256 threads 4×4 of that in registers. Per step of p a thread makes two 16-byte
/// shared loads for 16 multiply–adds, an eighth of version 2's traffic; global memory is read 16 bytes at a time too. What limits it now:
/// all wait while the next tiles come from global memory, and a quarter of the instructions still load.
/// </summary>
internal static class Gemm3Registers
{
    public const int Tile = 64;
    private const int Step = 16, Row = Tile + 4; // 68: rows start on different banks, and stay 16-byte aligned

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
        int flags)
        where TLayout : struct, ILayout
    {
        var aTile = SharedMemory.Allocate<Float4>(Step * Row / 4); // [p][i]
        var bTile = SharedMemory.Allocate<Float4>(Step * Row / 4); // [p][j]
        int y = Group.IdxX / 16, x = Group.IdxX % 16, i0 = Grid.IdxY * Tile, j0 = Grid.IdxX * Tile;
        Float4 sum0 = default, sum1 = default, sum2 = default, sum3 = default; // named: an array would lie in memory
        for (int p0 = 0; p0 < k; p0 += Step)
        {
            LoadTile(aTile, a, TLayout.TransposeA, i0, m, p0, k);
            LoadTile(bTile, b, !TLayout.TransposeB, j0, n, p0, k);
            ThreadGrid.Barrier();
            for (int p = 0; p < Step; p++)
            {
                Float4 left = aTile[p * (Row / 4) + y], right = bTile[p * (Row / 4) + x];
                sum0 += left.X * right;
                sum1 += left.Y * right;
                sum2 += left.Z * right;
                sum3 += left.W * right;
            }
            ThreadGrid.Barrier();
        }
        int row = i0 + y * 4, column = j0 + x * 4;
        Gemm.Store4(c, bias, flags, m, n, row, column, sum0);
        Gemm.Store4(c, bias, flags, m, n, row + 1, column, sum1);
        Gemm.Store4(c, bias, flags, m, n, row + 2, column, sum2);
        Gemm.Store4(c, bias, flags, m, n, row + 3, column, sum3);
    }

    // A tile of a stored matrix, turned so that it lies [p][i]. along: the stored rows run along i (else along p).
    private static void LoadTile(ArrayView<Float4> tile, ArrayView<float> x, bool along, int first, int extent, int p0, int k)
    {
        if (along)
        {
            int p = Group.IdxX / 16, i4 = Group.IdxX % 16;
            tile[p * (Row / 4) + i4] = Gemm.Load4(x, p0 + p, first + i4 * 4, k, extent);
        }
        else
        {
            int i = Group.IdxX / 4, p = Group.IdxX % 4 * 4;
            var four = Gemm.Load4(x, first + i, p0 + p, extent, k);
            var cells = tile.Cast<float>();
            cells[p * Row + i] = four.X;
            cells[(p + 1) * Row + i] = four.Y;
            cells[(p + 2) * Row + i] = four.Z;
            cells[(p + 3) * Row + i] = four.W;
        }
    }
}
