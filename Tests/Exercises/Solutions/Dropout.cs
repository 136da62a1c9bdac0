using NativeNN.Random;

namespace NativeNN.Exercises;

//  8. Inverted dropout: each element is 0 with probability p, else scaled so that its mean stays what it was. Backward sends dY where
//     forward let x pass. 0 ≤ p < 1.
//  Hint: Tensor.Rand(shape, generator) is uniform in [0, 1), and a > 0.25f is 1 where that holds, else 0. Draw once, keep the mask.
public sealed class Dropout(Tensor x, float p, Generator generator) : Function(x)
{
    private Tensor? mask;

    //  E[y] = (1 − p)·x/(1 − p) = x
    protected override Tensor Forward()
    {
        var draws = Tensor.Rand(x.Shape, generator);
        mask = (Tensor.Full(x.Shape, 1) - (draws < p)) / (1 - p);
        return x * mask;
    }

    protected override Tensor?[] Backward(Tensor dY) => [dY * mask!];
}
