using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using NativeNN.Random;

namespace NativeNN;

// Initialisers that draw first and then shape what they drew.
public static partial class Init
{
    //  A normal cut to [low, high], by the inverse of its distribution function:
    //  x uniform on 2Φ((low-mean)/std) - 1 … 2Φ((high-mean)/std) - 1,   w = erf⁻¹(x)·std·√2 + mean, clamped
    //  The draws are PyTorch's; erf⁻¹ is computed in float64 here and may differ from PyTorch's float32 one by 3 ulp.
    internal static void TruncatedNormal(
        Span<float> weight, Generator generator, double mean, double std, double low, double high)
    {
        double Phi(double bound) => (1.0 + SpecialFunctions.Erf((bound - mean) / std / Math.Sqrt(2.0))) / 2.0;
        generator.Uniform(weight, (2 * Phi(low)) - 1, (2 * Phi(high)) - 1);
        float scale = (float)(std * Math.Sqrt(2.0));
        foreach (ref float w in weight)
        {
            float standard = (float)SpecialFunctions.ErfInv(w);
            w = Math.Clamp((standard * scale) + (float)mean, (float)low, (float)high);
        }
    }

    //  Saxe et al. (2013): the Q of a random normal matrix, with signs such that R has a positive diagonal;
    //  rows orthonormal if rows ≤ columns, else columns. The draws are PyTorch's; Q agrees to about 1e-6.
    internal static void Orthogonal(Span<float> weight, int rows, int columns, Generator generator, double gain)
    {
        generator.Normal(weight, mean: 0, std: 1);
        if (weight.IsEmpty)
            return;
        // Row-major storage read as column-major is the transpose: [columns, rows].
        double[] values = new double[weight.Length];
        for (int k = 0; k < values.Length; k++)
            values[k] = weight[k];
        var transposed = Matrix<double>.Build.Dense(columns, rows, values);
        bool wide = rows < columns;
        QR<double> qr = (wide ? transposed : transposed.Transpose()).QR(QRMethod.Thin);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int vector = wide ? row : column; // the index of the orthonormal vector this entry belongs to
                double q = wide ? qr.Q[column, row] : qr.Q[row, column];
                weight[(row * columns) + column] = (float)(q * Math.Sign(qr.R[vector, vector])) * (float)gain;
            }
        }
    }

    //  Martens (2010): normals, then in every column ⌈sparsity·rows⌉ rows picked by a random permutation become zero.
    internal static void Sparse(Span<float> weight, int rows, int columns, Generator generator, double sparsity, double std)
    {
        int zeros = (int)Math.Ceiling(sparsity * rows);
        generator.Normal(weight, mean: 0, std);
        for (int column = 0; column < columns; column++)
        {
            int[] order = generator.RandPerm(rows);
            foreach (int row in order.AsSpan(0, zeros))
                weight[(row * columns) + column] = 0f;
        }
    }

    //  The identity, cut or padded with zeros where the matrix is not square.
    internal static void Eye(Span<float> weight, int rows, int columns)
    {
        weight.Clear();
        for (int k = 0; k < Math.Min(rows, columns); k++)
            weight[(k * columns) + k] = 1f;
    }
}
