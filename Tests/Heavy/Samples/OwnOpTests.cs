using System.Reflection;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Samples.OwnOp;

namespace NativeNN.Tests.Samples;

/// <summary>Ops and optimisers made outside the engine.</summary>
public class OwnOpTests
{
    private readonly Generator generator = new(seed: 3);

    [Fact]
    public void NothingInternalIsVisibleHere()
    {
        var friends = typeof(Tensor).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>()
            .Select(a => a.AssemblyName);
        Assert.DoesNotContain(typeof(OwnOpTests).Assembly.GetName().Name, friends);
        Assert.DoesNotContain(typeof(SwishFunction).Assembly.GetName().Name, friends);
    }

    // Whoever may derive may also override all that must be.
    [Fact]
    public void OpIsClosedAndFunctionAndOptimizerAreOpen()
    {
        const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Assert.All(typeof(Op).GetConstructors(Instance), made => Assert.True(made.IsFamilyAndAssembly));
        foreach (var open in new[] { typeof(Function), typeof(Optimizer) })
        {
            Assert.All(open.GetConstructors(Instance), made => Assert.True(made.IsFamily));
            Assert.All(open.GetMethods(Instance).Where(m => m.IsAbstract), m => Assert.True(m.IsFamily || m.IsFamilyOrAssembly, m.Name));
        }
    }

    [Fact]
    public void TheSamplesSwishHasTheMeasuredSlopes()
    {
        Tensor[] inputs = [Tensor.Randn((5, 7), generator).WithGrad(), Tensor.Scalar(0.8f).WithGrad()];
        Assert.True(Check(t => new SwishFunction(t[0], t[1]).Apply(), inputs).Error < 1e-4);
    }

    [Fact]
    public void AMissingTermIsFound()
    {
        var result = Check(t => new SwishWithoutSlope(t[0]).Apply(), [Random(5, 7)]);
        Assert.False(result.Passed);
        Assert.True(result.Error > 0.1, result.ToString());
    }

    [Fact]
    public void OneInputInTwoPlacesGetsBothGradients()
    {
        var x = Random(3, 4);
        Assert.True(Check(t => new Quotient(t[0], t[0].Exp()).Apply() + t[0], [x]).Passed);
        Assert.True(Check(t => new Quotient(t[0] + 3f, t[0] + 3f).Apply() * t[0], [x]).Passed);
    }

    [Fact]
    public void ANullGradientCountsAsZero()
    {
        Tensor x = Random(2, 3), ignored = Random(2, 3);
        new FirstOf(x, ignored * 2f).Apply().Sum().Backward();
        Assert.Equal(Enumerable.Repeat(1f, 6), x.Grad!.ToArray());
        Assert.Equal(new float[6], ignored.Grad!.ToArray());
    }

    // FirstOf hands its input on; the output is a node of its own all the same, and the input's values outlive the next Backward.
    [Fact]
    public void AnOutputThatIsAnInputIsANodeOfItsOwn()
    {
        var x = Random(2, 3);
        var y = new FirstOf(x, x).Apply();
        Assert.NotSame(x, y);
        Assert.Null(x.Op);
        Assert.Equal("FirstOf", y.Op!.Name);
        y.Sum().Backward();
        x.Sum().Backward();
        Assert.Equal(Enumerable.Repeat(2f, 6), x.Grad!.ToArray());
    }

    [Fact]
    public void NothingIsRecordedInsideAndNothingUnderNoGrad()
    {
        var x = Random(2, 3);
        var y = new SwishWithoutSlope(x).Apply();
        Assert.Same(x, Assert.Single(y.Op!.Inputs));
        using (new NoGrad())
            Assert.Null(new SwishWithoutSlope(x).Apply().Op);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        var x = Random(2, 3);
        Assert.Contains("Wrong: input 0 is [2, 3] but Backward gave it a gradient [3, 2]",
            Assert.Throws<ShapeException>(() => new Wrong(x, dY => [dY.Transpose()]).Apply().Sum().Backward()).Message);
        Assert.Contains("Wrong: Backward gave 2 gradients but there are 1 inputs",
            Assert.Throws<InvalidOperationException>(() => new Wrong(x, dY => [dY, dY]).Apply().Sum().Backward()).Message);
        var once = new Wrong(x, dY => [dY]);
        once.Apply();
        Assert.Contains("make a new one", Assert.Throws<InvalidOperationException>(once.Apply).Message);
    }

    [Fact]
    public void TrainingWithThemLearnsAndItsStateGoesOnToTheSameBits()
    {
        var (net, optimizer) = Make();
        float first = Step(net, optimizer), last = 0;
        for (int i = 0; i < 60; i++)
            last = Step(net, optimizer);
        Assert.True(last < first / 2, $"{first}, then {last}");
        Assert.NotEqual(1, net.NamedParameters().Single(p => p.Name == "1.beta").Parameter.Item());

        var (resumed, itsOptimizer) = Make();
        resumed.LoadStateDict(net.StateDict());
        itsOptimizer.LoadStateDict(optimizer.StateDict());
        Step(net, optimizer);
        Step(resumed, itsOptimizer);
        Assert.Equal(net.Parameters().SelectMany(p => p.ToArray()), resumed.Parameters().SelectMany(p => p.ToArray()));
    }

    private GradCheckResult Check(Func<Tensor[], Tensor> f, Tensor[] inputs) => GradCheck.Run(f, inputs, generator);

    private Tensor Random(int rows, int columns) => Tensor.Randn((rows, columns), generator).WithGrad();

    private static (Sequential, Optimizer) Make()
    {
        var random = new Generator(seed: 5);
        var net = new Sequential(new Linear(6, 16, random), new Swish(), new Linear(16, 3, random));
        return (net, new SignSgd(net.Parameters(), learningRate: 0.01));
    }

    // Which of the first three inputs is the largest?
    private static float Step(Sequential net, Optimizer optimizer)
    {
        var x = Tensor.Randn((64, 6), new Generator(seed: 9));
        optimizer.ZeroGrad();
        var loss = net.Forward(x).CrossEntropy(x[.., ..3].ArgMax());
        loss.Backward();
        optimizer.Step();
        return loss.Item();
    }

    private sealed class SwishWithoutSlope(Tensor x) : Function(x)
    {
        private Tensor? s;

        protected override Tensor Forward() => x * (s = x.Sigmoid());

        protected override Tensor?[] Backward(Tensor dY) => [dY * s!];
    }

    private sealed class Quotient(Tensor a, Tensor b) : Function(a, b)
    {
        protected override Tensor Forward() => a / b;

        protected override Tensor?[] Backward(Tensor dY) => [dY / b, -(dY * a / (b * b))];
    }

    private sealed class FirstOf(Tensor a, Tensor b) : Function(a, b)
    {
        protected override Tensor Forward() => a;

        protected override Tensor?[] Backward(Tensor dY) => [dY, null];
    }

    private sealed class Wrong(Tensor x, Func<Tensor, Tensor?[]> gradients) : Function(x)
    {
        protected override Tensor Forward() => x * 2f;

        protected override Tensor?[] Backward(Tensor dY) => gradients(dY);
    }
}
