using MathNet.Numerics.LinearAlgebra;

namespace NativeNN.Analysis;

/// <summary>
/// Sizes of a weight matrix: Frobenius norm, singular values, condition number. Matrices are row-major; results are float64.
/// </summary>
public static class MatrixNorms
{
    /// <summary>√Σ aᵢⱼ² of a float32 matrix, summed in float64.</summary>
    public static double Frobenius(ReadOnlySpan<float> matrix)
    {
        double sum = 0;
        foreach (float a in matrix)
            sum += (double)a * a;
        return Math.Sqrt(sum);
    }

    /// <summary>√Σ aᵢⱼ² of a float64 matrix; ∞ if the squares overflow, as in NumPy.</summary>
    public static double Frobenius(ReadOnlySpan<double> matrix)
    {
        double sum = 0;
        foreach (double a in matrix)
            sum += a * a;
        return Math.Sqrt(sum);
    }

    /// <summary>√(Σ aᵢⱼ²/n) of n values: the size of a typical one.</summary>
    public static double RootMeanSquare(ReadOnlySpan<float> matrix) => Frobenius(matrix) / Math.Sqrt(matrix.Length);

    /// <summary>√Σ (aᵢⱼ − bᵢⱼ)², the difference rounded to float32 as the subtraction of two float32 matrices is.</summary>
    public static double FrobeniusDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"FrobeniusDistance: got {a.Length} values and {b.Length}, needs as many of both");
        double sum = 0;
        for (int k = 0; k < a.Length; k++)
        {
            double difference = a[k] - b[k];
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }

    /// <summary>
    /// The min(rows, columns) singular values of a float32 matrix, largest first. Throws ArgumentException if the length is not rows ×
    /// columns, or a value is NaN or infinite.
    /// </summary>
    public static double[] SingularValues(ReadOnlySpan<float> matrix, int rows, int columns) =>
        SingularValues(Statistics.Widen(matrix), rows, columns);

    /// <summary>
    /// The min(rows, columns) singular values of a float64 matrix, largest first. Throws ArgumentException if the length is not rows ×
    /// columns, or a value is NaN or infinite.
    /// </summary>
    public static double[] SingularValues(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        if (rows < 1 || columns < 1 || matrix.Length != (long)rows * columns)
            throw new ArgumentException($"SingularValues: got {matrix.Length} values, which are no matrix of {rows}×{columns}");
        double largest = 0;
        foreach (double a in matrix)
        {
            if (!double.IsFinite(a))
                throw new ArgumentException($"SingularValues: SVD did not converge, the matrix contains {a}");
            largest = Math.Max(largest, Math.Abs(a));
        }
        if (largest == 0)
            return new double[Math.Min(rows, columns)];
        // Scaled by a power of two, which is exact, so that no square over- or underflows.
        int exponent = Math.ILogB(largest);
        double[] scaled = new double[matrix.Length];
        for (int k = 0; k < scaled.Length; k++)
            scaled[k] = Math.ScaleB(matrix[k], -exponent);
        // Row-major read as column-major is the transpose, whose singular values are the same; tall is the faster way round.
        var m = Matrix<double>.Build.Dense(columns, rows, scaled);
        var values = (columns >= rows ? m : m.Transpose()).Svd(computeVectors: false).S;
        return [.. values.Select(s => Math.ScaleB(s, exponent))];
    }

    /// <summary>
    /// The 2-norm condition number κ = σ_max/σ_min of a float32 matrix, as <c>numpy.linalg.cond</c>: ∞ for a singular matrix or one that
    /// holds an infinity. NumPy's runs in float32 on float32 data and agrees to about 1e-5. Throws ArgumentException if the matrix holds a
    /// NaN, or has the wrong length.
    /// </summary>
    public static double ConditionNumber(ReadOnlySpan<float> matrix, int rows, int columns) =>
        ConditionNumber(Statistics.Widen(matrix), rows, columns);

    /// <summary>
    /// The 2-norm condition number of a float64 matrix. Throws ArgumentException if the matrix holds a NaN, or has the wrong length.
    /// </summary>
    public static double ConditionNumber(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        bool infinite = false;
        foreach (double a in matrix)
        {
            if (double.IsNaN(a))
                throw new ArgumentException("ConditionNumber: SVD did not converge, the matrix contains NaN");
            infinite |= double.IsInfinity(a);
        }
        if (infinite)
            return double.PositiveInfinity;
        double[] sigma = SingularValues(matrix, rows, columns);
        return sigma[^1] == 0 ? double.PositiveInfinity : sigma[0] / sigma[^1];
    }
}
