using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Exercises;

/// <summary>One test for each exercise: red until its stub is filled.</summary>
public class ExerciseTests
{
    private readonly Generator generator = new(seed: 42);

    [Fact]
    public void Exercise1Sigmoid() => GradientsAreTheSlopes(t => new Sigmoid(t[0]).Apply(), (5, 7));

    [Fact]
    public void Exercise2MatMul() => GradientsAreTheSlopes(t => new MatMul(t[0], t[1]).Apply(), (5, 7), (7, 3));

    [Fact]
    public void Exercise3SoftmaxCrossEntropy()
    {
        var t = Tensor.From(new float[,] { { 0, 1, 0, 0 }, { 1, 0, 0, 0 }, { 0, 0, 0, 1 } });
        GradientsAreTheSlopes(x => new SoftmaxCrossEntropy(x[0], t).Apply(), (3, 4));
    }

    [Fact]
    public void Exercise4TopologicalOrder()
    {
        // A chain of thirty diamonds: thirty values, each used twice by the next.
        var root = new Node("x");
        for (int i = 0; i < 30; i++)
            root = new Node($"sum {i}", new Node($"left {i}", root), new Node($"right {i}", root), root);
        var order = TopologicalOrder.Of(root);
        Assert.Equal(91, order.Count);
        var done = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        foreach (var node in order)
        {
            Assert.All(node.Inputs, input => Assert.True(done.Contains(input), $"{node.Name} comes before its input {input.Name}"));
            Assert.True(done.Add(node), $"{node.Name} comes twice");
        }
    }

    [Fact]
    public void Exercise5BroadcastSum() => GradientsAreTheSlopes(t => new AddRow(t[0], t[1]).Apply(), (5, 3), 3);

    [Fact]
    public void Exercise6Momentum()
    {
        var ours = Train(parameters => new Momentum(parameters, learningRate: 0.1, momentum: 0.9));
        var engines = Train(parameters => new Sgd(parameters, learningRate: 0.1, momentum: 0.9));
        for (int i = 0; i < ours.Length; i++)
            Assert.Equal(engines[i], ours[i], tolerance: 1e-5f);
    }

    [Fact]
    public void Exercise7HeInit()
    {
        var x = Tensor.Randn((100, 256), generator);
        double first = x.Square().Mean().Item();
        for (int layer = 0; layer < 20; layer++)
        {
            var weight = Tensor.Zeros((256, 256));
            HeInit.Fill(weight, generator);
            Assert.InRange(weight.ToArray().Average(), -0.01, 0.01);
            x = x.Relu().Linear(weight);
        }
        Assert.InRange(x.Square().Mean().Item() / first, 0.5, 2); // with half the variance: 1e-6
    }

    [Fact]
    public void Exercise8Dropout()
    {
        const float P = 0.25f;
        float[] y = new Dropout(Tensor.Full((100, 100), 3), P, generator).Apply().ToArray();
        Assert.All(y, value => Assert.True(value == 0 || MathF.Abs(value - 4) < 1e-5f, $"{value} is neither dropped nor 3/(1 − p)"));
        Assert.InRange(y.Count(value => value == 0) / 1e4, 0.23, 0.27);
        GradientsAreTheSlopes(t => new Dropout(t[0], P, new Generator(1)).Apply(), (5, 7)); // the same mask at every call
    }

    private void GradientsAreTheSlopes(Func<Tensor[], Tensor> f, params Shape[] shapes)
    {
        Tensor[] inputs = [.. shapes.Select(shape => Tensor.Randn(shape, generator).WithGrad())];
        var result = GradCheck.Run(f, inputs, generator);
        Assert.True(result.Passed, result.ToString());
    }

    // The weights after ten steps.
    private static float[] Train(Func<IEnumerable<Tensor>, Optimizer> make)
    {
        var random = new Generator(seed: 1);
        var net = new Linear(4, 3, random);
        var x = Tensor.Randn((8, 4), random);
        var optimizer = make(net.Parameters());
        for (int i = 0; i < 10; i++)
        {
            optimizer.ZeroGrad();
            net.Forward(x).Square().Mean().Backward();
            optimizer.Step();
        }
        return [.. net.Parameters().SelectMany(p => p.ToArray())];
    }
}
