using NativeNN.Backends;
using NativeNN.Random;

namespace NativeNN;

/// <summary>
/// One use of an op: the input shapes and how to call it. One table of these feeds the gradient check, the comparison of backends and
/// Bench.
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

    /// <summary>Every case of every op: those made of one class, then those composed of others. The cases stand in the op's file.</summary>
    public static IReadOnlyList<OpCase> All { get; } =
    [
        .. MatMulOp.Cases, .. LinearOp.Cases, .. TransposeOp.Cases, .. ReshapeOp.Cases,
        .. AddOp.Cases, .. SubOp.Cases, .. MulOp.Cases, .. DivOp.Cases, .. ScaleOp.Cases, .. SumOp.Cases, .. NormOp.Cases,
        .. ReluOp.Cases, .. LeakyReluOp.Cases, .. EluOp.Cases, .. GeluOp.Cases, .. SigmoidOp.Cases, .. TanhOp.Cases, .. SoftplusOp.Cases,
        .. ExpOp.Cases, .. AbsOp.Cases, .. SquareOp.Cases, .. SqrtOp.Cases, .. LogOp.Cases, .. PowOp.Cases,
        .. ClampMinOp.Cases, .. ClampMaxOp.Cases,
        .. WhereOp.Cases, .. CatOp.Cases, .. SliceOp.Cases, .. IdentityOp.Cases, .. FunctionOp.Cases,
        .. DropoutOp.Cases, .. SoftmaxOp.Cases, .. NllLossOp.Cases, .. CrossEntropyOp.Cases, .. BinaryCrossEntropyWithLogitsOp.Cases,
        .. MaxOp.Cases, .. LogSumExpOp.Cases,
        .. Tensor.WeightedCrossEntropyCases, .. Tensor.MseLossCases, .. Tensor.MaxCases,
        .. Tensor.MinCases, .. Tensor.ClampCases, .. Tensor.VarCases, .. Tensor.StdCases, .. Tensor.SiluCases,
        .. Tensor.BatchNormCases, .. Tensor.LayerNormCases,
        .. Tensor.WeightedNllLossCases, .. Tensor.WeightedBinaryCrossEntropyCases, .. Tensor.L1LossCases, .. Tensor.SmoothL1LossCases,
        .. Tensor.KlDivLossCases,
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

    /// <summary>
    /// Where two backends disagree about the value or a gradient by more than 1e-5 of that tensor's largest element, as a sentence; null if
    /// they don't.
    /// </summary>
    public string? Difference(Backend expected, Backend actual)
    {
        float[][] wanted = ValueAndGradients(expected), got = ValueAndGradients(actual);
        for (int i = 0; i < wanted.Length; i++)
        {
            float scale = MathF.Max(1e-3f, wanted[i].Select(MathF.Abs).DefaultIfEmpty(0).Max());
            for (int j = 0; j < wanted[i].Length; j++)
                if (!(MathF.Abs(wanted[i][j] - got[i][j]) <= 1e-5f * scale)) // a NaN differs
                    return $"{name}: {(i == 0 ? "the value" : $"the gradient of input {i - 1}")}, element {j}: "
                        + $"{wanted[i][j]} on {expected}, {got[i][j]} on {actual}";
        }
        return null;
    }

    /// <summary>The name.</summary>
    public override string ToString() => name;

    // The value, then each input's gradient for a random ∂loss/∂value: of the same inputs on every backend.
    internal float[][] ValueAndGradients(Backend backend)
    {
        var arguments = MakeInputs(new Generator(3), backend);
        var y = build(arguments);
        var dY = new float[y.Length];
        new Generator(4).Uniform(dY, -1, 1);
        y.Backward(Tensor.From(dY, y.Shape, backend));
        return [y.ToArray(), .. arguments.Select(x => x.Grad!.ToArray())];
    }

    internal static Labels Labels(Tensor like, params int[] values) => NativeNN.Labels.From(values, like.Backend);

    internal static Tensor From(Tensor like, params float[] values) => Tensor.From(values, values.Length, like.Backend);
}
