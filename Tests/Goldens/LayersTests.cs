using System.Text.Json;
using NativeNN.Backends;
using NativeNN.Layers;
using NativeNN.Random;
using L = NativeNN.Layers;

namespace NativeNN.Tests.Goldens;

/// <summary>
/// layers.json on every CPU backend: ops, losses and normalisation against PyTorch's float64, and what it makes and prints.
/// </summary>
[Trait("Category", "Goldens")]
public class LayersTests
{
    private const string File = "layers.json";
    private const double Tolerance = 2e-6; // |x − f64| ≤ 2e-6·max(1, |f64|)

    public static IEnumerable<object[]> Cases => OnBackends(File, "cases");

    public static IEnumerable<object[]> BatchNorms => OnBackends(File, "batch_norms");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(string backend, int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        var inputs = golden.GetProperty("inputs").EnumerateObject()
            .ToDictionary(i => i.Name, i => Read(i.Value, TestBackends.All[backend]).WithGrad());
        var y = Compute(title.Split(' ')[0], inputs, golden);
        var expected = golden.GetProperty("out_f64");
        Assert.Equal(expected.GetProperty("shape").Ints(), y.Shape.ToArray());
        Near(expected.GetProperty("data").Doubles(), y.ToArray(), $"{title}: result");
        y.Backward(Read(golden.GetProperty("grad_output"), y.Backend));
        foreach (var gradient in golden.GetProperty("grads_f64").EnumerateObject().Where(g => g.Value.ValueKind != JsonValueKind.Null))
            Near(gradient.Value.GetProperty("data").Doubles(), inputs[gradient.Name].Grad!.ToArray(),
                $"{title}: gradient of {gradient.Name}");
    }

    // A case of an unknown op fails: nothing is left out silently.
    private static Tensor Compute(string op, Dictionary<string, Tensor> t, JsonElement golden)
    {
        var attributes = golden.GetProperty("attrs");
        float Number(string name) => attributes.GetProperty(name).Single();
        bool Flag(string name) => attributes.GetProperty(name).GetBoolean();
        Axis Dimension() => (Axis)attributes.GetProperty("dim").GetInt32();
        Reduction How() => Enum.Parse<Reduction>(attributes.GetProperty("reduction").GetString()!, ignoreCase: true);
        Tensor? Weights(string name) => attributes.GetProperty(name) is { ValueKind: JsonValueKind.Array } values
            ? Tensor.From(values.Singles(), values.GetArrayLength(), t["x"].Backend)
            : null;
        return op switch
        {
            "log" => t["x"].Log(),
            "pow" => t["x"].Pow(Number("exponent")),
            "clamp" => t["x"].Clamp(Number("low"), Number("high")),
            "silu" => t["x"].Silu(),
            "add_scalar" => 1.5f + (t["x"] + 2),
            "sub_scalar" => 1.5f - (t["x"] - 2),
            "div_scalar" => 2 / t["x"],
            "negative" => -t["x"],
            "where" => Tensor.Where(t["c"], t["a"], t["b"]),
            "greater" => Tensor.Where(t["a"] > t["b"], t["a"], t["b"]),
            "var" => t["x"].Var(Dimension(), Flag("unbiased")),
            "std" => t["x"].Std(Dimension(), Flag("unbiased")),
            "min" => t["x"].Min(),
            "cat" => Tensor.Cat([t["a"], t["b"], t["a"]], Dimension()),
            "rows" => t["x"][2..5] * t["x"][3..],
            "columns" => t["x"][.., 1..^2],
            "broadcast" => (t["a"] + t["b"]) * (t["a"] - t["b"]) / t["b"],
            "l1" => t["x"].L1Loss(t["y"], How()),
            "smooth_l1" => t["x"].SmoothL1Loss(t["y"], Number("beta"), How()),
            "kl_div" => t["x"].KlDivLoss(t["y"], How(), Flag("log_target")),
            "nll_weighted" => t["x"].NllLoss(Labels.From(golden.GetProperty("labels").Ints(), t["x"].Backend),
                attributes.GetProperty("weight").Singles(), How()),
            "bce_weighted" => t["x"].BinaryCrossEntropyWithLogits(t["y"], Weights("weight"), Weights("pos_weight"), How()),
            "layer_norm" => t["x"].LayerNorm(t.GetValueOrDefault("w"), t.GetValueOrDefault("b"), Number("eps")),
            _ => throw new NotSupportedException($"layers.json has an op the test does not know: {op}"),
        };
    }

