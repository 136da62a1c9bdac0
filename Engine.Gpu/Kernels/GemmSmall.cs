using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// For products with too few 64×64 tiles to fill the device, such as a layer's on one mini-batch: 16×16 of C a group, and k is shared out
/// too. The group loads 16×128 of each matrix; each of its 8 slices (warps) multiplies 16 of the 128 steps, a thread 2×4 of C; at the end
/// the eight partial tiles are added up, in a fixed order. The next 128 steps are already in registers while the current ones are
/// multiplied.
/// </summary>
internal static class GemmSmall
{
    public const int Tile = 16;
    // Rows of 132: those that a warp's 16-byte loads touch start on different banks.
    private const int Slices = 8, Span = 128, Row = Span + 4, Row4 = Row / 4;

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
        int flags)
        where TLayout : struct, ILayout
    {
        var aTile = SharedMemory.Allocate<Float4>(Tile * Row4); // [i][p]
        var bTile = SharedMemory.Allocate<Float4>(Tile * Row4); // [j][p]
        var partial = SharedMemory.Allocate<float>(Slices * Tile * Tile);
        int thread = Group.IdxX, slice = thread / 32, y = thread % 32 / 4, x = thread % 4; // rows y, y+8; columns x, x+4, x+8, x+12
        int i0 = Grid.IdxY * Tile, j0 = Grid.IdxX * Tile;
        float sum00 = 0, sum01 = 0, sum02 = 0, sum03 = 0, sum10 = 0, sum11 = 0, sum12 = 0, sum13 = 0;
        Fetch(a, TLayout.TransposeA, i0, m, 0, k, out var aNext0, out var aNext1);
        Fetch(b, !TLayout.TransposeB, j0, n, 0, k, out var bNext0, out var bNext1);
        for (int p0 = 0; p0 < k; p0 += Span)
        {
            ThreadGrid.Barrier(); // the last round's readers are through
            Arrive(aTile, TLayout.TransposeA, aNext0, aNext1);
            Arrive(bTile, !TLayout.TransposeB, bNext0, bNext1);
            ThreadGrid.Barrier();
            Fetch(a, TLayout.TransposeA, i0, m, p0 + Span, k, out aNext0, out aNext1);
            Fetch(b, !TLayout.TransposeB, j0, n, p0 + Span, k, out bNext0, out bNext1);
            for (int step = 0; step < Span / Slices / 4; step++)
            {
                int p4 = slice * (Span / Slices / 4) + step;
                Float4 up = aTile[y * Row4 + p4], down = aTile[(y + 8) * Row4 + p4];
                Float4 right0 = bTile[x * Row4 + p4], right1 = bTile[(x + 4) * Row4 + p4];
                Float4 right2 = bTile[(x + 8) * Row4 + p4], right3 = bTile[(x + 12) * Row4 + p4];
                sum00 = AddDot(sum00, up, right0);
                sum01 = AddDot(sum01, up, right1);
                sum02 = AddDot(sum02, up, right2);
                sum03 = AddDot(sum03, up, right3);
                sum10 = AddDot(sum10, down, right0);
                sum11 = AddDot(sum11, down, right1);
                sum12 = AddDot(sum12, down, right2);
                sum13 = AddDot(sum13, down, right3);
            }
        }
        int at = (slice * Tile + y) * Tile + x;
        partial[at] = sum00;
        partial[at + 4] = sum01;
        partial[at + 8] = sum02;
        partial[at + 12] = sum03;
        partial[at + 8 * Tile] = sum10;
        partial[at + 8 * Tile + 4] = sum11;
        partial[at + 8 * Tile + 8] = sum12;
        partial[at + 8 * Tile + 12] = sum13;
        ThreadGrid.Barrier();
        int row = thread / Tile, column = thread % Tile;
        float sum = 0;
        for (int q = 0; q < Slices; q++)
            sum += partial[(q * Tile + row) * Tile + column];
        if (i0 + row < m && j0 + column < n)
            Gemm.Store(c, bias, flags, n, i0 + row, j0 + column, sum);
    }

    private static float AddDot(float sum, Float4 a, Float4 b)
    {
        sum += a.X * b.X;
        sum += a.Y * b.Y;
        sum += a.Z * b.Z;
        return sum + a.W * b.W;
    }

    // The thread's two fours of 16 rows of op (i or j) by 128 steps p. along: the stored rows run along i, and Arrive turns them.
    private static void Fetch(ArrayView<float> x, bool along, int first, int extent, int p0, int k, out Float4 four0, out Float4 four1)
    {
        int thread = Group.IdxX;
        if (along)
        {
            four0 = Gemm.Load4(x, p0 + thread / 4, first + thread % 4 * 4, k, extent);
            four1 = Gemm.Load4(x, p0 + thread / 4 + 64, first + thread % 4 * 4, k, extent);
        }
        else
        {
            four0 = Gemm.Load4(x, first + thread / 32, p0 + thread % 32 * 4, extent, k);
            four1 = Gemm.Load4(x, first + thread / 32 + 8, p0 + thread % 32 * 4, extent, k);
        }
    }

    private static void Arrive(ArrayView<Float4> tile, bool along, Float4 four0, Float4 four1)
    {
        int thread = Group.IdxX;
        if (along)
        {
            var cells = tile.Cast<float>();
            int at = thread % 4 * 4 * Row + thread / 4;
            cells[at] = four0.X;
            cells[at + Row] = four0.Y;
            cells[at + 2 * Row] = four0.Z;
            cells[at + 3 * Row] = four0.W;
            cells[at + 64] = four1.X;
            cells[at + Row + 64] = four1.Y;
            cells[at + 2 * Row + 64] = four1.Z;
            cells[at + 3 * Row + 64] = four1.W;
        }
        else
        {
            int at = thread / 32 * Row4 + thread % 32;
            tile[at] = four0;
            tile[at + 8 * Row4] = four1;
        }
    }
}
