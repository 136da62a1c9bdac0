using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using L = NativeNN.Layers;

namespace NativeNN.Tests.Optim;

public class OptimizerTests
{
    private static readonly Dictionary<string, Func<IEnumerable<Tensor>, Optimizer>> Optimizers = new()
    {
        ["SGD"] = p => new Sgd(p, 0.1),
        ["SGD with momentum"] = p => new Sgd(p, 0.1, momentum: 0.9, dampening: 0.1, weightDecay: 0.01),
        ["SGD with Nesterov"] = p => new Sgd(p, 0.1, momentum: 0.9, nesterov: true),
        ["Adam"] = p => new Adam(p, 0.05, weightDecay: 0.01),
        ["AMSGrad"] = p => new Adam(p, 0.05, amsGrad: true),
        ["AdamW"] = p => new AdamW(p, 0.05),
        ["Adam, PyTorch 2's"] = p => new Adam(p, 0.05, lerp: true),
        ["RMSprop"] = p => new RmsProp(p),
        ["RMSprop centred with momentum"] = p => new RmsProp(p, momentum: 0.9, centered: true, weightDecay: 0.01),
        ["Adagrad"] = p => new Adagrad(p, learningRateDecay: 0.1, weightDecay: 0.01),
    };

    public static TheoryData<string, string> OptimizersOnBackends()
    {
        var data = new TheoryData<string, string>();
        foreach (string backend in TestBackends.All.Keys)
            foreach (string optimizer in Optimizers.Keys)
                data.Add(optimizer, backend);
        return data;
    }

    // ---- by hand: w = 1, g = 0.5, then g = −0.25 ------------------------------------------------------------------------------------

    public static TheoryData<string, double, double> HandChecked() => new()
    {
        // w₁ = 1 − 0.1·0.5, w₂ = w₁ + 0.1·0.25
        { "SGD", 0.95, 0.975 },
        // g = 0.51, b = 0.51: w₁ = 0.949.   g = −0.25 + 0.00949 = −0.24051, b = 0.459 + 0.9·g = 0.242541: w₂ = w₁ − 0.0242541
        { "SGD with momentum", 0.949, 0.9247459 },
        // b = 0.5, step 0.5 + 0.45.   b = 0.45 − 0.25 = 0.2, step −0.25 + 0.18
        { "SGD with Nesterov", 0.905, 0.912 },
        // g = 0.51, m̂/√v̂ = 1.   g = −0.2405, m = 0.9·0.051 − 0.02405 = 0.02185, m̂ = 0.115;
        // v = 0.999·2.601e-4 + 5.784025e-5, v̂ = 0.158913969…
        { "Adam", 0.95, 0.95 - 0.05 * 0.115 / 0.39864015 },
        // m = 0.045 − 0.025 = 0.02, m̂ = 0.02/0.19; v₂ = 2.4975e-4 + 6.25e-5 = 3.1225e-4 is the largest, v̂ = v₂/0.001999
        { "AMSGrad", 0.95, 0.95 - 0.05 * (0.02 / 0.19) / 0.39522441 },
        // as Adam without decay in g, and w shrinks by 1 − 0.05·0.01 before each step
        { "AdamW", 0.9995 - 0.05, 0.9495 * 0.9995 - 0.05 * (0.02 / 0.19) / 0.39522441 },
        // s = 0.01·0.25, step 0.01·0.5/0.05.   s = 0.99·0.0025 + 0.000625 = 0.0031, step −0.01·0.25/√0.0031
        { "RMSprop", 0.9, 0.9 + 0.0025 / 0.055677644 },
        // g = 0.51, sum = 0.2601.   g = −0.25 + 0.0099 = −0.2401, sum = 0.31774801, lr = 0.01/1.1
        { "Adagrad", 0.99, 0.99 + 0.01 / 1.1 * 0.2401 / 0.56369141 },
    };

    [Theory]
    [MemberData(nameof(HandChecked))]
    public void TheFirstTwoStepsAreTheFormulas(string name, double first, double second)
    {
        foreach (var backend in TestBackends.All.Values)
        {
            var w = Tensor.Full(1, 1, backend).WithGrad();
            var optimizer = Optimizers[name]([w]);
            Step(optimizer, w, 0.5f);
            Assert.Equal(first, w.Item(), 2e-6);
            Step(optimizer, w, -0.25f);
            Assert.Equal(second, w.Item(), 2e-6);
        }
    }

    // ---- gradients ------------------------------------------------------------------------------------------------------------------

