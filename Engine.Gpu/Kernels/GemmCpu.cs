using System.Runtime.InteropServices;
using ILGPU;
using NativeNN.Backends;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// For OpenCL devices that are CPUs: no barrier, no shared memory (both are emulated there), groups of one thread, each with 8×16 of C in
/// named sums. The driver's compiler turns the 16 neighbours of a row into vectors. B comes packed: [k, width], width a multiple of 16,
/// zeros beyond n.
/// </summary>
internal static class GemmCpu
{
    public const int Rows = 8, Columns = 16;

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
        int flags)
        where TLayout : struct, ILayout
    {
        int i0 = Grid.IdxY * Rows, j16 = Grid.IdxX, width = Grid.DimX; // in sixteens of columns
        int at0 = RowStart<TLayout>(i0, m, k), at1 = RowStart<TLayout>(i0 + 1, m, k), at2 = RowStart<TLayout>(i0 + 2, m, k);
        int at3 = RowStart<TLayout>(i0 + 3, m, k), at4 = RowStart<TLayout>(i0 + 4, m, k), at5 = RowStart<TLayout>(i0 + 5, m, k);
        int at6 = RowStart<TLayout>(i0 + 6, m, k), at7 = RowStart<TLayout>(i0 + 7, m, k), step = TLayout.TransposeA ? m : 1;
        var b16 = b.Cast<Float16>();
        Float16 sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default,
            sum7 = default;
        for (int p = 0; p < k; p++)
        {
            var right = b16[p * width + j16];
            sum0 = sum0.Add(a[at0 + p * step], right);
            sum1 = sum1.Add(a[at1 + p * step], right);
            sum2 = sum2.Add(a[at2 + p * step], right);
            sum3 = sum3.Add(a[at3 + p * step], right);
            sum4 = sum4.Add(a[at4 + p * step], right);
            sum5 = sum5.Add(a[at5 + p * step], right);
            sum6 = sum6.Add(a[at6 + p * step], right);
            sum7 = sum7.Add(a[at7 + p * step], right);
        }
        // Through memory of the thread's own: whole vectors go there, single cells from there to C.
        var sums = LocalMemory.Allocate<Float16>(Rows);
        sums[0] = sum0;
        sums[1] = sum1;
        sums[2] = sum2;
        sums[3] = sum3;
        sums[4] = sum4;
        sums[5] = sum5;
        sums[6] = sum6;
        sums[7] = sum7;
        var cells = sums.Cast<float>();
        for (int i = 0; i < Rows && i0 + i < m; i++)
            for (int j = 0; j < Columns && j16 * Columns + j < n; j++)
                Gemm.Store(c, bias, flags, n, i0 + i, j16 * Columns + j, cells[i * Columns + j]);
    }

    /// <summary>packed[p, j] = op(B)[p, j], zeros from n to width.</summary>
    public static void Pack(ArrayView<float> b, ArrayView<float> packed, int n, int k, int width, int transposed)
    {
        for (int i = ThreadGrid.First; i < k * width; i += ThreadGrid.All)
        {
            int p = i / width, j = i - p * width;
            packed[i] = j >= n ? 0f : transposed != 0 ? b[j * k + p] : b[p * n + j];
        }
    }

    // Where row i of op(A) begins; rows beyond m repeat the last one and are not stored.
    private static int RowStart<TLayout>(int i, int m, int k)
        where TLayout : struct, ILayout
    {
        int row = i < m ? i : m - 1;
        return TLayout.TransposeA ? row : row * k;
    }
}

/// <summary>16 neighbouring sums of a row of C, or cells of a row of B.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Float16(Float4 a, Float4 b, Float4 c, Float4 d)
{
    private Float4 a = a, b = b, c = c, d = d;

    /// <summary>this + factor · right.</summary>
    public readonly Float16 Add(float factor, Float16 right) =>
        new(Add(a, factor, right.a), Add(b, factor, right.b), Add(c, factor, right.c), Add(d, factor, right.d));

    private static Float4 Add(Float4 sum, float factor, Float4 x) => new(ScalarMath.MultiplyAdd(factor, x.X, sum.X),
        ScalarMath.MultiplyAdd(factor, x.Y, sum.Y), ScalarMath.MultiplyAdd(factor, x.Z, sum.Z), ScalarMath.MultiplyAdd(factor, x.W, sum.W));
}
