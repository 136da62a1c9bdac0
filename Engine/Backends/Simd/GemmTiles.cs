using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>One operand of a tile product: element (i, p) is at Start[i·Row + p·Step].</summary>
internal readonly unsafe struct Panel(float* start, nint row, nint step)
{
    public readonly float* Start = start;
    public readonly nint Row = row, Step = step;

    /// <summary>Without its first rows.</summary>
    public Panel From(int row) => new(Start + row * Row, Row, Step);
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
        // 24 sums in registers: 12 rows of 2 or 8 of 3; what 12 rows would leave 4 of goes by eights. With 16 registers 12 sums: 6 rows
        // of 2, and fours rather than 2 or 3 rows left over.
        bool narrow = TRow.Columns <= 2 * T.Count;
        int i = 0;
        if (T.ManyRegisters && narrow && m >= 12 && m != 16)
        {
            int twelves = m / 12 - (m % 12 == 4 ? 1 : 0);
            Tiles12(twelves, a, b, stepB, c, rowC, k, start, rowStart, lastLanes);
            i = 12 * twelves;
        }
        if (T.ManyRegisters && m - i >= 8)
        {
            int eights = (m - i) / 8;
            Tiles8(eights, a.From(i), b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
            i += 8 * eights;
        }
        if (!T.ManyRegisters && narrow && m >= 6)
        {
            int sixes = m / 6 - (m % 6 is 2 or 3 ? 1 : 0);
            Tiles6(sixes, a, b, stepB, c, rowC, k, start, rowStart, lastLanes);
            i = 6 * sixes;
        }
        if (m - i >= 4)
        {
            int fours = (m - i) / 4;
            Tiles4(fours, a.From(i), b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
            i += 4 * fours;
        }
        if (i <= m - 2)
        {
            Tile2(a.Start + i * a.Row, a.Row, a.Step, b, stepB, c + i * rowC, rowC, k, start + i * rowStart, rowStart, lastLanes);
            i += 2;
        }
        if (i < m)
            Tile1(a.Start + i * a.Row, a.Step, b, stepB, c + i * rowC, k, start + i * rowStart, lastLanes);
    }

    // Several tiles one below the other: where sums are short, a call for each would take a third of the time.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tiles12(int tiles, Panel a, float* b, nint stepB, float* c, nint rowC, int k, float* start, nint rowStart,
        int lastLanes)
    {
        nint rowA = a.Row, stepA = a.Step;
        for (float* a0 = a.Start; tiles > 0; tiles--, a0 += 12 * rowA, c += 12 * rowC)
        {
            TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
            TRow c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
            float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA, a4 = a3 + rowA, a5 = a4 + rowA, row = b;
            float* a6 = a5 + rowA, a7 = a6 + rowA, a8 = a7 + rowA, a9 = a8 + rowA, a10 = a9 + rowA, a11 = a10 + rowA;
            nint at = 0;
            for (int p = k; p > 0; p--, at += stepA, row += stepB)
            {
                TRow x = TRow.Load(row);
                c0.AddProduct(T.Factor(a0[at]), x);
                c1.AddProduct(T.Factor(a1[at]), x);
                c2.AddProduct(T.Factor(a2[at]), x);
                c3.AddProduct(T.Factor(a3[at]), x);
                c4.AddProduct(T.Factor(a4[at]), x);
                c5.AddProduct(T.Factor(a5[at]), x);
                c6.AddProduct(T.Factor(a6[at]), x);
                c7.AddProduct(T.Factor(a7[at]), x);
                c8.AddProduct(T.Factor(a8[at]), x);
                c9.AddProduct(T.Factor(a9[at]), x);
                c10.AddProduct(T.Factor(a10[at]), x);
                c11.AddProduct(T.Factor(a11[at]), x);
            }
            if (start is not null)
            {
                c0.Add(start);
                c1.Add(start + rowStart);
                c2.Add(start + 2 * rowStart);
                c3.Add(start + 3 * rowStart);
                c4.Add(start + 4 * rowStart);
                c5.Add(start + 5 * rowStart);
                c6.Add(start + 6 * rowStart);
                c7.Add(start + 7 * rowStart);
                c8.Add(start + 8 * rowStart);
                c9.Add(start + 9 * rowStart);
                c10.Add(start + 10 * rowStart);
                c11.Add(start + 11 * rowStart);
                start += 12 * rowStart;
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
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tiles8(int tiles, Panel a, float* b, nint stepB, float* c, nint rowC, int k, float* start, nint rowStart,
        int lastLanes)
    {
        nint rowA = a.Row, stepA = a.Step;
        for (float* a0 = a.Start; tiles > 0; tiles--, a0 += 8 * rowA, c += 8 * rowC)
        {
            TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
            float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA, a4 = a3 + rowA, a5 = a4 + rowA, a6 = a5 + rowA, a7 = a6 + rowA, row = b;
            nint at = 0;
            for (int p = k; p > 0; p--, at += stepA, row += stepB)
            {
                TRow x = TRow.Load(row);
                c0.AddProduct(T.Factor(a0[at]), x);
                c1.AddProduct(T.Factor(a1[at]), x);
                c2.AddProduct(T.Factor(a2[at]), x);
                c3.AddProduct(T.Factor(a3[at]), x);
                c4.AddProduct(T.Factor(a4[at]), x);
                c5.AddProduct(T.Factor(a5[at]), x);
                c6.AddProduct(T.Factor(a6[at]), x);
                c7.AddProduct(T.Factor(a7[at]), x);
            }
            if (start is not null)
            {
                c0.Add(start);
                c1.Add(start + rowStart);
                c2.Add(start + 2 * rowStart);
                c3.Add(start + 3 * rowStart);
                c4.Add(start + 4 * rowStart);
                c5.Add(start + 5 * rowStart);
                c6.Add(start + 6 * rowStart);
                c7.Add(start + 7 * rowStart);
                start += 8 * rowStart;
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
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tiles6(int tiles, Panel a, float* b, nint stepB, float* c, nint rowC, int k, float* start, nint rowStart,
        int lastLanes)
    {
        nint rowA = a.Row, stepA = a.Step;
        for (float* a0 = a.Start; tiles > 0; tiles--, a0 += 6 * rowA, c += 6 * rowC)
        {
            TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
            float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA, a4 = a3 + rowA, a5 = a4 + rowA, row = b;
            nint at = 0;
            for (int p = k; p > 0; p--, at += stepA, row += stepB)
            {
                TRow x = TRow.Load(row);
                c0.AddProduct(T.Factor(a0[at]), x);
                c1.AddProduct(T.Factor(a1[at]), x);
                c2.AddProduct(T.Factor(a2[at]), x);
                c3.AddProduct(T.Factor(a3[at]), x);
                c4.AddProduct(T.Factor(a4[at]), x);
                c5.AddProduct(T.Factor(a5[at]), x);
            }
            if (start is not null)
            {
                c0.Add(start);
                c1.Add(start + rowStart);
                c2.Add(start + 2 * rowStart);
                c3.Add(start + 3 * rowStart);
                c4.Add(start + 4 * rowStart);
                c5.Add(start + 5 * rowStart);
                start += 6 * rowStart;
            }
            c0.Store(c, lastLanes);
            c1.Store(c + rowC, lastLanes);
            c2.Store(c + 2 * rowC, lastLanes);
            c3.Store(c + 3 * rowC, lastLanes);
            c4.Store(c + 4 * rowC, lastLanes);
            c5.Store(c + 5 * rowC, lastLanes);
        }
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tiles4(int tiles, Panel a, float* b, nint stepB, float* c, nint rowC, int k, float* start, nint rowStart,
        int lastLanes)
    {
        nint rowA = a.Row, stepA = a.Step;
        for (float* a0 = a.Start; tiles > 0; tiles--, a0 += 4 * rowA, c += 4 * rowC)
        {
            TRow c0 = default, c1 = default, c2 = default, c3 = default;
            float* a1 = a0 + rowA, a2 = a1 + rowA, a3 = a2 + rowA, row = b;
            nint at = 0;
            for (int p = k; p > 0; p--, at += stepA, row += stepB)
            {
                TRow x = TRow.Load(row);
                c0.AddProduct(T.Factor(a0[at]), x);
                c1.AddProduct(T.Factor(a1[at]), x);
                c2.AddProduct(T.Factor(a2[at]), x);
                c3.AddProduct(T.Factor(a3[at]), x);
            }
            if (start is not null)
            {
                c0.Add(start);
                c1.Add(start + rowStart);
                c2.Add(start + 2 * rowStart);
                c3.Add(start + 3 * rowStart);
                start += 4 * rowStart;
            }
            c0.Store(c, lastLanes);
            c1.Store(c + rowC, lastLanes);
            c2.Store(c + 2 * rowC, lastLanes);
            c3.Store(c + 3 * rowC, lastLanes);
        }
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
            c0.AddProduct(T.Factor(a0[at]), row);
            c1.AddProduct(T.Factor(a1[at]), row);
        }
        if (start is not null)
        {
            c0.Add(start);
            c1.Add(start + rowStart);
        }
        c0.Store(c, lastLanes);
        c1.Store(c + rowC, lastLanes);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile1(float* a0, nint stepA, float* b, nint stepB, float* c, int k, float* start, int lastLanes)
    {
        TRow c0 = default;
        for (int p = 0; p < k; p++, a0 += stepA, b += stepB)
            c0.AddProduct(T.Factor(*a0), TRow.Load(b));
        if (start is not null)
            c0.Add(start);
        c0.Store(c, lastLanes);
    }
}
