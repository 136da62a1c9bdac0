using NativeNN.Random;

namespace NativeNN.Exercises;

//  8. Inverted dropout: each element is 0 with probability p, else scaled so that its mean stays what it was. Backward sends dY where
//     forward let x pass. 0 ≤ p < 1.
//  Hint: Tensor.Rand(shape, generator) is uniform in [0, 1), and a > 0.25f is 1 where that holds, else 0. Draw once, keep the mask.
public sealed class Dropout(Tensor x, float p, Generator generator) : Function(x)
{
    protected override Tensor Forward() => throw new NotImplementedException($"{x.Shape} with p = {p} from {generator}");

    protected override Tensor?[] Backward(Tensor dY) => throw new NotImplementedException("∂loss/∂x of dropout");
}
