using NativeNN.Layers;
using NativeNN.Random;
using L = NativeNN.Layers;

namespace NativeNN.Tests.Layers;

public class ModuleTests
{
    // ---- printing: the texts are PyTorch's print(net) ---------------------------------------------------------------------------

    [Fact]
    public void ASequentialPrintsAsPyTorchs()
    {
        var g = new Generator(0);
        var net = new Sequential(new Flatten(), new Linear(784, 64, g), new Relu(), new L.Dropout(0.5, g), new Linear(64, 10, g),
            new L.Tanh(), new L.Sigmoid(), new LogSoftmax());
        Same("""
            Sequential(
              (0): Flatten(start_dim=1, end_dim=-1)
              (1): Linear(in_features=784, out_features=64, bias=True)
              (2): ReLU()
              (3): Dropout(p=0.5, inplace=False)
              (4): Linear(in_features=64, out_features=10, bias=True)
              (5): Tanh()
              (6): Sigmoid()
              (7): LogSoftmax(dim=1)
            )
            """, net);
        Same("Sequential()", new Sequential());
    }

    [Fact]
    public void ANestedModuleWithItsOwnWordsPrintsAsPyTorchs() => Same("""
        Net(
          classes=2
          (block): Block(
            (fc1): Linear(in_features=4, out_features=3, bias=False)
            (act): LeakyReLU(negative_slope=0.2)
          )
          (dropout): Dropout(p=0.25, inplace=False)
          (out): Linear(in_features=3, out_features=2, bias=True)
          (tail): Sequential(
            (0): ReLU()
            (1): Flatten(start_dim=1, end_dim=-1)
            (2): LogSoftmax(dim=1)
          )
        )
        """, new Net());

    [Fact]
    public void WordsOverSeveralLinesAreIndented() => Same("""
        Sequential(
          (0): Wordy(
            a
            b
          )
        )
        """, new Sequential(new Wordy()));

    [Theory]
    [InlineData(1e-5, "Dropout(p=1e-05, inplace=False)")]
    [InlineData(1, "Dropout(p=1.0, inplace=False)")]
    [InlineData(0.1, "Dropout(p=0.1, inplace=False)")]
    public void NumbersPrintAsPythons(double p, string text) => Same(text, new L.Dropout(p, new Generator(0)));

