using CsCheck;
using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Backends.Simd;
using NativeNN.Random;

namespace NativeNN.Tests.Ops;

/// <summary>
/// Every public op with shapes of all ranks, empty ones among them: the value and the gradients are the reference loops' at every width of
/// vectors, or both refuse with a ShapeException. The reference's spans catch a read or write outside of a storage; the fast backend's are
/// caught by what lies behind each operand: NaNs, which would spoil a result and must stay as they are.
/// </summary>
public class OddShapeTests
{
    private const int Cases = 6_000;

    // Behind an operand's last cell, up to its buffer's end.
    private const uint Guard = 0x7fc0_1234;

    private static readonly SimdBackend[] Fast = [SimdBackend.Default, new SimdBackend<Lanes256>(threads: 1),
        new SimdBackend<Lanes128>(threads: 1), new SimdBackend<Lanes1>(threads: 1)];

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, int, Tensor>> Ops = new()
    {
        ["Add"] = (a, b, _, _) => a + b,
        ["Sub"] = (a, b, _, _) => a - b,
        ["Mul"] = (a, b, _, _) => a * b,
        ["Mul with itself"] = (a, _, _, _) => a * a,
        ["Div"] = (a, b, _, _) => a / (b.Abs() + 0.5f),
        ["Constants"] = (a, _, _, n) => n - (a * 2f + 1 - n) / 3,
        ["Quotient of a constant"] = (a, _, _, _) => 2 / (a.Abs() + 0.5f),
        ["Greater"] = (a, b, c, _) => Tensor.Where(a > b, c, c < 0.5f),
        ["Where"] = (a, b, c, _) => Tensor.Where(a > 0, b, c),
        ["MatMul"] = (a, b, _, n) => a.MatMul(b, transposeA: n % 2 == 1, transposeB: n / 2 % 2 == 1),
        ["Linear"] = (a, b, c, n) => a.Linear(b, n % 2 == 0 ? c : null),
        ["Transpose"] = (a, _, _, _) => a.Transpose(),
        ["Reshape"] = (a, b, _, _) => a.Reshape(b.Shape) * 2f,
        ["Reshape the other way"] = (a, _, _, n) => a.Reshape(n % 2 == 0 ? (a.Columns, a.Rows) : a.Length) * 2f,
        ["Flatten"] = (a, _, _, _) => a.Flatten() + a.Flatten(),
        ["Cat"] = (a, b, c, _) => Tensor.Cat([a, b, c]),
        ["Cat of columns"] = (a, b, c, _) => Tensor.Cat([a, b, c], Axis.Columns),
        ["Slice"] = (a, _, _, n) => a[n..],
        ["Slice from the end"] = (a, _, _, n) => a[^n..^(n / 2)],
        ["Slice of a block"] = (a, _, _, n) => a[(n / 3).., ..n],
        ["Slice twice"] = (a, _, _, n) => a[..n] + a[n..],
        ["Element"] = (a, _, _, n) => Tensor.Scalar(n < a.Rows && n < a.Columns ? a[n, n] : 0, a.Backend),
        ["Sum"] = (a, _, _, n) => a.Sum((Axis)(n % 3)),
        ["Mean"] = (a, _, _, n) => a.Mean((Axis)(n % 3)),
        ["Var"] = (a, _, _, n) => a.Var((Axis)(n % 3), unbiased: n < 3),
        ["Std"] = (a, _, _, n) => a.Std((Axis)(n % 3), unbiased: n < 3),
        ["Norm"] = (a, _, _, _) => a.Norm(),
        ["Max"] = (a, _, _, _) => a.Max(),
        ["Min"] = (a, _, _, _) => a.Min(),
        ["ArgMax"] = (a, _, _, _) => Numbers(a.ArgMax()),
        ["CountCorrect"] = (a, b, _, _) => Tensor.Scalar(a.CountCorrect(LabelsFor(b)), a.Backend),
        ["LogSumExp"] = (a, _, _, _) => a.LogSumExp(),
        ["Softmax"] = (a, _, _, n) => a.Softmax((Axis)(n % 2)),
        ["LogSoftmax"] = (a, _, _, n) => a.LogSoftmax((Axis)(n % 2)),
        ["NllLoss"] = (a, _, _, n) => a.NllLoss(LabelsFor(a), (Reduction)(n % 3)),
        ["NllLoss weighted"] = (a, b, _, n) => a.NllLoss(LabelsFor(a), b.Abs().ToArray(), (Reduction)(n % 3)),
        ["CrossEntropy"] = (a, _, _, n) => a.CrossEntropy(LabelsFor(a), (Reduction)(n % 3)),
        ["CrossEntropy of others' labels"] = (a, b, _, n) => a.CrossEntropy(LabelsFor(b), (Reduction)(n % 3)),
        ["CrossEntropy smoothed"] = (a, _, _, n) => a.CrossEntropy(LabelsFor(a), labelSmoothing: 0.1f, reduction: (Reduction)(n % 3)),
        ["MseLoss"] = (a, b, _, n) => a.MseLoss(b, (Reduction)(n % 3)),
        ["L1Loss"] = (a, b, _, n) => a.L1Loss(b, (Reduction)(n % 3)),
        ["SmoothL1Loss"] = (a, b, _, n) => a.SmoothL1Loss(b, beta: n, (Reduction)(n % 3)),
        ["KlDivLoss"] = (a, b, _, n) => a.KlDivLoss(b.Abs(), (Reduction)(n % 3)),
        ["BinaryCrossEntropyWithLogits"] = (a, b, _, n) => a.BinaryCrossEntropyWithLogits(b, (Reduction)(n % 3)),
        ["BinaryCrossEntropyWithLogits weighted"] = (a, b, c, n) => a.BinaryCrossEntropyWithLogits(b, c, c, (Reduction)(n % 3)),
        ["BatchNorm"] = (a, b, c, _) => a.BatchNorm(b, b.Abs(), c, c),
        ["LayerNorm"] = (a, b, c, _) => a.LayerNorm(b, c),
        ["Relu and LeakyRelu"] = (a, _, _, _) => a.Relu() + a.LeakyRelu(0.1f),
        ["Elu and Gelu"] = (a, _, _, _) => a.Elu() + a.Gelu(),
        ["Sigmoid, Tanh and Softplus"] = (a, _, _, _) => a.Sigmoid() * a.Tanh() + a.Softplus(),
        ["Exp, Log and Sqrt"] = (a, _, _, _) => a.Exp().Log() + (a.Abs() + 0.5f).Sqrt(),
        ["Pow, Silu and Square"] = (a, _, _, n) => (a.Abs() + 0.5f).Pow(n / 2f) + a.Silu() + a.Square(),
        ["Clamp"] = (a, _, _, n) => a.Clamp(-0.5f, n / 5f),
        ["Dropout"] = (a, _, _, n) => a.Dropout(n / 9d, new Generator(n)),
        ["Clone and Detach"] = (a, b, _, _) => a.Clone() + b.Detach(),
        ["Empty, Full and Eye"] = (a, _, _, n) => Tensor.Eye(a.Rows, n, a.Backend) + Tensor.Full((a.Rows, 1), n, a.Backend),
        ["Printing"] = (a, _, _, _) => Tensor.Scalar(a.ToString().Length, a.Backend),
    };

