using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>Cells from one place to another. Copies go as integers: a float copy may quieten a NaN that is really a label.</summary>
internal static class Movement
{
    /// <summary>y[i] = value.</summary>
    public static void Fill(ArrayView<float> y, float value, int count)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
            y[i] = value;
    }

    /// <summary>y[yOffset + i] = x[xOffset + i].</summary>
    public static void Copy(ArrayView<int> x, int xOffset, ArrayView<int> y, int yOffset, int count)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
            y[yOffset + i] = x[xOffset + i];
    }

    /// <summary>target[r] = source[order[start + r]].</summary>
    public static void GatherRows(ArrayView<int> source, ArrayView<int> order, int start, ArrayView<int> target, int count, int rowLength)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            int r = i / rowLength;
            target[i] = source[order[start + r] * rowLength + i - r * rowLength];
        }
    }

    /// <summary>target[r, c] = table[b], b being byte c of row order[start + r] of source.</summary>
    public static void GatherBytes(ArrayView<byte> source, ArrayView<float> table, ArrayView<int> order, int start,
        ArrayView<float> target, int count,
        int rowLength)
    {
        for (int i = ThreadGrid.First; i < count; i += ThreadGrid.All)
        {
            int r = i / rowLength;
            int grey = source[order[start + r] * rowLength + i - r * rowLength];
            target[i] = table[grey];
        }
    }

    /// <summary>Side of Transpose's tiles.</summary>
    public const int Tile = 32;

    /// <summary>
    /// y[c, r] = x[r, c], through a shared tile, so that reads and writes both run along rows. 32×32 cells by 32×8 threads; the 33rd column
    /// keeps a column of the tile on different memory banks.
    /// </summary>
    public static void Transpose(ArrayView<float> x, ArrayView<float> y, int rows, int columns)
    {
        var tile = SharedMemory.Allocate<float>(Tile * (Tile + 1));
        int across = Group.IdxX % Tile, firstRow = Grid.IdxY * Tile, firstColumn = Grid.IdxX * Tile;
        for (int down = Group.IdxX / Tile; down < Tile; down += ThreadGrid.PerGroup / Tile)
            if (firstRow + down < rows && firstColumn + across < columns)
                tile[down * (Tile + 1) + across] = x[(firstRow + down) * columns + firstColumn + across];
        ThreadGrid.Barrier();
        for (int down = Group.IdxX / Tile; down < Tile; down += ThreadGrid.PerGroup / Tile)
            if (firstColumn + down < columns && firstRow + across < rows)
                y[(firstColumn + down) * rows + firstRow + across] = tile[across * (Tile + 1) + down];
    }
}
