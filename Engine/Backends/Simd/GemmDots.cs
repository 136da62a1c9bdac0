using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Backends.Simd;

/// <summary>
/// C[i, j] = Σ_p A[i, p]·B[j, p], where p runs along memory in both: the forward product of a small layer with weights [out, in]. Lanes:
/// neighbouring p. Every cell has sixteen partial sums (of p mod 16), whatever the width of a register, added up in pairs of neighbours at
/// the end; tail: the last terms by LoadFirst. Tiles of 4 rows of A by 4 of B (2 by 4 with 16 registers); rows left over repeat the last
/// one and are not stored.
/// </summary>
internal static unsafe class GemmDots<T>
    where T : struct, ILanes<T>
{
    private const int PartialSums = 16;

    /// <summary>C = sums + start, whose rows are rowStart cells apart (0: one row for all); start may be null.</summary>
    public static void Run(float* a, float* b, float* c, int m, int n, int k, nint rowC, float* start, nint rowStart)
    {
        int height = T.ManyRegisters ? 4 : 2;
        float* sums = stackalloc float[16 * PartialSums / T.Count];
        for (int j = 0; j < n; j += 4)
        {
            int width = Math.Min(4, n - j);
            for (int i = 0; i < m; i += height)
            {
                int rows = Math.Min(height, m - i);
                for (int first = 0, pass = 0; first < PartialSums; first += T.Count, pass++)
                {
                    if (T.ManyRegisters && rows > 2)
                        Tile4(a + (nint)i * k, b + (nint)j * k, rows, width, first, k, sums + 16 * pass);
                    else
                        Tile2(a + (nint)i * k, b + (nint)j * k, rows, width, first, k, sums + 16 * pass);
                }
                AddNeighbours(sums);
                for (int r = 0; r < rows; r++)
                    Put(sums + 4 * r, start is null ? null : start + (i + r) * rowStart + j, c + (i + r) * rowC + j, width);
            }
        }
    }

    // Sums of the passes, two neighbours at a time: nothing to do where a register holds all sixteen.
    [MethodImpl(AggressiveInlining)]
    private static void AddNeighbours(float* sums)
    {
        for (int passes = PartialSums / T.Count; passes > 1; passes /= 2)
            for (int pass = 0; pass < passes / 2; pass++)
                for (int cell = 0; cell < 16; cell++)
                    sums[16 * pass + cell] = sums[32 * pass + cell] + sums[32 * pass + 16 + cell];
    }

    // c = sums (+ start), up to four cells of a row.
    [MethodImpl(AggressiveInlining)]
    private static void Put(float* sums, float* start, float* c, int width)
    {
        if (width == 4)
        {
            var sum = Vector128.Load(sums);
            (start is null ? sum : sum + Vector128.Load(start)).Store(c);
            return;
        }
        for (int q = 0; q < width; q++)
            c[q] = start is null ? sums[q] : sums[q] + start[q];
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile4(float* a0, float* b0, int rows, int columns, int first, int k, float* sums)
    {
        float* a1 = a0 + (nint)Math.Min(1, rows - 1) * k, a2 = a0 + (nint)Math.Min(2, rows - 1) * k,
            a3 = a0 + (nint)Math.Min(3, rows - 1) * k;
        float* b1 = b0 + (nint)Math.Min(1, columns - 1) * k, b2 = b0 + (nint)Math.Min(2, columns - 1) * k,
            b3 = b0 + (nint)Math.Min(3, columns - 1) * k;
        T c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        T c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        nint p = first;
        for (; p <= k - T.Count; p += PartialSums)
        {
            T x0 = T.Load(b0 + p), x1 = T.Load(b1 + p), x2 = T.Load(b2 + p), x3 = T.Load(b3 + p);
            T y = T.Load(a0 + p);
            c00 = T.MultiplyAdd(y, x0, c00);
            c01 = T.MultiplyAdd(y, x1, c01);
            c02 = T.MultiplyAdd(y, x2, c02);
            c03 = T.MultiplyAdd(y, x3, c03);
            y = T.Load(a1 + p);
            c10 = T.MultiplyAdd(y, x0, c10);
            c11 = T.MultiplyAdd(y, x1, c11);
            c12 = T.MultiplyAdd(y, x2, c12);
            c13 = T.MultiplyAdd(y, x3, c13);
            y = T.Load(a2 + p);
            c20 = T.MultiplyAdd(y, x0, c20);
            c21 = T.MultiplyAdd(y, x1, c21);
            c22 = T.MultiplyAdd(y, x2, c22);
            c23 = T.MultiplyAdd(y, x3, c23);
            y = T.Load(a3 + p);
            c30 = T.MultiplyAdd(y, x0, c30);
            c31 = T.MultiplyAdd(y, x1, c31);
            c32 = T.MultiplyAdd(y, x2, c32);
            c33 = T.MultiplyAdd(y, x3, c33);
        }
        if (p < k)
        {
            int lanes = k - (int)p;
            T x0 = T.LoadFirst(b0 + p, lanes), x1 = T.LoadFirst(b1 + p, lanes), x2 = T.LoadFirst(b2 + p, lanes),
                x3 = T.LoadFirst(b3 + p, lanes);
            T y = T.LoadFirst(a0 + p, lanes);
            c00 = T.MultiplyAdd(y, x0, c00);
            c01 = T.MultiplyAdd(y, x1, c01);
            c02 = T.MultiplyAdd(y, x2, c02);
            c03 = T.MultiplyAdd(y, x3, c03);
            y = T.LoadFirst(a1 + p, lanes);
            c10 = T.MultiplyAdd(y, x0, c10);
            c11 = T.MultiplyAdd(y, x1, c11);
            c12 = T.MultiplyAdd(y, x2, c12);
            c13 = T.MultiplyAdd(y, x3, c13);
            y = T.LoadFirst(a2 + p, lanes);
            c20 = T.MultiplyAdd(y, x0, c20);
            c21 = T.MultiplyAdd(y, x1, c21);
            c22 = T.MultiplyAdd(y, x2, c22);
            c23 = T.MultiplyAdd(y, x3, c23);
            y = T.LoadFirst(a3 + p, lanes);
            c30 = T.MultiplyAdd(y, x0, c30);
            c31 = T.MultiplyAdd(y, x1, c31);
            c32 = T.MultiplyAdd(y, x2, c32);
            c33 = T.MultiplyAdd(y, x3, c33);
        }
        T.StoreSums(c00, c01, c02, c03, sums);
        T.StoreSums(c10, c11, c12, c13, sums + 4);
        T.StoreSums(c20, c21, c22, c23, sums + 8);
        T.StoreSums(c30, c31, c32, c33, sums + 12);
    }

    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile2(float* a0, float* b0, int rows, int columns, int first, int k, float* sums)
    {
        float* a1 = a0 + (nint)(rows - 1) * k;
        float* b1 = b0 + (nint)Math.Min(1, columns - 1) * k, b2 = b0 + (nint)Math.Min(2, columns - 1) * k,
            b3 = b0 + (nint)Math.Min(3, columns - 1) * k;
        T c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        nint p = first;
        for (; p < k; p += PartialSums)
        {
            int lanes = (int)Math.Min(T.Count, k - p);
            T x0, x1, x2, x3, y0, y1;
            if (lanes == T.Count)
                (x0, x1, x2, x3, y0, y1) = (T.Load(b0 + p), T.Load(b1 + p), T.Load(b2 + p), T.Load(b3 + p), T.Load(a0 + p), T.Load(a1 + p));
            else
            {
                (x0, x1, x2) = (T.LoadFirst(b0 + p, lanes), T.LoadFirst(b1 + p, lanes), T.LoadFirst(b2 + p, lanes));
                (x3, y0, y1) = (T.LoadFirst(b3 + p, lanes), T.LoadFirst(a0 + p, lanes), T.LoadFirst(a1 + p, lanes));
            }
            c00 = T.MultiplyAdd(y0, x0, c00);
            c01 = T.MultiplyAdd(y0, x1, c01);
            c02 = T.MultiplyAdd(y0, x2, c02);
            c03 = T.MultiplyAdd(y0, x3, c03);
            c10 = T.MultiplyAdd(y1, x0, c10);
            c11 = T.MultiplyAdd(y1, x1, c11);
            c12 = T.MultiplyAdd(y1, x2, c12);
            c13 = T.MultiplyAdd(y1, x3, c13);
        }
        T.StoreSums(c00, c01, c02, c03, sums);
        T.StoreSums(c10, c11, c12, c13, sums + 4);
    }
}
