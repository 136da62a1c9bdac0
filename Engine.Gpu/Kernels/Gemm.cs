using ILGPU;

namespace NativeNN.Gpu.Kernels;

// C = op(A)·op(B) (+ bias) (+ C) (ReLU): what every version shares. Row-major throughout; op(A): [m, k], op(B): [k, n], C: [m, n].

/// <summary>Every version's parameters. flags: the bits of <see cref="Gemm"/>; bias is any buffer where there is none.</summary>
internal delegate void GemmKernel(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> bias, int m, int n, int k,
    int flags);

/// <summary>
/// How A and B lie in memory. A type, so that each of the four pairs is compiled for itself and asks nothing at run time.
/// </summary>
internal interface ILayout
{
    /// <summary>A is stored [k, m].</summary>
    static abstract bool TransposeA { get; }

    /// <summary>B is stored [n, k].</summary>
    static abstract bool TransposeB { get; }
}

/// <summary>A·B.</summary>
internal readonly struct Plain : ILayout
{
    public static bool TransposeA => false;

    public static bool TransposeB => false;
}

/// <summary>A·Bᵀ.</summary>
internal readonly struct BTransposed : ILayout
{
    public static bool TransposeA => false;

    public static bool TransposeB => true;
}

/// <summary>Aᵀ·B.</summary>
internal readonly struct ATransposed : ILayout
{
    public static bool TransposeA => true;

    public static bool TransposeB => false;
}

/// <summary>Aᵀ·Bᵀ.</summary>
internal readonly struct BothTransposed : ILayout
{
    public static bool TransposeA => true;

    public static bool TransposeB => true;
}

internal static class Gemm
{
    /// <summary>Bits of the flags argument. Their branches are the same for all threads.</summary>
    public const int Accumulate = 1, Bias = 2, ClampAtZero = 4;

    /// <summary>The last step of every version: bias, ReLU, then C.</summary>
    public static void Store(ArrayView<float> c, ArrayView<float> bias, int flags, int n, int i, int j, float sum)
    {
        if ((flags & Bias) != 0)
            sum += bias[j];
        if ((flags & ClampAtZero) != 0)
            sum = sum < 0 ? 0f : sum;
        c[i * n + j] = (flags & Accumulate) != 0 ? c[i * n + j] + sum : sum;
    }

    /// <summary>
    /// x[row, column .. column+3] of a matrix [rows, columns], zeros outside: one 16-byte load where the row length keeps rows aligned.
    /// </summary>
    public static Float4 Load4(ArrayView<float> x, int row, int column, int rows, int columns)
    {
        if (row >= rows || column >= columns)
            return new Float4(0f, 0f, 0f, 0f);
        int at = row * columns + column;
        if (columns % 4 == 0)
            return x.Cast<Float4>()[at / 4];
        return new Float4(x[at], column + 1 < columns ? x[at + 1] : 0f, column + 2 < columns ? x[at + 2] : 0f,
            column + 3 < columns ? x[at + 3] : 0f);
    }

    /// <summary>Store for four neighbouring columns, any of which may lie outside.</summary>
    public static void Store4(ArrayView<float> c, ArrayView<float> bias, int flags, int m, int n, int i, int j, Float4 sum)
    {
        if (i >= m || j >= n)
            return;
        if (n % 4 == 0)
        {
            var c4 = c.Cast<Float4>();
            int at = (i * n + j) / 4;
            if ((flags & Bias) != 0)
                sum += bias.Cast<Float4>()[j / 4];
            if ((flags & ClampAtZero) != 0)
                sum = new Float4(sum.X < 0 ? 0f : sum.X, sum.Y < 0 ? 0f : sum.Y, sum.Z < 0 ? 0f : sum.Z, sum.W < 0 ? 0f : sum.W);
            c4[at] = (flags & Accumulate) != 0 ? c4[at] + sum : sum;
            return;
        }
        Store(c, bias, flags, n, i, j, sum.X);
        if (j + 1 < n)
            Store(c, bias, flags, n, i, j + 1, sum.Y);
        if (j + 2 < n)
            Store(c, bias, flags, n, i, j + 2, sum.Z);
        if (j + 3 < n)
            Store(c, bias, flags, n, i, j + 3, sum.W);
    }
}
