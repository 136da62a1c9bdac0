using System.Text.Json;
using NativeNN.Backends;

namespace NativeNN.Tests.Goldens;

/// <summary>Every case of ops.json on every CPU backend: the result and all gradients against PyTorch's float64.</summary>
[Trait("Category", "Goldens")]
public class OpsTests
{
    private const string File = "ops.json";
    private const double Tolerance = 2e-6; // |x − f64| ≤ 2e-6·max(1, |f64|)

    public static IEnumerable<object[]> Cases =>
        TestBackends.All.Keys.SelectMany(backend => GoldenFiles.Rows(File).Select(row => new[] { backend, row[0], row[1] }));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(string backend, int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        var inputs = new Inputs(golden, TestBackends.All[backend]);
        string op = golden.GetProperty("op").GetString()!;
        if (op == "argmax")
        {
            Assert.Equal(golden.GetProperty("out_int").Ints(), inputs["x"].ArgMax().ToArray());
            return;
        }
        if (op == "bmm")
        {
            BatchedMatMul(golden, TestBackends.All[backend]);
            return;
        }

        var y = Compute(op, inputs);
        var expected = golden.GetProperty("out_f64");
        Assert.Equal(expected.GetProperty("shape").Ints(), y.Shape.ToArray());
        Near(golden, expected, y.ToArray(), $"{title}: result");
        if (!golden.TryGetProperty("grads_f64", out var gradients))
            return;
        y.Backward(Inputs.Read(golden.GetProperty("grad_output"), y.Backend));
        foreach (var gradient in gradients.EnumerateObject())
            if (gradient.Value.ValueKind != JsonValueKind.Null)
            {
                var actual = inputs[gradient.Name].Grad!;
                Assert.Equal(gradient.Value.GetProperty("shape").Ints(), actual.Shape.ToArray());
                Near(golden, gradient.Value, actual.ToArray(), $"{title}: gradient of {gradient.Name}");
            }
    }

    // A case of an unknown op fails: nothing is left out silently.
    private static Tensor Compute(string op, Inputs t)
    {
        switch (op)
        {
            case "linear" or "linear_1d" or "linear_lecture": return t["x"].Linear(t["w"], t["b"]);
            case "linear_nobias": return t["x"].Linear(t["w"]);
            case "relu": return t["x"].Relu();
            case "leaky_relu": return t["x"].LeakyRelu(t.Number("negative_slope"));
            case "sigmoid": return t["x"].Sigmoid();
            case "tanh": return t["x"].Tanh();
            case "elu": return t["x"].Elu(t.Number("alpha"));
            case "gelu": return t["x"].Gelu();
            case "softplus":
                Assert.Equal((1, 20), (t.Number("beta"), t.Number("threshold")));
                return t["x"].Softplus();
            case "abs": return t["x"].Abs();
            case "exp": return t["x"].Exp();
            case "square": return t["x"].Square();
            case "softmax": return t["x"].Softmax(t.Dimension);
            case "log_softmax": return t["x"].LogSoftmax(t.Dimension);
            case "nll_loss": return t["x"].NllLoss(t.Labels, t.Reduction, t.IgnoreIndex);
            case "cross_entropy":
                return t["x"].CrossEntropy(t.Labels, t.Number("label_smoothing", 0), t.Numbers("weight"), t.Reduction, t.IgnoreIndex);
            case "mse_loss": return t["x"].MseLoss(t["y"], t.Reduction);
            case "bce_with_logits": return t["x"].BinaryCrossEntropyWithLogits(t["y"], t.Reduction);
            case "dropout_apply": return t["x"] * Tensor.From(t.Numbers("mask"), t["x"].Shape, t["x"].Backend);
            case "matmul": return t["a"].MatMul(t["b"], t.Flag("transpose_a"), t.Flag("transpose_b"));
            case "matmul_mv" or "matmul_vv": return t["a"].MatMul(t["b"]);
            case "add_broadcast": return t["a"] + t["b"];
            case "mul_broadcast": return t["a"] * t["b"];
            case "div": return t["a"] / t["b"];
            case "mean_dim": return t["a"].Mean(t.Dimension);
            case "sum_dim0": return t["a"].Sum(t.Dimension);
            case "max_dim1": return t["a"].Max();
            case "logsumexp": return t["a"].LogSumExp();
            case "norm_fro": return t["a"].Norm();
            case "mlp_ce":
                var hidden = t["x"].Linear(t["w1"], t["b1"]).Relu().Linear(t["w2"], t["b2"]).Relu();
                return hidden.Linear(t["w3"], t["b3"]).CrossEntropy(t.Labels);
            default: throw new NotSupportedException($"ops.json has an op the engine does not know: {op}");
        }
    }

