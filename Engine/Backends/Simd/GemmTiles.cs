using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>One operand of a tile product: element (i, p) is at Start[i·Row + p·Step].</summary>
internal readonly unsafe struct Panel(float* start, nint row, nint step)
{
    public readonly float* Start = start;
    public readonly nint Row = row, Step = step;
}

/// <summary>
/// Tiles of C held in registers for the whole of k: C[i, j] = Σ_p A[i, p]·B[p, j]. Lanes: neighbouring columns j. Each step of p loads one
/// row of B and broadcasts one element of A per row of the tile. The sum of each cell runs over p in order, in every tile shape, so its
/// bits do not depend on where the tiles lie; it is then added to start (the bias, or what C held), if there is one.
/// </summary>
internal static unsafe class GemmTiles<T, TRow>
    where T : struct, ILanes<T>
    where TRow : struct, ITileRow<TRow, T>
{
    /// <summary>All m rows of a strip of C as wide as TRow; of its last register the first lastLanes only.</summary>
    public static void Strip(Panel a, float* b, nint stepB, float* c, nint rowC, int m, int k, float* start, nint rowStart, int lastLanes)
    {
        int i = 0;
        // 24 sums in registers: 12 rows of 2 or 8 of 3. What 12 rows would leave 4 of goes by eights.
        if (T.ManyRegisters && TRow.Columns <= 2 * T.Count)
            for (; m - i >= 12 && m - i != 16; i += 12)
                Tile12(a.Start + i * a.Row, a.Row, a.Step, b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
        if (T.ManyRegisters)
            for (; i <= m - 8; i += 8)
                Tile8(a.Start + i * a.Row, a.Row, a.Step, b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
        for (; i <= m - 4; i += 4)
            Tile4(a.Start + i * a.Row, a.Row, a.Step, b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
        if (i <= m - 2)
        {
            Tile2(a.Start + i * a.Row, a.Row, a.Step, b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
            i += 2;
        }
        if (i < m)
            Tile1(a.Start + i * a.Row, a.Step, b, stepB, c + i * rowC, k, start + i * rowStart, lastLanes);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile12(float* a0, nint rowA, nint stepA, float* b, nint stepB, float* c, nint rowC, int k, float* start,
        nint rowStart, int lastLanes)
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        TRow c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
        float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA, a4 = a3 + rowA, a5 = a4 + rowA;
        float* a6 = a5 + rowA, a7 = a6 + rowA, a8 = a7 + rowA, a9 = a8 + rowA, a10 = a9 + rowA, a11 = a10 + rowA;
        nint at = 0;
        for (int p = 0; p < k; p++, at += stepA, b += stepB)
        {
            TRow row = TRow.Load(b);
            c0 = c0.PlusProduct(T.Factor(a0[at]), row);
            c1 = c1.PlusProduct(T.Factor(a1[at]), row);
            c2 = c2.PlusProduct(T.Factor(a2[at]), row);
            c3 = c3.PlusProduct(T.Factor(a3[at]), row);
            c4 = c4.PlusProduct(T.Factor(a4[at]), row);
            c5 = c5.PlusProduct(T.Factor(a5[at]), row);
            c6 = c6.PlusProduct(T.Factor(a6[at]), row);
            c7 = c7.PlusProduct(T.Factor(a7[at]), row);
            c8 = c8.PlusProduct(T.Factor(a8[at]), row);
            c9 = c9.PlusProduct(T.Factor(a9[at]), row);
            c10 = c10.PlusProduct(T.Factor(a10[at]), row);
            c11 = c11.PlusProduct(T.Factor(a11[at]), row);
        }
        if (start is not null)
        {
            c0 = c0.Plus(start);
            c1 = c1.Plus(start + rowStart);
            c2 = c2.Plus(start + 2 * rowStart);
            c3 = c3.Plus(start + 3 * rowStart);
            c4 = c4.Plus(start + 4 * rowStart);
            c5 = c5.Plus(start + 5 * rowStart);
            c6 = c6.Plus(start + 6 * rowStart);
            c7 = c7.Plus(start + 7 * rowStart);
            c8 = c8.Plus(start + 8 * rowStart);
            c9 = c9.Plus(start + 9 * rowStart);
            c10 = c10.Plus(start + 10 * rowStart);
            c11 = c11.Plus(start + 11 * rowStart);
        }
        c0.Store(c, lastLanes);
        c1.Store(c + rowC, lastLanes);
        c2.Store(c + 2 * rowC, lastLanes);
        c3.Store(c + 3 * rowC, lastLanes);
        c4.Store(c + 4 * rowC, lastLanes);
        c5.Store(c + 5 * rowC, lastLanes);
        c6.Store(c + 6 * rowC, lastLanes);
        c7.Store(c + 7 * rowC, lastLanes);
        c8.Store(c + 8 * rowC, lastLanes);
        c9.Store(c + 9 * rowC, lastLanes);
        c10.Store(c + 10 * rowC, lastLanes);
        c11.Store(c + 11 * rowC, lastLanes);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile8(float* a0, nint rowA, nint stepA, float* b, nint stepB, float* c, nint rowC, int k, float* start,
        nint rowStart, int lastLanes)
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA, a4 = a3 + rowA, a5 = a4 + rowA, a6 = a5 + rowA, a7 = a6 + rowA;
        nint at = 0;
        for (int p = 0; p < k; p++, at += stepA, b += stepB)
        {
            TRow row = TRow.Load(b);
            c0 = c0.PlusProduct(T.Factor(a0[at]), row);
            c1 = c1.PlusProduct(T.Factor(a1[at]), row);
            c2 = c2.PlusProduct(T.Factor(a2[at]), row);
            c3 = c3.PlusProduct(T.Factor(a3[at]), row);
            c4 = c4.PlusProduct(T.Factor(a4[at]), row);
            c5 = c5.PlusProduct(T.Factor(a5[at]), row);
            c6 = c6.PlusProduct(T.Factor(a6[at]), row);
            c7 = c7.PlusProduct(T.Factor(a7[at]), row);
        }
        if (start is not null)
        {
            c0 = c0.Plus(start);
            c1 = c1.Plus(start + rowStart);
            c2 = c2.Plus(start + 2 * rowStart);
            c3 = c3.Plus(start + 3 * rowStart);
            c4 = c4.Plus(start + 4 * rowStart);
            c5 = c5.Plus(start + 5 * rowStart);
            c6 = c6.Plus(start + 6 * rowStart);
            c7 = c7.Plus(start + 7 * rowStart);
        }
        c0.Store(c, lastLanes);
        c1.Store(c + rowC, lastLanes);
        c2.Store(c + 2 * rowC, lastLanes);
        c3.Store(c + 3 * rowC, lastLanes);
        c4.Store(c + 4 * rowC, lastLanes);
        c5.Store(c + 5 * rowC, lastLanes);
        c6.Store(c + 6 * rowC, lastLanes);
        c7.Store(c + 7 * rowC, lastLanes);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile4(float* a0, nint rowA, nint stepA, float* b, nint stepB, float* c, nint rowC, int k, float* start,
        nint rowStart, int lastLanes)
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default;
        float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA;
        nint at = 0;
        for (int p = 0; p < k; p++, at += stepA, b += stepB)
        {
            TRow row = TRow.Load(b);
            c0 = c0.PlusProduct(T.Factor(a0[at]), row);
            c1 = c1.PlusProduct(T.Factor(a1[at]), row);
            c2 = c2.PlusProduct(T.Factor(a2[at]), row);
            c3 = c3.PlusProduct(T.Factor(a3[at]), row);
        }
        if (start is not null)
        {
            c0 = c0.Plus(start);
            c1 = c1.Plus(start + rowStart);
            c2 = c2.Plus(start + 2 * rowStart);
            c3 = c3.Plus(start + 3 * rowStart);
        }
        c0.Store(c, lastLanes);
        c1.Store(c + rowC, lastLanes);
        c2.Store(c + 2 * rowC, lastLanes);
        c3.Store(c + 3 * rowC, lastLanes);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile2(float* a0, nint rowA, nint stepA, float* b, nint stepB, float* c, nint rowC, int k, float* start,
        nint rowStart, int lastLanes)
    {
        TRow c0 = default, c1 = default;
        float* a1 = a0 + rowA;
        nint at = 0;
        for (int p = 0; p < k; p++, at += stepA, b += stepB)
        {
            TRow row = TRow.Load(b);
            c0 = c0.PlusProduct(T.Factor(a0[at]), row);
            c1 = c1.PlusProduct(T.Factor(a1[at]), row);
        }
        if (start is not null)
        {
            c0 = c0.Plus(start);
            c1 = c1.Plus(start + rowStart);
        }
        c0.Store(c, lastLanes);
        c1.Store(c + rowC, lastLanes);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile1(float* a0, nint stepA, float* b, nint stepB, float* c, int k, float* start, int lastLanes)
    {
        TRow c0 = default;
        for (int p = 0; p < k; p++, a0 += stepA, b += stepB)
            c0 = c0.PlusProduct(T.Factor(*a0), TRow.Load(b));
        if (start is not null)
            c0 = c0.Plus(start);
        c0.Store(c, lastLanes);
    }
}
