using System.Runtime.CompilerServices;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Bench.Ladder;

/// <summary>
/// C[i, j] = Σ_p A[i, p]·B[p, j] as it is written: three loops. Each multiply–add waits for the one before it, as they share one sum (four
/// cycles), and for a value of B n cells further on: a cache line of sixteen values is fetched for one of them, and again for the next j.
/// Limited by: the chain of additions while B is in cache, the cache misses on B from there on.
/// </summary>
internal static unsafe class Gemm1Naive
{
    [MethodImpl(AggressiveOptimization)]
    public static void Multiply(float* a, float* b, float* c, int m, int n, int k)
    {
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                    sum += a[i * k + p] * b[p * n + j];
                c[i * n + j] = sum;
            }
    }
}
