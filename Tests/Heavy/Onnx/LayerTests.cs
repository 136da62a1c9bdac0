using NativeNN.Backends;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Onnx;

/// <summary>Each layer alone, here and in ONNX Runtime.</summary>
public class LayerTests
{
    private const int Features = 10, Rows = 1000;
    private const double Tolerance = 1e-5;

    private static readonly Generator Random = new(3);

    private static readonly (string Name, Func<Module> Make)[] Layers =
    [
        ("Linear", () => new Linear(Features, 7, Random)),
        ("Linear without bias", () => new Linear(Features, 7, Random, bias: false)),
        ("Relu", () => new Relu()),
        ("LeakyRelu", () => new LeakyRelu(0.3f)),
        ("Sigmoid", () => new Sigmoid()),
        ("Tanh", () => new Tanh()),
        ("Elu", () => new Elu(0.7f)),
        ("Gelu", () => new Gelu()),
        ("Silu", () => new Silu()),
        ("Softplus", () => new Softplus()),
        ("Softmax", () => new Softmax()),
        ("LogSoftmax", () => new LogSoftmax()),
        ("Dropout", () => new Dropout(0.5, Random)),
        ("Flatten", () => new Flatten()),
        ("BatchNorm1d", () => Trained(new BatchNorm1d(Features))),
        ("BatchNorm1d, not affine", () => Trained(new BatchNorm1d(Features, affine: false))),
        ("BatchNorm1d without statistics", () => Trained(new BatchNorm1d(Features, trackRunningStats: false))),
        ("LayerNorm", () => Trained(new LayerNorm(Features))),
        ("LayerNorm, not affine", () => new LayerNorm(Features, affine: false)),
        ("Sequential", () => new Sequential(new Linear(Features, 30, Random), new Silu(), new Linear(30, 4, Random), new LogSoftmax())),
        ("Sequential of nothing", () => new Sequential()),
        ("ModuleList", () => new Tower()),
        ("a weight that two layers share", () => Twice(new Linear(Features, Features, Random))),
    ];

    public static TheoryData<string> Names => [.. Layers.Select(layer => layer.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void OutputsAreOnnxRuntimes(string name)
    {
        var layer = Layers.Single(l => l.Name == name).Make();
        using var model = new OnnxModel(layer, Features);
        Assert.Equal("x", model.Input.Name);
        Assert.Equal([-1, Features], model.Input.Shape);
        foreach (int rows in new[] { Rows, 1, 33 })
            Assert.InRange(model.Distance(layer, Inputs(rows), rows, Features), 0, Tolerance);
    }

    [Fact]
    public void NoLayerIsMissing()
    {
        var all = typeof(Module).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Module)) && !t.IsAbstract);
        Assert.Equal([], all.Select(t => t.Name).Except(Layers.Select(l => l.Name.Split(' ', ',')[0])));
    }

    // Numbers from −20 to 20, past every threshold, and most of them where functions bend.
    private static float[] Inputs(int rows)
    {
        var x = Tensor.Empty((rows, Features));
        NativeNN.Init.Normal(x, Random, mean: 0, std: 3);
        float[] values = x.ToArray();
        (values[0], values[1], values[2], values[3]) = (-20, 20, 0, 21);
        return values;
    }

    private static Sequential Twice(Module layer) => new(layer, new Tanh(), layer);

    // Weights, biases and running statistics that are not 0 and 1.
    private static Module Trained(Module layer)
    {
        foreach (var parameter in layer.Parameters())
            NativeNN.Init.Uniform(parameter, Random, 0.5, 1.5);
        for (int i = 0; i < 3; i++)
            layer.Forward(Tensor.From(Inputs(50), (50, Features)) * 0.7f + 1.5f);
        return layer;
    }

    // A network that writes its own Compute: branches, sums, slices, joined outputs.
    private sealed class Tower : Module
    {
        private readonly ModuleList blocks;

        public Tower() => blocks = Register("blocks", new ModuleList(
            new Linear(Features, Features, Random), new Linear(Features, Features, Random)));

        protected override Tensor Compute(Tensor x)
        {
            var h = x;
            foreach (var block in blocks)
                h = h + block.Forward(h).Relu() * 0.5f;
            var centred = h - h.Mean(Axis.Columns).Reshape((h.Rows, 1));
            return Tensor.Cat([centred[.., ..4].Clamp(-1, 1), (1 - h[.., 4..].Abs()).Exp()], Axis.Columns);
        }
    }
}