    [Theory]
    [InlineData(1.1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void ADropoutThatIsNoProbabilityIsRefusedAtConstruction(double p) => Assert.Contains(
        $"p is {p}", Assert.Throws<ArgumentOutOfRangeException>(() => new L.Dropout(p, new Generator(0))).Message);

    [Fact]
    public void TheDefaultSlopePrintsAsPyTorchs() => Same("LeakyReLU(negative_slope=0.01)", new LeakyRelu());

    // ---- names --------------------------------------------------------------------------------------------------------------------

    [Fact]
    public void ParametersAndModulesComeByNameInTheOrderOfRegistration()
    {
        var net = new Net();
        Assert.Equal(["block.fc1.weight", "out.weight", "out.bias"], net.NamedParameters().Select(p => p.Name));
        Assert.Equal(["", "block", "block.fc1", "block.act", "dropout", "out", "tail", "tail.0", "tail.1", "tail.2"],
            net.NamedModules().Select(m => m.Name));
        Assert.Equal(["block", "dropout", "out", "tail"], net.NamedChildren.Select(c => c.Name));
        Assert.All(net.Parameters(), p => Assert.True(p.RequiresGrad));
    }

    [Fact]
    public void ASharedLayerIsListedOnceAndSavedUnderBothNames()
    {
        var shared = new Linear(3, 3, new Generator(1));
        var net = new Sequential(shared, new L.Tanh(), shared);
        Assert.Equal(["0.weight", "0.bias"], net.NamedParameters().Select(p => p.Name));
        Assert.Equal(["", "0", "1"], net.NamedModules().Select(m => m.Name));
        Assert.Equal(["0.bias", "0.weight", "2.bias", "2.weight"], net.StateDict().Keys.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("fc1")]
    public void ANameMustBeNewNotEmptyAndWithoutDots(string name) =>
        Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => new Block().Add(name)).Message);

    // ---- modes, moving, state -----------------------------------------------------------------------------------------------------

    [Fact]
    public void EvalReachesEveryLayerAndDropoutThenPassesAll()
    {
        var dropout = new L.Dropout(0.5, new Generator(0));
        var net = new Sequential(new Sequential(dropout));
        var x = Tensor.Ones((4, 50));
        Assert.Contains(0, net.Forward(x).ToArray());
        net.Eval();
        Assert.False(dropout.IsTraining);
        Assert.Equal(x.ToArray(), net.Forward(x).ToArray());
        net.Train();
        Assert.True(dropout.IsTraining);
    }

    [Fact]
    public void ZeroGradDropsTheGradientsOfEveryLayer()
    {
        var net = new Sequential(new Linear(4, 3, new Generator(1)), new Sequential(new Linear(3, 2, new Generator(2))));
        net.Forward(Tensor.Ones((2, 4))).Sum().Backward();
        Assert.All(net.Parameters(), p => Assert.NotNull(p.Grad));
        net.ZeroGrad();
        Assert.All(net.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void AStateIsACopyThatRestoresTheNetwork()
    {
        var net = new Sequential(new Linear(4, 3, new Generator(1)), new L.Tanh(), new Linear(3, 2, new Generator(2)));
        var x = Tensor.From([1, -2, 3, 0.5f], (1, 4));
        var before = net.Forward(x).ToArray();
        var state = net.StateDict();
        foreach (var parameter in net.Parameters())
            parameter.Set(new float[parameter.Length]);
        Assert.NotEqual(before, net.Forward(x).ToArray());
        net.LoadStateDict(state);
        Assert.Equal(before, net.Forward(x).ToArray());
    }

    [Fact]
    public void AStateThatDoesNotFitIsRefusedAndChangesNothing()
    {
        var net = new Net();
        var before = net.Parameters().SelectMany(p => p.ToArray()).ToArray();

        var renamed = net.StateDict().ToDictionary(s => s.Key == "out.bias" ? "out.offset" : s.Key, s => s.Value);
        renamed["block.fc1.weight"] = Tensor.Zeros((3, 4));
        string message = Assert.Throws<ArgumentException>(() => net.LoadStateDict(renamed)).Message;
        Assert.Contains("Net needs [out.bias]", message);
        Assert.Contains("[out.offset]", message);

        var reshaped = new Dictionary<string, Tensor>(net.StateDict())
        {
            ["block.fc1.weight"] = Tensor.Zeros((3, 4)),
            ["out.weight"] = Tensor.Zeros((3, 2)),
        };
        message = Assert.Throws<ShapeException>(() => net.LoadStateDict(reshaped)).Message;
        Assert.Contains("out.weight", message);
        Assert.Contains("[2, 3]", message);
        Assert.Contains("[3, 2]", message);
        Assert.Equal(before, net.Parameters().SelectMany(p => p.ToArray()));
    }

    [Fact]
    public void MovingANetworkKeepsItsParametersAndTheirValues()
    {
        var net = new Net();
        Tensor[] parameters = [.. net.Parameters()];
        var values = parameters.SelectMany(p => p.ToArray()).ToArray();
        foreach (var backend in TestBackends.All.Values)
        {
            net.To(backend);
            Assert.Equal(parameters, net.Parameters());
            Assert.All(parameters, p => Assert.Same(backend, p.Backend));
            Assert.Equal(values, parameters.SelectMany(p => p.ToArray()));
        }
    }

    [Fact]
    public void ListenersSeeEveryLayersOutput()
    {
        var net = new Net();
        var seen = new List<string>();
        foreach (var (name, module) in net.NamedModules())
            module.AfterForward += (_, x, y) => seen.Add($"{name} {x.Shape} {y.Shape}");
        net.Forward(Tensor.Ones((5, 4)));
        Assert.Equal(["block.fc1 [5, 4] [5, 3]", "block.act [5, 3] [5, 3]", "block [5, 4] [5, 3]", "dropout [5, 3] [5, 3]",
            "out [5, 3] [5, 2]", "tail.0 [5, 2] [5, 2]", "tail.1 [5, 2] [5, 2]", "tail.2 [5, 2] [5, 2]", "tail [5, 2] [5, 2]",
            " [5, 4] [5, 2]"], seen);
    }

    [Fact]
    public void AModuleCannotContainItself()
    {
        ModuleList a = new(), b = new(), c = new();
        Assert.Contains("cannot contain itself", Assert.Throws<ArgumentException>(() => a.Add(a)).Message);
        a.Add(new Sequential(b));
        b.Add(c);
        Assert.Contains("as '0.0.0'", Assert.Throws<ArgumentException>(() => c.Add(a)).Message);
        Assert.Throws<ArgumentException>(() => b.Add(new Sequential(new Relu(), a)));
        Assert.Equal(4, a.NamedModules().Count());
        c.Add(new Relu());
        c.Add(c[0]); // the same one twice is no circle
        Assert.Equal(5, a.NamedModules().Count());
    }

    [Fact]
    public void ASequentialKeepsTheModulesItWasGiven()
    {
        Module[] modules = [new Relu()];
        var net = new Sequential(modules);
        modules[0] = net;
        Assert.Equal([0, 1], net.Forward(Tensor.From(-1, 1)).ToArray());
    }

    private static void Same(string expected, Module module) => Assert.Equal(expected.ReplaceLineEndings("\n"), module.ToString());

    private sealed class Block : Module
    {
        private readonly Linear fc1;
        private readonly LeakyRelu act;

        public Block()
        {
            fc1 = Register("fc1", new Linear(4, 3, new Generator(1), bias: false));
            act = Register("act", new LeakyRelu(0.2f));
        }

        public void Add(string name) => Register(name, new Relu());

        protected override Tensor Compute(Tensor x) => act.Forward(fc1.Forward(x));
    }

    private sealed class Net : Module
    {
        private readonly Module block, dropout, output, tail;

        public Net()
        {
            block = Register("block", new Block());
            dropout = Register("dropout", new L.Dropout(0.25, new Generator(2)));
            output = Register("out", new Linear(3, 2, new Generator(3)));
            tail = Register("tail", new Sequential(new Relu(), new Flatten(), new LogSoftmax()));
        }

        protected override Tensor Compute(Tensor x) => tail.Forward(output.Forward(dropout.Forward(block.Forward(x))));

        protected override string ExtraRepr() => "classes=2";
    }

    private sealed class Wordy : Module
    {
        protected override Tensor Compute(Tensor x) => x;

        protected override string ExtraRepr() => "a\nb";
    }
}
