using ILGPU;
using NativeNN.Backends;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// For OpenCL devices that are CPUs: no barrier, no shared memory (both are emulated there), groups of one thread, each with 8×16 of C in named sums.
/// The driver's compiler turns the 16 neighbours of a row into vectors. B comes packed: [k, width], width a multiple of 16, zeros beyond n.
/// </summary>
internal static class GemmCpu
{
    public const int Rows = 8, Columns = 16;

    public static void Run<TLayout>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k, int flags)
        where TLayout : struct, ILayout
    {
        int i0 = Grid.IdxY * Rows, j0 = Grid.IdxX * Columns, width = Grid.DimX * Columns;
        int at0 = RowStart<TLayout>(i0, m, k), at1 = RowStart<TLayout>(i0 + 1, m, k), at2 = RowStart<TLayout>(i0 + 2, m, k);
        int at3 = RowStart<TLayout>(i0 + 3, m, k), at4 = RowStart<TLayout>(i0 + 4, m, k), at5 = RowStart<TLayout>(i0 + 5, m, k);
        int at6 = RowStart<TLayout>(i0 + 6, m, k), at7 = RowStart<TLayout>(i0 + 7, m, k), step = TLayout.TransposeA ? m : 1;
        Float16 sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (int p = 0; p < k; p++)
        {
            var right = Float16.Load(b, p * width + j0);
            sum0 = sum0.Add(a[at0 + p * step], right);
            sum1 = sum1.Add(a[at1 + p * step], right);
            sum2 = sum2.Add(a[at2 + p * step], right);
            sum3 = sum3.Add(a[at3 + p * step], right);
            sum4 = sum4.Add(a[at4 + p * step], right);
            sum5 = sum5.Add(a[at5 + p * step], right);
            sum6 = sum6.Add(a[at6 + p * step], right);
            sum7 = sum7.Add(a[at7 + p * step], right);
        }
        sum0.Store(c, bias, flags, m, n, i0, j0);
        sum1.Store(c, bias, flags, m, n, i0 + 1, j0);
        sum2.Store(c, bias, flags, m, n, i0 + 2, j0);
        sum3.Store(c, bias, flags, m, n, i0 + 3, j0);
        sum4.Store(c, bias, flags, m, n, i0 + 4, j0);
        sum5.Store(c, bias, flags, m, n, i0 + 5, j0);
        sum6.Store(c, bias, flags, m, n, i0 + 6, j0);
        sum7.Store(c, bias, flags, m, n, i0 + 7, j0);
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

/// <summary>16 neighbouring sums of a row of C.</summary>
internal readonly struct Float16(Float4 a, Float4 b, Float4 c, Float4 d)
{
    private readonly Float4 a = a, b = b, c = c, d = d;

    /// <summary>Sixteen floats from x[at] on.</summary>
    public static Float16 Load(ArrayView<float> x, int at) => new(Load4(x, at), Load4(x, at + 4), Load4(x, at + 8), Load4(x, at + 12));

    /// <summary>this + factor · right.</summary>
    public Float16 Add(float factor, Float16 right) => new(Add4(a, factor, right.a), Add4(b, factor, right.b), Add4(c, factor, right.c), Add4(d, factor, right.d));

    /// <summary>To C[i, j ..]; a row or columns outside are left out.</summary>
    public void Store(ArrayView<float> target, ArrayView<float> bias, int flags, int m, int n, int i, int j)
    {
        Gemm.Store4(target, bias, flags, m, n, i, j, a);
        Gemm.Store4(target, bias, flags, m, n, i, j + 4, b);
        Gemm.Store4(target, bias, flags, m, n, i, j + 8, c);
        Gemm.Store4(target, bias, flags, m, n, i, j + 12, d);
    }

    private static Float4 Load4(ArrayView<float> x, int at) => new(x[at], x[at + 1], x[at + 2], x[at + 3]);

    private static Float4 Add4(Float4 sum, float factor, Float4 x) => new(ScalarMath.MultiplyAdd(factor, x.X, sum.X), ScalarMath.MultiplyAdd(factor, x.Y, sum.Y),
        ScalarMath.MultiplyAdd(factor, x.Z, sum.Z), ScalarMath.MultiplyAdd(factor, x.W, sum.W));
}
