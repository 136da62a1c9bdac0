namespace NativeNN.Exercises;

//  3. Each row x of logits has a row t that is 1 at its class and 0 elsewhere. With p = softmax(x), the loss is the mean over the n rows of
//     −Σ_c t_c·log p_c. What is ∂loss/∂x? dY: [], a number.
//  Hint: log p_c = x_c − log Σ_j e^(x_j), and only one t_c is not 0. Engine/Ops/CrossEntropy.cs has the derivation; try it first.
public sealed class SoftmaxCrossEntropy(Tensor x, Tensor t) : Function(x)
{
    protected override Tensor Forward() => -(t * x.LogSoftmax()).Sum() / x.Rows;

    protected override Tensor?[] Backward(Tensor dY) => throw new NotImplementedException("∂loss/∂x of softmax and cross-entropy");
}
