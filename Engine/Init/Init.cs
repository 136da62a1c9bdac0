using NativeNN.Random;

namespace NativeNN;

public static partial class Init
{
    /// <summary>
    /// What a new Linear layer gets, as PyTorch's: weight [out, in] kaiming-uniform with a = √5, that is uniform in ±1/√in, then bias [out] likewise.
    /// </summary>
    public static void LinearDefault(Tensor weight, Tensor? bias, Generator generator)
    {
        var weights = new float[weight.Length];
        var biases = new float[bias?.Length ?? 0];
        LinearDefault(weights, biases, weight.Columns, generator);
        weight.Set(weights);
        bias?.Set(biases);
    }
}
