using NativeNN.Optim;

namespace NativeNN.Tests.Optim;

public class ParameterGroupTests
{
    [Fact]
    public void AGroupHasNumbersOfItsOwnAndTakesTheRestFromTheFirst()
    {
        Tensor w = Tensor.From(1).WithGrad(), b = Tensor.From(1).WithGrad();
        var sgd = new Sgd([w], 0.1, momentum: 0.9, weightDecay: 0.5);
        var group = sgd.AddParameterGroup([b], learningRate: 0.01, weightDecay: 0);
        Assert.Equal((0.01, 0, 0.9), (group.LearningRate, group.WeightDecay, group.Momentum));
        Step(sgd, (w, 1), (b, 1));
        Assert.Equal(1 - 0.1f * 1.5f, w.Item());
        Assert.Equal(0.99f, b.Item());
        Assert.Equal(0.1, sgd.LearningRate);
        sgd.LearningRate = 0.2;
        Assert.Equal([0.2, 0.2], sgd.Groups.Select(g => g.LearningRate));
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => sgd.AddParameterGroup([w])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => group.WeightDecay = -1);
    }

    [Fact]
    public void AStateDictBringsGroupsAndSchedulersBackToTheLastBit()
    {
        var (sgd, w, b) = Start();
        var scheduler = new CosineAnnealingLr(sgd, epochs: 7, lowest: 1e-3);
        for (int k = 0; k < 3; k++)
        {
            Step(sgd, (w, 1), (b, -2));
            scheduler.Step();
        }
        var (other, w2, b2) = Start();
        other.LoadStateDict(sgd.StateDict());
        Assert.Equal(sgd.Groups.Select(g => g.LearningRate), other.Groups.Select(g => g.LearningRate)); // doubles, exactly
        other.LearningRate = 5;
        var resumed = new CosineAnnealingLr(other, epochs: 7, lowest: 1e-3); // made with other rates than those of the beginning
        other.LoadStateDict(sgd.StateDict());
        resumed.LoadStateDict(scheduler.StateDict());
        w2.Set(w.ToArray());
        b2.Set(b.ToArray());
        for (int k = 0; k < 12; k++)
        {
            Step(sgd, (w, 0.5f), (b, 1));
            Step(other, (w2, 0.5f), (b2, 1));
            scheduler.Step();
            resumed.Step();
            Assert.Equal(sgd.Groups.Select(g => g.LearningRate), other.Groups.Select(g => g.LearningRate));
        }
        Assert.Equal((w.Item(), b.Item()), (w2.Item(), b2.Item()));
        Assert.Equal(15, resumed.LastEpoch);
    }

    [Fact]
    public void AStateFromBeforeThereWereGroupsStillLoads()
    {
        var (sgd, w, b) = Start();
        Step(sgd, (w, 1), (b, 1));
        var old = sgd.StateDict().Where(s => !s.Key.StartsWith("groups.", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(4, old.Count); // step and momentum_buffer of two parameters
        var (fresh, _, _) = Start();
        fresh.Groups[1].LearningRate = 0.7;
        fresh.LoadStateDict(old);
        Assert.Equal([0.1, 0.7], fresh.Groups.Select(g => g.LearningRate));
        var damaged = sgd.StateDict().Where(s => s.Key != "groups.1.lr").ToDictionary();
        Assert.Contains("groups.1.lr", Assert.Throws<ArgumentException>(() => fresh.LoadStateDict(damaged)).Message);
        var more = new Dictionary<string, Tensor>(sgd.StateDict()) { ["groups.2.lr"] = Tensor.Ones(3) };
        Assert.Contains("[groups.2.lr]", Assert.Throws<ArgumentException>(() => fresh.LoadStateDict(more)).Message);
    }

    [Fact]
    public void APlateauGoesOnFromItsState()
    {
        double[] watched = [1, 0.9, 0.9, 0.9, 0.95, 0.8, 0.8, 0.81, 0.82, 0.83];
        var (sgd, _, _) = Start();
        var whole = new ReduceLrOnPlateau(sgd, patience: 1, cooldown: 1);
        var (other, _, _) = Start();
        var half = new ReduceLrOnPlateau(other, patience: 1, cooldown: 1);
        for (int k = 0; k < watched.Length; k++)
        {
            if (k is 0 or 4)
            {
                var resumed = new ReduceLrOnPlateau(other, patience: 1, cooldown: 1);
                resumed.LoadStateDict(half.StateDict());
                half = resumed;
            }
            whole.Step(watched[k]);
            half.Step(watched[k]);
            Assert.Equal(sgd.LearningRate, other.LearningRate);
        }
        Assert.True(sgd.LearningRate < 0.1);
        Assert.Equal(watched.Length, half.LastEpoch);
        Assert.Throws<ArgumentException>(() => half.LoadStateDict(new StepLr(sgd, 1).StateDict()));
    }

    [Fact]
    public void SchedulersRefuseNumbersThatCannotBe()
    {
        var (sgd, _, _) = Start();
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepLr(sgd, stepSize: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CosineAnnealingLr(sgd, epochs: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleLr(sgd, 1, totalSteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleLr(sgd, 1, totalSteps: 10, rising: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReduceLrOnPlateau(sgd, factor: 1));
        var cycle = new OneCycleLr(sgd, 1, totalSteps: 3);
        for (int k = 0; k < 3; k++)
            cycle.Step();
        Assert.Contains("cycle of 3", Assert.Throws<InvalidOperationException>(cycle.Step).Message);
    }

    [Fact]
    public void ClippingLeavesSmallGradientsAloneAndShowsANaN()
    {
        var w = Tensor.From(1, 1).WithGrad();
        w.Grad = Tensor.From(3, 4);
        Assert.Equal(5, new[] { w }.ClipGradNorm(6));
        Assert.Equal([3, 4], w.Grad.ToArray());
        w.Grad = Tensor.From(float.NaN, 4);
        Assert.True(float.IsNaN(new[] { w }.ClipGradNorm(1)));
        Assert.All(w.Grad.ToArray(), v => Assert.True(float.IsNaN(v)));
        Assert.Equal(0, new[] { Tensor.Ones(1) }.ClipGradNorm(1)); // none has a gradient
        Assert.Throws<ArgumentOutOfRangeException>(() => new[] { w }.ClipGradNorm(-1));
    }

    private static (Sgd Optimizer, Tensor W, Tensor B) Start()
    {
        Tensor w = Tensor.From(1).WithGrad(), b = Tensor.From(1).WithGrad();
        var sgd = new Sgd([w], 0.1, momentum: 0.9);
        sgd.AddParameterGroup([b], learningRate: 1 / 3.0);
        return (sgd, w, b);
    }

    private static void Step(Optimizer optimizer, params (Tensor Parameter, float Gradient)[] gradients)
    {
        foreach (var (parameter, gradient) in gradients)
            parameter.Grad = Tensor.From(gradient);
        optimizer.Step();
    }
}
