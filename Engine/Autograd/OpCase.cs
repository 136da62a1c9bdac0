using NativeNN.Backends;
using NativeNN.Random;

namespace NativeNN;

/// <summary>
/// One use of an op: the input shapes and how to call it. One table of these feeds the gradient check, the comparison of backends and Bench.
/// Shapes are odd, non-square, larger than a SIMD tile, and have every order of m, n, k: square cases hide swapped sizes.
/// </summary>
public sealed class OpCase(string name, Shape[] inputs, Func<Tensor[], Tensor> build)
{
    private const float KinkDistance = 0.05f; // the gradient check looks up to 2 steps of 1e-2 to either side

    /// <summary>What it shows, unique in the table.</summary>
    public string Name => name;

    /// <summary>The shapes of its inputs.</summary>
    public IReadOnlyList<Shape> InputShapes => inputs;

    /// <summary>Inputs are uniform in [Low, High).</summary>
    public float Low { get; init; } = -1;

    /// <summary>Inputs are uniform in [Low, High).</summary>
    public float High { get; init; } = 1;

    /// <summary>Where the op isn't differentiable; inputs keep their distance.</summary>
    public float? Kink { get; init; }

    /// <summary>Every case of every op.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. MatMulOp.Cases, .. LinearOp.Cases, .. AddOp.Cases, .. SubOp.Cases, .. MulOp.Cases, .. DivOp.Cases, .. ScaleOp.Cases, .. SumOp.Cases,
        .. ReshapeOp.Cases, .. TransposeOp.Cases, .. ReluOp.Cases, .. LeakyReluOp.Cases, .. SigmoidOp.Cases, .. TanhOp.Cases, .. EluOp.Cases, .. GeluOp.Cases,
        .. SoftplusOp.Cases, .. ExpOp.Cases, .. AbsOp.Cases, .. SquareOp.Cases, .. SqrtOp.Cases, .. DropoutOp.Cases, .. SoftmaxOp.Cases, .. NllLossOp.Cases,
        .. CrossEntropyOp.Cases, .. NormOp.Cases,
        new("MseLoss", [(5, 7), (5, 7)], t => t[0].MseLoss(t[1])),
        new("BinaryCrossEntropyWithLogits", [(5, 7), (5, 7)], t => t[0].BinaryCrossEntropyWithLogits(t[1])),
        new("Max", [(5, 3)], t => (t[0] * From(t[0], 1, 2, 3) + From(t[0], 0, 4, 9)).Max()), // kept apart: a tie is a kink
        new("LogSumExp", [(5, 7)], t => t[0].LogSumExp()),
        new("Two layers sharing a weight", [(4, 9), (9, 9), 9], t => t[0].Linear(t[1], t[2]).Tanh().Linear(t[1], t[2]).Mean()),
    ];

    /// <summary>Leaves of the case's shapes that require gradients, on that backend.</summary>
    public Tensor[] MakeInputs(Generator generator, Backend backend) => [.. inputs.Select(shape =>
    {
        var values = new float[shape.Length];
        generator.Uniform(values, Low, High);
        for (int i = 0; i < values.Length; i++)
            if (Kink is { } kink && MathF.Abs(values[i] - kink) < KinkDistance)
                values[i] = kink + (values[i] < kink ? -KinkDistance : KinkDistance);
        return Tensor.From(values, shape, backend).WithGrad();
    })];

    /// <summary>Calls the op.</summary>
    public Tensor Build(Tensor[] arguments) => build(arguments);

    /// <summary>The name.</summary>
    public override string ToString() => name;

    internal static Labels Labels(Tensor like, params int[] values) => NativeNN.Labels.From(values, like.Backend);

    internal static Tensor From(Tensor like, params float[] values) => Tensor.From(values, values.Length, like.Backend);
}
