using ILGPU;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// Version 1: one thread, one element of C. Neighbouring threads have neighbouring j, so the loads of B and the stores of C are coalesced:
/// a warp reads one run of memory. What limits it: 2 loads from global memory for each multiply–add.
/// </summary>
internal static class Gemm1Naive
{
    public const int Tile = 16;

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
        int flags)
        where TLayout : struct, ILayout
    {
        int i = Grid.IdxY * Tile + Group.IdxX / Tile, j = Grid.IdxX * Tile + Group.IdxX % Tile;
        if (i >= m || j >= n)
            return;
        float sum = 0;
        for (int p = 0; p < k; p++)
            sum += (TLayout.TransposeA ? a[p * m + i] : a[i * k + p]) * (TLayout.TransposeB ? b[j * k + p] : b[p * n + j]);
        Gemm.Store(c, bias, flags, n, i, j, sum);
    }
}
