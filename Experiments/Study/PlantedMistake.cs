using NativeNN.Backends;
using NativeNN.Random;

namespace NativeNN.Experiments.Study;

/// <summary>An op with the right forward and a classic mistake in its backward, beside the right one.</summary>
public sealed record PlantedMistake(string Name, string What, Shape[] Shapes, Func<Tensor[], Tensor> Right,
    Func<Tensor[], Tensor, Tensor?[]> Backward)
{
    private const long Seed = 7;

    /// <summary>The mistakes that everyone makes once.</summary>
    public static IReadOnlyList<PlantedMistake> All { get; } =
    [
        // Square: with other shapes the missing transpose is an error of shapes.
        new("missing-transpose", "Y = A·B: dA = dY·B, not dY·Bᵀ", [(5, 5), (5, 5)], t => t[0].MatMul(t[1]),
            (t, dY) => [dY.MatMul(t[1]), t[0].MatMul(dY, transposeA: true)]),
        new("dropped-mask", "dropout: dX = dY/(1−p), also where x was dropped", [(5, 7)], t => t[0].Dropout(0.5, new Generator(1)),
            (_, dY) => [dY / 0.5f]),
        new("missing-mean", "mean of n: dX = dY, not dY/n", [(5, 7)], t => t[0].Mean(),
            (t, dY) => [dY * Ones(t[0])]),
        new("missing-sum", "X + b: db is one row of dY, not the sum of all", [(5, 7), 7], t => t[0] + t[1],
            (t, dY) => [dY, dY[..1, ..].Reshape(t[1].Shape)]),
        new("missing-term", "x·σ(x): dX = dY·σ(x), without x·σ(x)·(1 − σ(x))", [(5, 7)], t => t[0].Silu(),
            (t, dY) => [dY * t[0].Sigmoid()]),
        new("one-use", "x·x: one of the two uses counts", [(5, 7)], t => t[0] * t[0],
            (t, dY) => [dY * t[0]]),
        new("wrong-sign", "a − b: db = dY, not −dY", [(5, 7), (5, 7)], t => t[0] - t[1],
            (_, dY) => [dY, dY]),
        new("diagonal-only", "softmax: dx = dy∘y∘(1−y), the Jacobian's diagonal alone", [(5, 7)], t => t[0].Softmax(),
            (t, dY) => [dY * t[0].Softmax() * (1 - t[0].Softmax())]),
        new("forgotten-label", "cross-entropy: dx = p/n, not (p − y)/n", [(3, 7)],
            t => t[0].CrossEntropy(Labels.From([1, 0, 6], t[0].Backend)), (t, dY) => [dY * t[0].Softmax() / t[0].Rows]),
    ];

    /// <summary>It with the mistake.</summary>
    public Tensor Planted(Tensor[] inputs) => new WithBackward(this, inputs).Apply();

    /// <summary>Slopes of f, this op right or planted, at random inputs.</summary>
    public GradCheckResult Check(Func<Tensor[], Tensor> f, Backend backend)
    {
        var generator = new Generator(Seed);
        return GradCheck.Run(f, [.. Shapes.Select(shape => Tensor.Randn(shape, generator, backend).WithGrad())], generator);
    }

    private static Tensor Ones(Tensor like) => Tensor.Ones(like.Shape, like.Backend);

    private sealed class WithBackward(PlantedMistake mistake, Tensor[] inputs) : Function(inputs)
    {
        private readonly Tensor[] t = inputs;

        public override string Name => mistake.Name;

        protected override Tensor Forward() => mistake.Right(t);

        protected override Tensor?[] Backward(Tensor dY) => mistake.Backward(t, dY);
    }
}
