using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using NativeNN.Random;

namespace NativeNN;

// Initialisers that draw first and then shape what they drew.
public static partial class Init
{
    //  By the inverse of the distribution function, Φ that of the standard normal:
    //  x uniform on 2Φ((low − mean)/std) − 1 … 2Φ((high − mean)/std) − 1,   w = erf⁻¹(x)·std·√2 + mean, clamped
    //  The draws are PyTorch's; erf⁻¹ is computed in float64 here and may differ from PyTorch's float32 one by 3 ulp.

    /// <summary>
    /// Normal, cut to [low, high]. Within 3 ulp of PyTorch 1.13. Throws ArgumentException unless std &gt; 0 and low &lt; high.
    /// low and high are values, not multiples of std: with std 1e-3 and the default ±2 nothing is cut off, and one draw in 2²⁴ is
    /// erf⁻¹(−1) = −∞, clamped to −2, that is to −2000·std. PyTorch has the same (its issue 155588); give bounds in proportion to std.
    /// </summary>
    public static void TruncatedNormal(
        Tensor tensor, Generator generator, double mean = 0, double std = 1, double low = -2, double high = 2)
    {
        if (!(low < high) || !(std > 0))
            throw new ArgumentException($"TruncatedNormal: got std {std} and [{low}, {high}], needs std > 0 and low < high");
        double Phi(double bound) => (1.0 + SpecialFunctions.Erf((bound - mean) / std / Math.Sqrt(2.0))) / 2.0;
        float scale = (float)(std * Math.Sqrt(2.0));
        Fill(tensor, values =>
        {
            generator.Uniform(values, 2 * Phi(low) - 1, 2 * Phi(high) - 1);
            foreach (ref float w in values)
            {
                float standard = (float)SpecialFunctions.ErfInv(w);
                w = Math.Clamp(standard * scale + (float)mean, (float)low, (float)high);
            }
        });
    }

    //  The Q of a random normal matrix, with signs such that R has a positive diagonal. Saxe et al. 2013.
    //  The draws are PyTorch's; its QR rounds differently.

    /// <summary>
    /// Orthonormal rows (or columns, whichever are fewer), times gain. weight: [out, in]. Within 2e-6 of PyTorch 1.13.
    /// Throws ShapeException unless it has two dimensions.
    /// </summary>
    public static void Orthogonal(Tensor weight, Generator generator, double gain = 1)
    {
        var (rows, columns) = Matrix("Orthogonal", weight, "Only tensors with 2 or more dimensions are supported");
        Fill(weight, values =>
        {
            generator.Normal(values, mean: 0, std: 1);
            if (values.IsEmpty)
                return;
            // Row-major storage read as column-major is the transpose: [columns, rows].
            double[] drawn = new double[values.Length];
            for (int k = 0; k < drawn.Length; k++)
                drawn[k] = values[k];
            var transposed = Matrix<double>.Build.Dense(columns, rows, drawn);
            bool wide = rows < columns; // Q's columns are then the weight's rows
            QR<double> qr = (wide ? transposed : transposed.Transpose()).QR(QRMethod.Thin);
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++)
                {
                    var (vector, element) = wide ? (row, column) : (column, row);
                    values[row * columns + column] = (float)(qr.Q[element, vector] * Math.Sign(qr.R[vector, vector])) * (float)gain;
                }
        });
    }

    //  Each input reaches only a share of the next layer's units. Martens 2010, in PyTorch's form.

    /// <summary>
    /// Normal with that std, then in every column ⌈sparsity·rows⌉ rows, picked by a random permutation, become zero. weight: [out, in].
    /// Throws ShapeException unless it has two dimensions, ArgumentException for a sparsity outside [0, 1].
    /// </summary>
    public static void Sparse(Tensor weight, Generator generator, double sparsity, double std = 0.01)
    {
        var (rows, columns) = Matrix("Sparse", weight, "Only tensors with 2 dimensions are supported");
        if (!(sparsity is >= 0 and <= 1))
            throw new ArgumentException($"Sparse: got a share of zeros of {sparsity}, needs one in [0, 1]");
        int zeros = (int)Math.Ceiling(sparsity * rows);
        Fill(weight, values =>
        {
            generator.Normal(values, mean: 0, std);
            for (int column = 0; column < columns; column++)
                foreach (int row in generator.RandPerm(rows).AsSpan(0, zeros))
                    values[row * columns + column] = 0;
        });
    }
}
