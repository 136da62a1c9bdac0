using System.Runtime.CompilerServices;
using NativeNN.Backends.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Bench.Ladder;

/// <summary>
/// A tile of C, four rows of two registers, stays in registers for all of k: eight sums at once, which hide that a multiply–add takes four
/// cycles, and each step of p loads two registers of B and four values of A for eight multiply–adds. C is stored once.
/// Limited by: memory. The rows of B are n cells apart, so each step may touch another page, and all of B passes by once for every four
/// rows of A: while B is in cache that hardly shows, beyond it does.
/// </summary>
internal static unsafe class Gemm4RegisterTile<T>
    where T : struct, ILanes<T>
{
    public static void Multiply(float* a, float* b, float* c, int m, int n, int k)
    {
        for (int j = 0; j < n; j += 2 * T.Count)
            for (int i = 0; i < m; i += 4)
                Tile(a, b + j, c + j, i, Math.Min(i + 1, m - 1), Math.Min(i + 2, m - 1), Math.Min(i + 3, m - 1), n, k, columns: n - j);
    }

    // Rows past the last one are the last one again. columns: how many there are from here on; those past them are not stored.
    [MethodImpl(AggressiveOptimization | NoInlining)]
    private static void Tile(float* a, float* b, float* c, int i0, int i1, int i2, int i3, int n, int k, int columns)
    {
        float* a0 = a + i0 * k, a1 = a + i1 * k, a2 = a + i2 * k, a3 = a + i3 * k;
        T c00 = T.Zero, c01 = T.Zero, c10 = T.Zero, c11 = T.Zero, c20 = T.Zero, c21 = T.Zero, c30 = T.Zero, c31 = T.Zero;
        for (int p = 0; p < k; p++, b += n)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count);
            (c00, c01) = (T.MultiplyAdd(T.All(a0[p]), b0, c00), T.MultiplyAdd(T.All(a0[p]), b1, c01));
            (c10, c11) = (T.MultiplyAdd(T.All(a1[p]), b0, c10), T.MultiplyAdd(T.All(a1[p]), b1, c11));
            (c20, c21) = (T.MultiplyAdd(T.All(a2[p]), b0, c20), T.MultiplyAdd(T.All(a2[p]), b1, c21));
            (c30, c31) = (T.MultiplyAdd(T.All(a3[p]), b0, c30), T.MultiplyAdd(T.All(a3[p]), b1, c31));
        }
        int first = Math.Min(columns, T.Count), second = Math.Clamp(columns - T.Count, 0, T.Count);
        Store(c + i0 * n, c00, c01);
        Store(c + i1 * n, c10, c11);
        Store(c + i2 * n, c20, c21);
        Store(c + i3 * n, c30, c31);

        void Store(float* row, T left, T right)
        {
            left.StoreFirst(row, first);
            right.StoreFirst(row + T.Count, second);
        }
    }
}