    [Theory]
    [MemberData(nameof(BatchNorms))]
    public void BatchNormAgreesInTrainingAndInEvaluation(string backend, int index, string title)
    {
        var golden = GoldenFiles.Root(File).GetProperty("batch_norms")[index];
        var layer = new BatchNorm1d(3, golden.GetProperty("eps").GetDouble(), golden.GetProperty("momentum").GetDouble(),
            golden.GetProperty("affine").GetBoolean());
        layer.Weight?.Set(golden.GetProperty("weight").Singles());
        layer.Bias?.Set(golden.GetProperty("bias").Singles());
        layer.To(TestBackends.All[backend]);
        var steps = golden.GetProperty("steps_f64").EnumerateArray().ToList();
        foreach (var (k, step) in steps.Index())
        {
            layer.Train(k < steps.Count - 1);
            layer.ZeroGrad();
            var x = Read(step.GetProperty("x"), TestBackends.All[backend]).WithGrad();
            var y = layer.Forward(x);
            y.Backward(Read(step.GetProperty("grad"), y.Backend));
            Check("out", step.GetProperty("out").GetProperty("data"), y);
            Check("dx", step.GetProperty("dx").GetProperty("data"), x.Grad);
            Check("dweight", step.GetProperty("dweight"), layer.Weight?.Grad);
            Check("dbias", step.GetProperty("dbias"), layer.Bias?.Grad);
            Check("running_mean", step.GetProperty("running_mean"), layer.RunningMean);
            Check("running_var", step.GetProperty("running_var"), layer.RunningVar);
            Assert.Equal(step.GetProperty("batches").GetInt32(), layer.NumBatchesTracked!.Item());

            void Check(string what, JsonElement expected, Tensor? actual) =>
                Near(expected.Doubles(), actual?.ToArray() ?? [], $"batch norm {title}, batch {k}: {what}");
        }
    }

    [Fact]
    public void TensorsMadeAreTorchsBits()
    {
        var generator = new Generator(GoldenFiles.Root("config.json").GetProperty("ops_seed").GetInt64());
        foreach (var made in GoldenFiles.Root(File).GetProperty("made").EnumerateArray())
        {
            var shape = Shape.Of(made.GetProperty("shape").Ints());
            string call = made.GetProperty("call").GetString()!;
            double Argument(int i) => made.GetProperty("args")[i].GetDouble();
            var tensor = call switch
            {
                "rand" => Tensor.Rand(shape, generator),
                "randn" => Tensor.Randn(shape, generator),
                "eye" => Tensor.Eye(shape.Rows, shape.Columns),
                "arange" => Tensor.Arange(Argument(0), Argument(1), Argument(2)),
                _ => throw new NotSupportedException($"layers.json has a call the test does not know: {call}"),
            };
            Assert.Equal(shape, tensor.Shape);
            Assert.Equal(made.GetProperty("data").Singles(), tensor.ToArray());
        }
    }

    [Fact]
    public void LayersPrintAsPyTorchs()
    {
        var g = new Generator(0);
        object[] printed =
        [
            new Gelu(), new Elu(), new Elu(0.5f), new Softplus(), new Silu(), new L.Softmax(), new BatchNorm1d(4),
            new BatchNorm1d(4, epsilon: 1e-3, momentum: 0.01, affine: false, trackRunningStats: false), new L.LayerNorm(7),
            new L.LayerNorm(7, epsilon: 1e-6, affine: false), new ModuleList(new Relu(), new Linear(2, 3, g)), new ModuleList(),
            new L.NllLoss(), new CrossEntropyLoss(), new BinaryCrossEntropyWithLogitsLoss(), new L.MseLoss(), new L.L1Loss(),
            new L.SmoothL1Loss(), new L.KlDivLoss(),
        ];
        var expected = GoldenFiles.Root(File).GetProperty("printed").EnumerateArray().Select(e => e.GetString());
        Assert.Equal(expected, printed.Select(p => p.ToString()));
    }

    private static IEnumerable<object[]> OnBackends(string file, string list) =>
        from backend in TestBackends.All.Keys
        from golden in GoldenFiles.Root(file).GetProperty(list).EnumerateArray().Index()
        select new object[]
        {
            backend, golden.Index,
            golden.Item.TryGetProperty("op", out var op) ? $"{op} {golden.Item.GetProperty("attrs")}" : $"number {golden.Index}",
        };

    private static Tensor Read(JsonElement e, Backend backend) =>
        Tensor.From(e.GetProperty("data").Singles(), Shape.Of(e.GetProperty("shape").Ints()), backend);

    private static void Near(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            bool agrees = double.IsFinite(expected[i]) && Math.Abs(expected[i]) < float.MaxValue
                ? Math.Abs(actual[i] - expected[i]) <= Tolerance * Math.Max(1, Math.Abs(expected[i]))
                : ((float)expected[i]).Equals(actual[i]);
            Assert.True(agrees, $"{what}, element {i}: {actual[i]:R}, PyTorch has {expected[i]:R}");
        }
    }
}
