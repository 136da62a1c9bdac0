using System.Text.Json;
using NativeNN.Backends;
using NativeNN.Optim;

namespace NativeNN.Tests.Goldens;

/// <summary>Every case of optim.json on every CPU backend: losses, gradients and parameters of each step against PyTorch's.</summary>
[Trait("Category", "Goldens")]
public class OptimTests
{
    private const string File = "optim.json";
    private const double Tolerance = 5e-6;

    public static IEnumerable<object[]> Cases =>
        TestBackends.All.Keys.SelectMany(backend => GoldenFiles.Rows(File).Select(row => new[] { backend, row[0], row[1] }));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(string backend, int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        if (golden.TryGetProperty("fixed_grad", out var gradient))
            FixedGradient(golden, gradient.Singles(), TestBackends.All[backend], title);
        else
            Regression(golden, TestBackends.All[backend], title);
    }

    // Five steps of min ‖x·wᵀ + b − y‖², with new data each step.
    private static void Regression(JsonElement golden, Backend backend, string title)
    {
        Tensor Leaf(string name) => Tensor.From(
            golden.GetProperty(name).GetProperty("data").Singles(),
            Shape.Of(golden.GetProperty(name).GetProperty("shape").Ints()), backend);
        Tensor Batch(string name, int step)
        {
            int[] shape = golden.GetProperty(name).GetProperty("shape").Ints();
            var values = golden.GetProperty(name).GetProperty("data").Singles();
            return Tensor.From(values.AsSpan(step * shape[1] * shape[2], shape[1] * shape[2]), (shape[1], shape[2]), backend);
        }

        Tensor w = Leaf("w0").WithGrad(), b = Leaf("b0").WithGrad();
        var optimizer = Create(golden, [w, b]);
        int step = 0;
        foreach (var expected in golden.GetProperty("trace_f64").EnumerateArray())
        {
            optimizer.ZeroGrad();
            var loss = Batch("x", step).Linear(w, b).MseLoss(Batch("y", step));
            loss.Backward();
            Near([expected.GetProperty("loss").Double()], loss.ToArray(), $"{title}, step {step}: loss");
            Near(expected.GetProperty("gw").Doubles(), w.Grad!.ToArray(), $"{title}, step {step}: gradient of w");
            Near(expected.GetProperty("gb").Doubles(), b.Grad!.ToArray(), $"{title}, step {step}: gradient of b");
            optimizer.Step();
            Near(expected.GetProperty("w").Doubles(), w.ToArray(), $"{title}, step {step}: w");
            Near(expected.GetProperty("b").Doubles(), b.ToArray(), $"{title}, step {step}: b");
            step++;
        }
        Assert.NotEqual(0, step);
    }

    private static void FixedGradient(JsonElement golden, float[] gradient, Backend backend, string title)
    {
        var w = Tensor.From(golden.GetProperty("w0_flat").Singles(), gradient.Length, backend).WithGrad();
        var optimizer = Create(golden, [w]);
        foreach (var expected in golden.GetProperty("trace_w_f32").EnumerateArray())
        {
            w.Grad = Tensor.From(gradient, gradient.Length, backend);
            optimizer.Step();
            Near(expected.Doubles(), w.ToArray(), title);
        }
    }

    internal static Optimizer Create(JsonElement golden, Tensor[] parameters)
    {
        var attributes = golden.GetProperty("attrs");
        double Number(string name, double otherwise = 0) => attributes.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
        bool Flag(string name) => attributes.TryGetProperty(name, out var value) && value.GetBoolean();
        double Beta(int i) => attributes.GetProperty("betas")[i].GetDouble();
        string name = golden.GetProperty("optimizer").GetString()!;
        return name switch
        {
            "SGD" => new Sgd(parameters, Number("lr"), Number("momentum"), Number("dampening"), Number("weight_decay"), Flag("nesterov")),
            "Adam" => new Adam(parameters, Number("lr"), Beta(0), Beta(1), Number("eps"), Number("weight_decay"), Flag("amsgrad"),
                Flag("lerp")),
            "AdamW" => new AdamW(parameters, Number("lr"), Beta(0), Beta(1), Number("eps"), Number("weight_decay", 1e-2), Flag("amsgrad"),
                Flag("lerp")),
            "RMSprop" => new RmsProp(parameters, Number("lr"), Number("alpha", 0.99), Number("eps"), Number("weight_decay"),
                Number("momentum"), Flag("centered")),
            "Adagrad" => new Adagrad(parameters, Number("lr"), Number("lr_decay"), Number("weight_decay"), Number("eps")),
            _ => throw new NotSupportedException($"optim.json has an optimiser the engine does not know: {name}"),
        };
    }

    private static void Near(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(actual[i] - expected[i]) <= Tolerance, $"{what}, element {i}: {actual[i]:R}, PyTorch has {expected[i]:R}");
    }
}