    // [batch, m, k]·[batch, k, n] is a product of matrices for each of the batch.
    private static void BatchedMatMul(JsonElement golden, Backend backend)
    {
        for (int i = 0; i < golden.GetProperty("inputs").GetProperty("a").GetProperty("shape")[0].GetInt32(); i++)
        {
            Tensor Matrix(JsonElement e) => Tensor.From(Page(e, i), Shape.Of(e.GetProperty("shape").Ints().AsSpan(1)), backend).WithGrad();
            var (a, b) = (Matrix(golden.GetProperty("inputs").GetProperty("a")), Matrix(golden.GetProperty("inputs").GetProperty("b")));
            var y = a.MatMul(b);
            Near(golden, golden.GetProperty("out_f64"), y.ToArray(), "bmm: result", page: i);
            y.Backward(Matrix(golden.GetProperty("grad_output")));
            Near(golden, golden.GetProperty("grads_f64").GetProperty("a"), a.Grad!.ToArray(), "bmm: gradient of a", page: i);
            Near(golden, golden.GetProperty("grads_f64").GetProperty("b"), b.Grad!.ToArray(), "bmm: gradient of b", page: i);
        }
    }

    private static float[] Page(JsonElement tensor, int page)
    {
        var values = tensor.GetProperty("data").Singles();
        int length = values.Length / tensor.GetProperty("shape")[0].GetInt32();
        return values[(page * length)..((page + 1) * length)];
    }

    private static void Near(JsonElement golden, JsonElement tensor, float[] actual, string what, int page = 0)
    {
        double tolerance = golden.TryGetProperty("tolerance", out var stated) ? stated.Double() : Tolerance;
        var expected = tensor.GetProperty("data").Doubles().AsSpan(page * actual.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            bool agrees = double.IsFinite(expected[i])
                ? Math.Abs(actual[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i]))
                : expected[i].Equals(actual[i]); // NaN where PyTorch has NaN, an infinity of the same sign
            Assert.True(agrees, $"{what}, element {i}: {actual[i]:R}, PyTorch has {expected[i]:R}");
        }
    }

    /// <summary>The case's tensors by name, as leaves that want gradients, and its attributes.</summary>
    private sealed class Inputs
    {
        private readonly Dictionary<string, Tensor> tensors = [];
        private readonly JsonElement golden, attributes;
        private readonly Backend backend;

        public Inputs(JsonElement golden, Backend backend)
        {
            (this.golden, this.backend) = (golden, backend);
            attributes = golden.GetProperty("attrs");
            foreach (var input in golden.GetProperty("inputs").EnumerateObject())
                if (input.Value.GetProperty("shape").GetArrayLength() <= 2)
                    tensors.Add(input.Name, Read(input.Value, backend).WithGrad());
        }

        // Targets of a loss over numbers come as integers: constants, no gradient.
        public Tensor this[string name] => tensors.TryGetValue(name, out var tensor)
            ? tensor
            : Read(golden.GetProperty("int_inputs").GetProperty(name), backend);

        public Labels Labels => NativeNN.Labels.From(golden.GetProperty("int_inputs").GetProperty("y").GetProperty("data").Ints(), backend);

        public Axis Dimension => (Axis)attributes.GetProperty("dim").GetInt32();

        public Reduction Reduction => Enum.Parse<Reduction>(attributes.GetProperty("reduction").GetString()!, ignoreCase: true);

        public int IgnoreIndex => attributes.TryGetProperty("ignore_index", out var value) ? value.GetInt32() : -100;

        public static Tensor Read(JsonElement e, Backend backend) =>
            Tensor.From(e.GetProperty("data").Singles(), Shape.Of(e.GetProperty("shape").Ints()), backend);

        public bool Flag(string name) => attributes.GetProperty(name).GetBoolean();

        public float Number(string name) => attributes.GetProperty(name).Single();

        public float Number(string name, float otherwise) => attributes.TryGetProperty(name, out var value) ? value.Single() : otherwise;

        public float[] Numbers(string name) => attributes.TryGetProperty(name, out var value) ? value.Singles() : [];
    }
}
