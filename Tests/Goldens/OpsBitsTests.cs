using System.Text.Json;
using NativeNN.Backends;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Goldens;

/// <summary>
/// Every case of ops_bits.json at every vector width: an op's value and gradient at zeros, denormal and huge numbers, infinities and NaN
/// are PyTorch's, bit for bit or within the ulps the case states.
/// </summary>
[Trait("Category", "Goldens")]
public class OpsBitsTests
{
    private const string File = "ops_bits.json";

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Agrees(int index, string title)
    {
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        var golden = GoldenFiles.Case(File, index);
        int[] ulps = golden.GetProperty("ulps").Ints();
        title += $" {golden.GetProperty("attrs")}";
        foreach (var (name, backend) in TestBackends.ReferenceAndWidths)
        {
            var input = golden.GetProperty("x");
            var x = Tensor.From(input.GetProperty("data").Singles(), Shape.Of(input.GetProperty("shape").Ints()), backend).WithGrad();
            var y = Compute(golden, x);
            Assert.Equal(golden.GetProperty("out").GetProperty("shape").Ints(), y.Shape.ToArray());
            Near(golden.GetProperty("out").GetProperty("data").Singles(), y.ToArray(), ulps[0], x, $"{title} on {name}: value");
            y.Backward(Tensor.Ones(y.Shape, backend));
            Near(golden.GetProperty("grad").Singles(), x.Grad!.ToArray(), ulps[1], x, $"{title} on {name}: gradient");
        }
    }

    // A case of an unknown op fails: nothing is left out silently.
    private static Tensor Compute(JsonElement golden, Tensor x)
    {
        float Number(string name) => golden.GetProperty("attrs").GetProperty(name).Single();
        string op = golden.GetProperty("op").GetString()!;
        return op switch
        {
            "relu" => x.Relu(),
            "leaky_relu" => x.LeakyRelu(Number("negative_slope")),
            "abs" => x.Abs(),
            "square" => x.Square(),
            "exp" => x.Exp(),
            "sigmoid" => x.Sigmoid(),
            "sqrt" => x.Sqrt(),
            "tanh" => x.Tanh(),
            "elu" => x.Elu(Number("alpha")),
            "softplus" => x.Softplus(),
            "bce_with_logits" => x.BinaryCrossEntropyWithLogits(Tensor.Full(x.Shape, Number("target"), x.Backend), Reduction.None),
            "div_scalar" => x / Number("divisor"),
            "mean" => golden.GetProperty("attrs").GetProperty("dim") is { ValueKind: JsonValueKind.Number } dim
                ? x.Mean((Axis)dim.GetInt32())
                : x.Mean(),
            "max_all" => x.Max(),
            "logsumexp" => x.LogSumExp(),
            _ => throw new NotSupportedException($"ops_bits.json has an op the engine does not know: {op}"),
        };
    }

    private static void Near(float[] expected, float[] actual, int ulps, Tensor x, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        float[] inputs = x.ToArray();
        for (int i = 0; i < actual.Length; i++)
            Assert.True((float.IsNaN(expected[i]) && float.IsNaN(actual[i])) || Math.Abs(Place(expected[i]) - Place(actual[i])) <= ulps,
                $"{what} {i}{(inputs.Length == actual.Length ? $", at {inputs[i]:R}" : "")}: {actual[i]:R}, PyTorch has {expected[i]:R}");
    }

    // Floats by size as consecutive numbers; −0 comes right before 0.
    private static long Place(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? -1L - (bits & int.MaxValue) : bits;
    }
}
