namespace NativeNN.Exercises;

//  1. y = σ(x) = 1/(1 + e⁻ˣ). Given dY = ∂loss/∂y, what is ∂loss/∂x = dY ∘ dy/dx?
//  Hint: differentiate 1/(1 + e⁻ˣ), then write what comes out with y alone.
public sealed class Sigmoid(Tensor x) : Function(x)
{
    private Tensor? y; // forward leaves it for backward

    protected override Tensor Forward() => y = x.Sigmoid();

    protected override Tensor?[] Backward(Tensor dY) => throw new NotImplementedException("∂loss/∂x of the sigmoid");
}
