using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Experiments.Study;

/// <summary>A loss with the graph behind it, ready for Backward(), and the names of its leaves.</summary>
internal sealed record GraphExample(string Title, Tensor Loss, IReadOnlyDictionary<Tensor, string> Names)
{
    /// <summary>The small graphs that show one thing each.</summary>
    public static IReadOnlyDictionary<string, Func<Generator, GraphExample>> Small { get; } =
        new Dictionary<string, Func<Generator, GraphExample>>
        {
            ["diamond"] = Diamond,
            ["shared"] = Shared,
            ["broadcast"] = Broadcast,
            ["dropout"] = Dropout,
        };

    /// <summary>One step of a lecture's main training: its first batch, its network, its loss.</summary>
    public static GraphExample OfLecture(Recipe recipe, TrainingData data, Generator generator)
    {
        var loop = new TrainingLoop(recipe.For(data), data, generator);
        loop.Net.Train();
        var (x, labels) = loop.Batches.First();
        var names = loop.Net.NamedParameters().ToDictionary(p => p.Parameter, p => p.Name);
        names[x] = "x";
        return new($"One step of {recipe.Name}: a batch of {labels.Count} images",
            recipe.Loss.Of(loop.Net.Forward(x), labels), names);
    }

    //  loss = Σ x²·eˣ: x reaches the loss by two ways, and its gradient is the sum over both
    private static GraphExample Diamond(Generator generator)
    {
        var x = Normal(generator, (2, 3));
        return new("Diamond: one value, two ways to the loss", (x.Square() * x.Exp()).Sum(), Named((x, "x")));
    }

    //  h = relu(x·Wᵀ), y = h·Wᵀ: one weight in two layers
    private static GraphExample Shared(Generator generator)
    {
        var (x, w) = (Tensor.Randn((4, 3), generator), Normal(generator, (3, 3)));
        var y = x.MatMul(w.Transpose()).Relu().MatMul(w.Transpose());
        return new("Shared: the same weight in two layers", y.Square().Mean(), Named((x, "x"), (w, "W")));
    }

    //  y = x + b, b a row: its gradient is the sum over the rows that it was added to
    private static GraphExample Broadcast(Generator generator)
    {
        var (x, b) = (Normal(generator, (4, 3)), Normal(generator, (1, 3)));
        return new("Broadcast: a row added to every row", (x + b).Tanh().Sum(), Named((x, "x"), (b, "b")));
    }

    //  dropped values let no gradient through, the kept ones 1/(1 − p) of it
    private static GraphExample Dropout(Generator generator)
    {
        var (x, w) = (Tensor.Randn((4, 6), generator), Normal(generator, (6, 2)));
        return new("Dropout: the same mask forward and backward", x.MatMul(w).Dropout(0.5, generator).Sum(), Named((x, "x"), (w, "W")));
    }

    private static Tensor Normal(Generator generator, Shape shape) => Tensor.Randn(shape, generator).WithGrad();

    private static Dictionary<Tensor, string> Named(params (Tensor Tensor, string Name)[] names) =>
        names.ToDictionary(n => n.Tensor, n => n.Name);
}
