using NativeNN.Random;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>A case computed by the engine and by LibTorch from the same inputs: the value, then the gradient of each input.</summary>
internal sealed record BothSides(float[][] Torch, float[][] Ours)
{
    /// <summary>Of these inputs and that ∂loss/∂value, drawn if it is not given.</summary>
    public static BothSides Of(OpCase opCase, Counterpart counterpart, Tensor[] inputs, float? slope = null)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] theirs = [.. inputs.Select(x => x.ToTorch().WithGrad())];
        var y = opCase.Build(inputs);
        var torchY = counterpart.Of(theirs);
        Assert.Equal(y.Shape.ToTorch(), torchY.shape);
        var dY = new float[y.Length];
        new Generator(4).Uniform(dY, -1, 1);
        if (slope is { } same)
            Array.Fill(dY, same);
        float[] value = y.ToArray();
        y.Backward(Tensor.From(dY, y.Shape));
        var gradients = torch.autograd.grad([torchY], theirs, [dY.ToTorch(y.Shape)]);
        return new([torchY.ToArray(), .. gradients.Select(Values.ToArray)], [value, .. inputs.Select(x => x.Grad!.ToArray())]);
    }

    /// <summary>Where they differ by more than the counterpart allows, as a sentence; null if nowhere.</summary>
    public string? Difference(Counterpart counterpart) => Torch.Zip(Ours).Select((pair, i) =>
            (i == 0 ? counterpart.Value : counterpart.Gradient).Difference(pair.First, pair.Second) is { } difference
                ? $"{(i == 0 ? "the value" : $"the gradient of input {i - 1}")}, {difference}" : null)
        .FirstOrDefault(difference => difference is not null);
}
