using System.Runtime.CompilerServices;
using NativeNN.Backends.Simd;
using static System.Runtime.CompilerServices.MethodImplOptions;

namespace NativeNN.Bench.Ladder;

/// <summary>
/// The same with a register of neighbouring j at a time: 16 with AVX-512, 8 with AVX2, multiplied and added by one instruction. The last
/// register of a row stores only what belongs to it.
/// Limited by: loads and stores. Each multiply–add still loads a register of B and one of C, and stores it: in the time of one store the
/// CPU could do two multiply–adds.
/// </summary>
internal static unsafe class Gemm3Vectors<T>
    where T : struct, ILanes<T>
{
    [MethodImpl(AggressiveOptimization | NoInlining)]
    public static void Multiply(float* a, float* b, float* c, int m, int n, int k)
    {
        new Span<float>(c, m * n).Clear();
        for (int i = 0; i < m; i++)
            for (int p = 0; p < k; p++)
            {
                T factor = T.All(a[i * k + p]);
                float* from = b + p * n, to = c + i * n;
                for (int j = 0; j < n; j += T.Count)
                    T.MultiplyAdd(factor, T.Load(from + j), T.Load(to + j)).StoreFirst(to + j, Math.Min(T.Count, n - j));
            }
    }
}
