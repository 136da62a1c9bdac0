namespace NativeNN.Exercises;

//  5. Y = X + b with X: [m, n] and b: [n], which is added to each row. Given dY: [m, n], what are ∂loss/∂X: [m, n] and ∂loss/∂b: [n]?
//  Hint: b_j is used m times, and gradients of several uses add up. Sum(Axis.Rows) adds up the rows.
public sealed class AddRow(Tensor x, Tensor b) : Function(x, b)
{
    protected override Tensor Forward() => x + b;

    protected override Tensor?[] Backward(Tensor dY) => throw new NotImplementedException("∂loss/∂X and ∂loss/∂b of a broadcast sum");
}