    [Theory]
    [MemberData(nameof(OptimizersOnBackends))]
    public void AParameterWithoutGradientIsLeftAlone(string name, string backend)
    {
        Tensor used = Tensor.Ones(3, TestBackends.All[backend]).WithGrad(), unused = Tensor.Ones(2, TestBackends.All[backend]).WithGrad();
        var optimizer = Optimizers[name]([used, unused]);
        used.Square().Sum().Backward();
        optimizer.Step();
        Assert.NotEqual([1, 1, 1], used.ToArray());
        Assert.Equal([1, 1], unused.ToArray()); // weight decay does not touch it either
    }

    [Fact]
    public void ZeroGradDropsGradientsAndWithoutItTheyAddUp()
    {
        var w = Tensor.From(1, 2).WithGrad();
        var optimizer = new Sgd([w], 0.1);
        w.Square().Sum().Backward();
        w.Square().Sum().Backward();
        Assert.Equal([4, 8], w.Grad!.ToArray());
        optimizer.ZeroGrad();
        Assert.Null(w.Grad);
        optimizer.Step();
        Assert.Equal([1, 2], w.ToArray());
        w.Square().Sum().Backward();
        Assert.Equal([2, 4], w.Grad!.ToArray());
    }

    [Fact]
    public void TheLearningRateMayChangeBetweenSteps()
    {
        var w = Tensor.From(1).WithGrad();
        var optimizer = new Sgd([w], 0.5);
        Step(optimizer, w, 1);
        optimizer.LearningRate = 0.25;
        Step(optimizer, w, 1);
        Assert.Equal(0.25f, w.Item());
    }

    // ---- state ----------------------------------------------------------------------------------------------------------------------

    [Theory]
    [MemberData(nameof(OptimizersOnBackends))]
    public void ARestoredOptimizerGoesOnToTheSameBits(string name, string backend)
    {
        var (net, optimizer) = Start(name, backend);
        Train(net, optimizer, steps: 7, seed: 1);
        var (weights, state) = (net.StateDict(), optimizer.StateDict());
        Train(net, optimizer, steps: 7, seed: 2);

        var (restored, fresh) = Start(name, backend);
        Train(restored, fresh, steps: 3, seed: 5); // what it had before is forgotten
        restored.LoadStateDict(weights);
        fresh.LoadStateDict(state);
        Train(restored, fresh, steps: 7, seed: 2);
        Assert.Equal(Values(net), Values(restored));
        Assert.Equal(optimizer.StateDict().Keys.Order(), fresh.StateDict().Keys.Order());
    }

