using System.Text.Json;
using NativeNN.Backends;
using NativeNN.Optim;

namespace NativeNN.Tests.Goldens;

/// <summary>
/// schedules.json: learning rates and momenta of PyTorch's schedulers, its clipped gradients, and trainings with parameter groups.
/// </summary>
[Trait("Category", "Goldens")]
public class SchedulesTests
{
    private const string File = "schedules.json";

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    public static IEnumerable<object[]> Trainings =>
        from backend in TestBackends.All.Keys
        from training in GoldenFiles.Root(File).GetProperty("trained").EnumerateArray().Index()
        select new object[] { backend, training.Index, training.Item.GetProperty("optimizer").GetString()! };

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryRateAndMomentumIsPyTorchs(int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        Tensor a = Tensor.Ones(2).WithGrad(), b = Tensor.Ones(2).WithGrad();
        Optimizer optimizer = golden.GetProperty("adam").GetBoolean() ? new Adam([a], 0.1) : new Sgd([a], 0.1, momentum: 0.9);
        optimizer.AddParameterGroup([b], learningRate: 0.03);
        var step = Scheduler(golden.GetProperty("name").GetString()!, optimizer, golden.GetProperty("attrs"));
        double[] watched = golden.GetProperty("watched").Doubles();
        var rates = golden.GetProperty("rates").EnumerateArray().ToList();
        for (int k = 0; k < rates.Count; k++)
        {
            if (k > 0)
                step(watched.ElementAtOrDefault(k - 1));
            Near(rates[k].Doubles(), optimizer.Groups.Select(g => g.LearningRate), $"{title}, step {k}: learning rates");
            Near(golden.GetProperty("momenta")[k].Doubles(), optimizer.Groups.Select(g => g.Momentum), $"{title}, step {k}: momenta");
        }
    }

    private static Action<double> Scheduler(string name, Optimizer optimizer, JsonElement attributes)
    {
        double Number(string attribute) => attributes.GetProperty(attribute).GetDouble();
        int Whole(string attribute) => attributes.GetProperty(attribute).GetInt32();
        if (name == "ReduceLROnPlateau")
            return new ReduceLrOnPlateau(optimizer, largerIsBetter: attributes.GetProperty("mode").GetString() == "max", Number("factor"),
                Whole("patience"), Number("threshold"), Whole("cooldown"), Number("min_lr")).Step;
        LrScheduler scheduler = name switch
        {
            "StepLR" => new StepLr(optimizer, Whole("step_size"), Number("gamma")),
            "CosineAnnealingLR" => new CosineAnnealingLr(optimizer, Whole("T_max"), Number("eta_min")),
            "OneCycleLR" => new OneCycleLr(optimizer, Number("max_lr"), Whole("total_steps"), Number("pct_start"),
                attributes.GetProperty("cycle_momentum").GetBoolean()),
            _ => throw new NotSupportedException($"schedules.json has a scheduler the test does not know: {name}"),
        };
        return _ => scheduler.Step();
    }

    [Fact]
    public void GradientsAreClippedAsPyTorchs()
    {
        foreach (var backend in TestBackends.All.Values)
            foreach (var clip in GoldenFiles.Root(File).GetProperty("clips").EnumerateArray())
            {
                double limit = clip.GetProperty("limit").GetDouble();
                var parameters = WithGradients();
                double norm = clip.GetProperty("norm").GetDouble();
                Assert.Equal(norm, parameters.ClipGradNorm(limit), 1e-6 * norm);
                Same("by_norm", parameters);
                parameters = WithGradients();
                parameters.ClipGradValue(limit);
                Same("by_value", parameters);

                List<Tensor> WithGradients()
                {
                    List<Tensor> all = [Tensor.Ones(1, backend).WithGrad()]; // one without a gradient
                    foreach (var g in clip.GetProperty("gradients").EnumerateArray())
                    {
                        var gradient = Read(g, backend);
                        all.Add(Tensor.Zeros(gradient.Shape, backend).WithGrad());
                        all[^1].Grad = gradient;
                    }
                    return all;
                }

                void Same(string which, List<Tensor> actual)
                {
                    Assert.Null(actual[0].Grad);
                    foreach (var (expected, parameter) in clip.GetProperty(which).EnumerateArray().Zip(actual.Skip(1)))
                        Near(expected.GetProperty("data").Doubles(), parameter.Grad!.ToArray().Select(v => (double)v), which,
                            relative: 1e-6);
                }
            }
    }

    [Theory]
    [MemberData(nameof(Trainings))]
    public void GroupsTrainAsPyTorchs(string backend, int index, string name)
    {
        var golden = GoldenFiles.Root(File).GetProperty("trained")[index];
        Tensor w = Read(golden.GetProperty("w0"), TestBackends.All[backend]).WithGrad();
        Tensor b = Read(golden.GetProperty("b0"), TestBackends.All[backend]).WithGrad();
        Optimizer optimizer = name switch
        {
            "SGD" => new Sgd([w], 0.1, momentum: 0.9, weightDecay: 0.1),
            "Adam" => new Adam([w], 0.05, weightDecay: 0.1),
            "RMSprop" => new RmsProp([w], 0.01, weightDecay: 0.1),
            _ => new Adagrad([w], 0.1, weightDecay: 0.1),
        };
        optimizer.AddParameterGroup([b], learningRate: 0.02, weightDecay: 0);
        var scheduler = new StepLr(optimizer, stepSize: 2, gamma: 0.5);
        foreach (var (step, expected) in golden.GetProperty("trace_f64").EnumerateArray().Index())
        {
            optimizer.ZeroGrad();
            Page("x").Linear(w, b).MseLoss(Page("y")).Backward();
            optimizer.Step();
            scheduler.Step();
            Near(expected.GetProperty("w").Doubles(), w.ToArray().Select(v => (double)v), $"{name}, step {step}: w", absolute: 5e-6);
            Near(expected.GetProperty("b").Doubles(), b.ToArray().Select(v => (double)v), $"{name}, step {step}: b", absolute: 5e-6);

            Tensor Page(string which)
            {
                int[] shape = golden.GetProperty(which).GetProperty("shape").Ints();
                float[] values = golden.GetProperty(which).GetProperty("data").Singles();
                return Tensor.From(values.AsSpan(step * shape[1] * shape[2], shape[1] * shape[2]), (shape[1], shape[2]), w.Backend);
            }
        }
    }

    private static Tensor Read(JsonElement e, Backend backend) =>
        Tensor.From(e.GetProperty("data").Singles(), Shape.Of(e.GetProperty("shape").Ints()), backend);

    private static void Near(double[] expected, IEnumerable<double> actual, string what, double relative = 1e-15, double absolute = 0)
    {
        double[] values = [.. actual];
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < values.Length; i++)
            Assert.True(Math.Abs(values[i] - expected[i]) <= absolute + relative * Math.Abs(expected[i]),
                $"{what}, element {i}: {values[i]:R}, PyTorch has {expected[i]:R}");
    }
}
