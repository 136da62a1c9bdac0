namespace NativeNN;

//  Y = A·B       A: [m, k]   B: [k, n]   Y: [m, n]
//  dA = dY·Bᵀ    [m, n]·[n, k]           dB = Aᵀ·dY    [k, m]·[m, n]
//
//  Why: y_ij = Σ_p a_ip·b_pj. Moving a_ip moves row i of Y, y_ij by b_pj; moving b_pj moves column j, y_ij by a_ip. Summed over what moves:
//    dA_ip = Σ_j dY_ij·b_pj = (dY·Bᵀ)_ip        dB_pj = Σ_i a_ip·dY_ij = (Aᵀ·dY)_pj        No other product would have these shapes.
//
//  With op(A) = Aᵀ the same formulas hold for op(A), so dA is the transpose of dY·op(B)ᵀ: op(B)·dYᵀ. Nothing is ever transposed in memory.
internal sealed class MatMulOp(Tensor a, Tensor b, bool transposeA, bool transposeB) : Op(a, b)
{
    internal bool TransposeA => transposeA;

    internal bool TransposeB => transposeB;

    private readonly int m = transposeA ? a.Columns : a.Rows, k = transposeA ? a.Rows : a.Columns, n = transposeB ? b.Rows : b.Columns;

    protected override Tensor Forward()
    {
        if ((transposeB ? b.Columns : b.Rows) != k)
            throw new ShapeException(
                $"MatMul: a is {Describe(a, transposeA)} but b is {Describe(b, transposeB)}; a's columns must equal b's rows");
        var y = NewTensor((m, n));
        Kernels.Gemm(transposeA, a.Storage, transposeB, b.Storage, y.Storage, m, n, k);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (a.RequiresGrad)
        {
            var dA = GradientOf(a, out bool accumulate);
            if (transposeA)
                Kernels.Gemm(transposeB, Saved(b), transposeB: true, dY.Storage, dA, k, m, n, accumulate);
            else
                Kernels.Gemm(transposeA: false, dY.Storage, !transposeB, Saved(b), dA, m, k, n, accumulate);
        }
        if (b.RequiresGrad)
        {
            var dB = GradientOf(b, out bool accumulate);
            if (transposeB)
                Kernels.Gemm(transposeA: true, dY.Storage, transposeA, Saved(a), dB, n, k, m, accumulate);
            else
                Kernels.Gemm(!transposeA, Saved(a), transposeB: false, dY.Storage, dB, k, n, m, accumulate);
        }
    }

    internal static readonly OpCase[] Cases =
    [
        new("MatMul", [(5, 7), (7, 3)], t => t[0].MatMul(t[1])),
        new("MatMul transposeA", [(33, 17), (33, 5)], t => t[0].MatMul(t[1], transposeA: true)),
        new("MatMul transposeB", [(3, 65), (19, 65)], t => t[0].MatMul(t[1], transposeB: true)),
        new("MatMul transposeA transposeB", [(9, 35), (2, 9)], t => t[0].MatMul(t[1], transposeA: true, transposeB: true)),
        new("MatMul outer product", [(13, 1), (1, 21)], t => t[0].MatMul(t[1])),
        new("MatMul of a tensor with itself", [(6, 6)], t => t[0].MatMul(t[0])),
    ];

    private static string Describe(Tensor x, bool transposed) => transposed ? $"{x.Shape} transposed" : x.Shape.ToString();
}

public sealed partial class Tensor
{
    /// <summary>
    /// op(this)·op(other), op transposing where asked. [m, k]·[k, n] → [m, n]; as in PyTorch a vector on the left counts as a row, on the
    /// right as a column, and its dimension is dropped from the result. Throws ShapeException if the inner sizes differ.
    /// </summary>
    public Tensor MatMul(Tensor other, bool transposeA = false, bool transposeB = false)
    {
        if (Shape.Rank == 2 && other.Shape.Rank == 2)
            return Op.Apply(new MatMulOp(this, other, transposeA, transposeB));
        if (Shape.Rank == 0 || other.Shape.Rank == 0)
            throw new ShapeException($"MatMul: a is {Shape} and b is {other.Shape}; both need at least one dimension, use * for numbers");
        var row = Shape.Rank == 1 ? Reshape((1, Columns)) : this;
        var column = other.Shape.Rank == 1 ? other.Reshape((other.Columns, 1)) : other;
        var product = row.MatMul(column, transposeA && Shape.Rank == 2, transposeB && other.Shape.Rank == 2);
        return product.Reshape(Shape.Rank == 2 ? product.Rows : other.Shape.Rank == 2 ? product.Columns : Shape.Scalar);
    }
}