    [Theory]
    [MemberData(nameof(OptimizersOnBackends))]
    public void AnOptimizerFollowsANetworkThatMoves(string name, string backend)
    {
        var (stays, first) = Start(name, backend);
        Train(stays, first, steps: 6, seed: 1);
        var (moves, second) = Start(name, backend);
        Train(moves, second, steps: 3, seed: 1);
        moves.To(NativeNN.Backends.Reference.ReferenceBackend.Instance);
        moves.To(Tensor.DefaultBackend);
        moves.To(TestBackends.All[backend]);
        Train(moves, second, steps: 3, seed: 1, skip: 3);
        Assert.Equal(Values(stays), Values(moves));

        moves.To(TestBackends.All.Values.First(b => TestBackends.All.Count == 1 || b.Name != backend));
        Train(moves, second, steps: 1, seed: 2); // buffers move with it
        Assert.All(Values(moves), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void AStateThatDoesNotFitIsRefusedAndChangesNothing()
    {
        var w = Tensor.From(1, 2).WithGrad();
        var adam = new Adam([w], 0.1);
        Step(adam, w, 1, 2);
        var state = adam.StateDict();
        var other = Tensor.From(1, 2, 3).WithGrad();

        Assert.Contains("knows nothing of [0.exp_avg",
            Assert.Throws<ArgumentException>(() => new Sgd([w], 0.1).LoadStateDict(state)).Message);
        Assert.Contains("needs [0.max_exp_avg_sq]",
            Assert.Throws<ArgumentException>(() => new Adam([w], amsGrad: true).LoadStateDict(state)).Message);
        Assert.Contains("'1.step'", Assert.Throws<ArgumentException>(() => new Adam([w, other]).LoadStateDict(state)).Message);
        string shapes = Assert.Throws<ShapeException>(() => new Adam([other]).LoadStateDict(state)).Message;
        Assert.Contains("[3]", shapes);
        Assert.Contains("[2]", shapes);
        var extra = new Dictionary<string, Tensor>(state) { ["7.step"] = Tensor.Scalar(1) };
        Assert.Contains("[7.step]", Assert.Throws<ArgumentException>(() => adam.LoadStateDict(extra)).Message);
        Assert.All(state, s => Assert.Equal(s.Value.ToArray(), adam.StateDict()[s.Key].ToArray()));
    }

    // ---- arguments ------------------------------------------------------------------------------------------------------------------

    [Fact]
    public void BadHyperParametersThrowAndAreNamed()
    {
        Tensor[] w = [Tensor.Ones(1).WithGrad()];
        static void Refuses(string name, Func<Optimizer> create)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(create);
            Assert.Equal(name, error.ParamName, ignoreCase: true);
        }
        Refuses("learningRate", () => new Sgd(w, -0.1));
        Refuses("learningRate", () => new Adam(w, double.NaN));
        Refuses("learningRate", () => new RmsProp(w, double.PositiveInfinity));
        Refuses("momentum", () => new Sgd(w, 0.1, momentum: -1));
        Refuses("dampening", () => new Sgd(w, 0.1, momentum: 0.9, dampening: double.NaN));
        Refuses("weightDecay", () => new Sgd(w, 0.1, weightDecay: -1e-4));
        Refuses("beta1", () => new Adam(w, beta1: 1));
        Refuses("beta2", () => new AdamW(w, beta2: -0.1));
        Refuses("epsilon", () => new Adam(w, epsilon: -1e-8));
        Refuses("weightDecay", () => new AdamW(w, weightDecay: double.NaN));
        Refuses("alpha", () => new RmsProp(w, alpha: 1.5));
        Refuses("momentum", () => new RmsProp(w, momentum: -0.5));
        Refuses("epsilon", () => new Adagrad(w, epsilon: double.NaN));
        Refuses("learningRateDecay", () => new Adagrad(w, learningRateDecay: -1));
        Assert.Contains("Nesterov", Assert.Throws<ArgumentException>(() => new Sgd(w, 0.1, nesterov: true)).Message);
        var error = Assert.Throws<ArgumentException>(() => new Sgd(w, 0.1, momentum: 0.9, dampening: 0.1, nesterov: true));
        Assert.Contains("Nesterov", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(w, 0.1).LearningRate = -1);
    }

    // PyTorch takes it, too: s stays 0, and the step is lr·g/ε.
    [Theory]
    [MemberData(nameof(BackendNames))]
    public void RmsPropWithAlphaOneForgetsNothingAndLearnsNothing(string backend)
    {
        var w = Tensor.Full(2, 1, TestBackends.All[backend]).WithGrad();
        var optimizer = new RmsProp([w], learningRate: 0.5, alpha: 1, epsilon: 2);
        Step(optimizer, w, 3, -4);
        Assert.Equal([0.25f, 2], w.ToArray());
        Assert.Equal([0, 0], optimizer.StateDict()["0.square_avg"].ToArray());
    }

    public static TheoryData<string> BackendNames => [.. TestBackends.All.Keys];

    [Fact]
    public void ParametersMustBeLeavesAndEachComeOnce()
    {
        var w = Tensor.Ones(2).WithGrad();
        Assert.Contains("no parameters", Assert.Throws<ArgumentException>(() => new Sgd([], 0.1)).Message);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new Sgd([w, w], 0.1)).Message);
        Assert.Contains("Square", Assert.Throws<ArgumentException>(() => new Sgd([w.Square()], 0.1)).Message);
        var shared = new Linear(2, 2, new Generator(0));
        Assert.NotNull(new Sgd(new Sequential(shared, shared).Parameters(), 0.1));
    }

    // ---- a small problem --------------------------------------------------------------------------------------------------------------

    private static (Module Net, Optimizer Optimizer) Start(string name, string backend)
    {
        var generator = new Generator(3);
        var net = new Sequential(new Linear(5, 7, generator), new L.Sigmoid(), new Linear(7, 3, generator)).To(TestBackends.All[backend]);
        return (net, Optimizers[name](net.Parameters()));
    }

    private static void Train(Module net, Optimizer optimizer, int steps, int seed, int skip = 0)
    {
        var generator = new Generator(seed);
        var backend = net.Parameters().First().Backend;
        var values = new float[4 * 5];
        for (int step = 0; step < skip + steps; step++)
        {
            generator.Normal(values, 0, 1);
            if (step < skip)
                continue;
            optimizer.ZeroGrad();
            net.Forward(Tensor.From(values, (4, 5), backend)).CrossEntropy(Labels.From([0, 1, 2, 1], backend)).Backward();
            optimizer.Step();
        }
    }

    private static float[] Values(Module net) => [.. net.Parameters().SelectMany(p => p.ToArray())];

    private static void Step(Optimizer optimizer, Tensor w, params float[] gradient)
    {
        w.Grad = Tensor.From(gradient, w.Shape, w.Backend);
        optimizer.Step();
    }
}
