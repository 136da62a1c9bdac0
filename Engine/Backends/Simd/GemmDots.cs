using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// C[i, j] = Σ_p A[i, p]·B[j, p], where p runs along memory in both: the forward product of a small layer with weights [out, in]. Lanes:
/// neighbouring p. Every cell has sixteen partial sums (of p mod 16), whatever the width of a register, added up in pairs of neighbours at
/// the end; tail: the last terms by LoadFirst. Tiles of 4 rows of A by 4 of B (by 2 with 16 registers: two columns are left over of ten
/// classes); rows left over repeat the first one and are not stored.
/// </summary>
internal static unsafe class GemmDots<T>
    where T : struct, ILanes<T>
{
    private const int PartialSums = 16;

    /// <summary>C = sums + start, whose rows are rowStart cells apart (0: one row for all); start may be null.</summary>
    [SkipLocalsInit]
    [MethodImpl(AggressiveOptimization | NoInlining)]
    public static void Run(float* a, float* b, float* c, int m, int n, int k, nint rowC, float* start, nint rowStart)
    {
        // They lie in fours: a row of a 4×4 tile, or a column of a 4×2 tile.
        float* sums = stackalloc float[16 * PartialSums / T.Count];
        int width = T.ManyRegisters ? 4 : 2;
        for (int j = 0; j < n; j += width, b += (nint)width * k)
        {
            int columns = Math.Min(width, n - j);
            float* b1 = b + (columns > 1 ? k : 0), b2 = b + (columns > 2 ? 2 * k : 0), b3 = b + (columns > 3 ? 3 * k : 0);
            float* a0 = a, to = c + j, from = start is null ? null : start + j;
            for (int rows = m; rows > 0; rows -= 4, a0 += 4 * (nint)k, to += 4 * rowC)
            {
                float* a1 = a0 + (rows > 1 ? k : 0), a2 = a0 + (rows > 2 ? 2 * k : 0), a3 = a0 + (rows > 3 ? 3 * k : 0);
                for (int pass = 0; pass < PartialSums / T.Count; pass++)
                    if (T.ManyRegisters)
                        Tile4x4(a0, a1, a2, a3, b, b1, b2, b3, pass * T.Count, k, sums + 16 * pass);
                    else
                        Tile4x2(a0, a1, a2, a3, b, b1, pass * T.Count, k, sums + 16 * pass);
                AddNeighbours(sums);
                if (rows < 4 || columns < width || (!T.ManyRegisters && !Sse.IsSupported))
                    PutCells(sums, Math.Min(4, rows), columns, to, rowC, from, rowStart);
                else if (T.ManyRegisters)
                    PutRows(sums, to, rowC, from, rowStart);
                else
                    PutColumns(sums, to, rowC, from, rowStart);
                if (from is not null)
                    from += 4 * rowStart;
            }
        }
    }

    // Sums of the passes, two neighbours at a time: nothing to do where a register holds all sixteen.
    [MethodImpl(AggressiveInlining)]
    private static void AddNeighbours(float* sums)
    {
        for (int passes = PartialSums / T.Count; passes > 1; passes /= 2)
            for (int pass = 0; pass < passes / 2; pass++)
                for (int cell = 0; cell < (T.ManyRegisters ? 16 : 8); cell += 4)
                    (Vector128.Load(sums + 32 * pass + cell) + Vector128.Load(sums + 32 * pass + 16 + cell)).Store(sums + 16 * pass + cell);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void PutCells(float* sums, int rows, int columns, float* c, nint rowC, float* start, nint rowStart)
    {
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < columns; j++)
            {
                float sum = sums[T.ManyRegisters ? 4 * r + j : 4 * j + r];
                c[r * rowC + j] = start is null ? sum : sum + start[r * rowStart + j];
            }
    }

    // Four rows of four columns.
    [MethodImpl(AggressiveInlining)]
    private static void PutRows(float* sums, float* c, nint rowC, float* start, nint rowStart)
    {
        for (int r = 0; r < 4; r++)
        {
            var sum = Vector128.Load(sums + 4 * r);
            (start is null ? sum : sum + Vector128.Load(start + r * rowStart)).Store(c + r * rowC);
        }
    }

    // Four rows of two columns.
    [MethodImpl(AggressiveInlining)]
    private static void PutColumns(float* sums, float* c, nint rowC, float* start, nint rowStart)
    {
        Vector128<float> column0 = Vector128.Load(sums), column1 = Vector128.Load(sums + 4);
        Vector128<float> rows01 = Sse.UnpackLow(column0, column1), rows23 = Sse.UnpackHigh(column0, column1);
        if (start is not null)
        {
            rows01 += Sse.LoadHigh(Sse.LoadLow(rows01, start), start + rowStart);
            rows23 += Sse.LoadHigh(Sse.LoadLow(rows23, start + 2 * rowStart), start + 3 * rowStart);
        }
        Sse.StoreLow(c, rows01);
        Sse.StoreHigh(c + rowC, rows01);
        Sse.StoreLow(c + 2 * rowC, rows23);
        Sse.StoreHigh(c + 3 * rowC, rows23);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Tile4x4(float* a0, float* a1, float* a2, float* a3, float* b0, float* b1, float* b2, float* b3, nint p, int k,
        float* sums)
    {
        T c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        T c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        for (; p <= k - T.Count; p += PartialSums)
        {
            T x0 = T.Load(b0 + p), x1 = T.Load(b1 + p), x2 = T.Load(b2 + p), x3 = T.Load(b3 + p);
            T y = T.Load(a0 + p);
            c00.AddProduct(y, x0);
            c01.AddProduct(y, x1);
            c02.AddProduct(y, x2);
            c03.AddProduct(y, x3);
            y = T.Load(a1 + p);
            c10.AddProduct(y, x0);
            c11.AddProduct(y, x1);
            c12.AddProduct(y, x2);
            c13.AddProduct(y, x3);
            y = T.Load(a2 + p);
            c20.AddProduct(y, x0);
            c21.AddProduct(y, x1);
            c22.AddProduct(y, x2);
            c23.AddProduct(y, x3);
            y = T.Load(a3 + p);
            c30.AddProduct(y, x0);
            c31.AddProduct(y, x1);
            c32.AddProduct(y, x2);
            c33.AddProduct(y, x3);
        }
        if (p < k)
        {
            int lanes = k - (int)p;
            T x0 = T.LoadFirst(b0 + p, lanes), x1 = T.LoadFirst(b1 + p, lanes), x2 = T.LoadFirst(b2 + p, lanes),
                x3 = T.LoadFirst(b3 + p, lanes);
            T y = T.LoadFirst(a0 + p, lanes);
            c00.AddProduct(y, x0);
            c01.AddProduct(y, x1);
            c02.AddProduct(y, x2);
            c03.AddProduct(y, x3);
            y = T.LoadFirst(a1 + p, lanes);
            c10.AddProduct(y, x0);
            c11.AddProduct(y, x1);
            c12.AddProduct(y, x2);
            c13.AddProduct(y, x3);
            y = T.LoadFirst(a2 + p, lanes);
            c20.AddProduct(y, x0);
            c21.AddProduct(y, x1);
            c22.AddProduct(y, x2);
            c23.AddProduct(y, x3);
            y = T.LoadFirst(a3 + p, lanes);
            c30.AddProduct(y, x0);
            c31.AddProduct(y, x1);
            c32.AddProduct(y, x2);
            c33.AddProduct(y, x3);
        }
        T.StoreSums(c00, c01, c02, c03, sums);
        T.StoreSums(c10, c11, c12, c13, sums + 4);
        T.StoreSums(c20, c21, c22, c23, sums + 8);
        T.StoreSums(c30, c31, c32, c33, sums + 12);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Tile4x2(float* a0, float* a1, float* a2, float* a3, float* b0, float* b1, nint p, int k, float* sums)
    {
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (; p < k; p += PartialSums)
        {
            int lanes = (int)Math.Min(T.Count, k - p);
            T x0, x1, y0, y1, y2, y3;
            if (lanes == T.Count)
                (x0, x1, y0, y1, y2, y3) = (T.Load(b0 + p), T.Load(b1 + p), T.Load(a0 + p), T.Load(a1 + p), T.Load(a2 + p), T.Load(a3 + p));
            else
            {
                (x0, x1, y0) = (T.LoadFirst(b0 + p, lanes), T.LoadFirst(b1 + p, lanes), T.LoadFirst(a0 + p, lanes));
                (y1, y2, y3) = (T.LoadFirst(a1 + p, lanes), T.LoadFirst(a2 + p, lanes), T.LoadFirst(a3 + p, lanes));
            }
            c00.AddProduct(y0, x0);
            c01.AddProduct(y0, x1);
            c10.AddProduct(y1, x0);
            c11.AddProduct(y1, x1);
            c20.AddProduct(y2, x0);
            c21.AddProduct(y2, x1);
            c30.AddProduct(y3, x0);
            c31.AddProduct(y3, x1);
        }
        T.StoreSums(c00, c10, c20, c30, sums);
        T.StoreSums(c01, c11, c21, c31, sums + 4);
    }
}
