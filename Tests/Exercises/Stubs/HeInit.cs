using NativeNN.Random;

namespace NativeNN.Exercises;

//  7. Fill weights, [out, in], with normal numbers of mean 0, so that a signal keeps its size through layer after layer of y = relu(x)·Wᵀ.
//  Hint: y is a sum of `in` terms, so Var y = in·Var w·E[relu(x)²], and a ReLU leaves half of the squares.
//  generator.Normal(values, mean, std) draws, Set(values) overwrites.
public static class HeInit
{
    public static void Fill(Tensor weight, Generator generator) => throw new NotImplementedException("He's initialisation");
}
