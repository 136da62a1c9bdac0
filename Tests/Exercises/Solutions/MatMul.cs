namespace NativeNN.Exercises;

//  2. Y = A·B with A: [m, k] and B: [k, n]. Given dY: [m, n], what are ∂loss/∂A: [m, k] and ∂loss/∂B: [k, n]?
//  Hint: of what does y_ij = Σ_p a_ip·b_pj depend? The shapes leave one product for each.
//  MatMul(other, transposeA: true) takes the left one transposed, transposeB the right one.
public sealed class MatMul(Tensor a, Tensor b) : Function(a, b)
{
    protected override Tensor Forward() => a.MatMul(b);

    //  dA = dY·Bᵀ        dB = Aᵀ·dY
    protected override Tensor?[] Backward(Tensor dY) => [dY.MatMul(b, transposeB: true), a.MatMul(dY, transposeA: true)];
}
