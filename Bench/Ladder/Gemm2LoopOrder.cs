using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Bench.Ladder;

/// <summary>
/// The same multiply–adds with the loops over p and j exchanged: row i of C is the sum of B's rows, each times a value of A. Now B and C
/// are read along their rows, so every value of a cache line is used, and neighbouring multiply–adds need not wait for one another.
/// Limited by: one value at a time. Each multiply–add loads two values and stores one.
/// </summary>
internal static unsafe class Gemm2LoopOrder
{
    [MethodImpl(AggressiveOptimization)]
    public static void Multiply(float* a, float* b, float* c, int m, int n, int k)
    {
        new Span<float>(c, m * n).Clear();
        for (int i = 0; i < m; i++)
            for (int p = 0; p < k; p++)
            {
                float factor = a[i * k + p];
                float* from = b + p * n, to = c + i * n;
                for (int j = 0; j < n; j++)
                    to[j] += factor * from[j];
            }
    }
}