    private static readonly string[] Names = [.. Ops.Keys];

    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 65];

    // The sizes of a case come from three: or hardly two of its shapes would fit each other.
    private static readonly Gen<int> Size = Gen.Int[0, Sizes.Length - 1].Select(i => Sizes[i]);

    private static readonly Gen<(int Rank, int Row, int Column)> Pick = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 3]);

    private static readonly Gen<OddCase> AnyCase = Gen.Select(Gen.Int[0, Names.Length - 1], Gen.Select(Size, Size, Size),
        Gen.Select(Pick, Pick, Pick), Gen.Int[0, 8], Gen.Int[0, 999]).Select((op, sizes, picks, n, seed) =>
        {
            int[] all = [sizes.Item1, sizes.Item2, sizes.Item3, 1];
            Shape Of((int Rank, int Row, int Column) p) =>
                p.Rank == 0 ? Shape.Scalar : p.Rank == 1 ? all[p.Column] : (all[p.Row], all[p.Column]);
            return new OddCase(Names[op], Of(picks.Item1), Of(picks.Item2), Of(picks.Item3), n, seed);
        });

    [Fact]
    public void EveryOpIsTheReferencesOrRefusesTheShapes() => AnyCase.Sample(one =>
    {
        float[][]? expected = Outcome(one, ReferenceBackend.Instance);
        foreach (var backend in Fast)
            Same(expected, Outcome(one, backend), $"{one} with {backend.LaneCount} lanes");
    }, iter: Cases);

    // Whatever is public and makes a tensor of others: one that is not in the table would not be tried.
    [Fact]
    public void TheTableHasEveryPublicOp()
    {
        string[] elsewhere = ["From", "Scalar", "Zeros", "Ones", "To", "WithGrad", "Rand", "Randn", "Arange"];
        string[] others = ["Abs", "Clone", "Detach", "Empty", "Full", "Eye", "ClampMin", "ClampMax"];
        var named = Ops.Keys.SelectMany(key => key.Split(' ', ',')).Concat(others).Concat(elsewhere).ToHashSet();
        Assert.Empty(typeof(Tensor).GetMethods().Where(m => m.ReturnType == typeof(Tensor) && !m.IsSpecialName).Select(m => m.Name)
            .Distinct().Except(named));
    }

    // Value and gradients, or null for a ShapeException. Any other exception is an answer to nobody.
    private static float[][]? Outcome(OddCase one, Backend backend)
    {
        var generator = new Generator(one.Seed);
        Tensor[] operands = [.. new[] { one.A, one.B, one.C }.Select(shape => Tensor.Rand(shape, generator, backend))];
        foreach (var x in operands)
        {
            x.Set([.. x.ToArray().Select(v => 4 * v - 2)]);
            BehindTheEnd(x).Fill(Guard);
            x.WithGrad();
        }
        try
        {
            var y = Ops[one.Op](operands[0], operands[1], operands[2], one.N);
            float[] value = y.ToArray();
            if (y.RequiresGrad)
                y.Backward(Tensor.Rand(y.Shape, generator, backend));
            Assert.All(operands, x => Assert.False(BehindTheEnd(x).ContainsAnyExcept(Guard), $"{one} wrote beyond an operand's end"));
            return [value, .. operands.Select(x => x.Grad?.ToArray() ?? [])];
        }
        catch (ShapeException)
        {
            return null;
        }
    }

    private static unsafe Span<uint> BehindTheEnd(Tensor x)
    {
        var storage = (HostStorage)x.Storage;
        return new Span<uint>(storage.Pointer + storage.Length, storage.Capacity - storage.Length);
    }

    private static void Same(float[][]? expected, float[][]? actual, string what)
    {
        Assert.True(expected is null == actual is null, $"{what}: only one of the two refuses the shapes");
        for (int k = 0; k < (expected?.Length ?? 0); k++)
        {
            Assert.Equal(expected![k].Length, actual![k].Length);
            float scale = MathF.Max(1, expected[k].Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty(0).Max());
            for (int i = 0; i < expected[k].Length; i++)
            {
                float a = expected[k][i], b = actual[k][i];
                Assert.True(a.Equals(b) || a == b || MathF.Abs(a - b) <= 1e-4f * scale,
                    $"{what}: {(k == 0 ? "the value" : $"the gradient of operand {k - 1}")}, element {i}: {b}, the reference has {a}");
            }
        }
    }

    // One a row, every fifth to be ignored.
    private static Labels LabelsFor(Tensor x) =>
        Labels.From([.. Enumerable.Range(0, x.Rows).Select(r => r % 5 == 4 ? -100 : r * 7 % Math.Max(1, x.Columns))], x.Backend);

    private static Tensor Numbers(Labels labels) =>
        Tensor.From([.. labels.ToArray().Select(i => (float)i)], labels.Count, labels.Backend);

    private sealed record OddCase(string Op, Shape A, Shape B, Shape C, int N, int Seed);
}
