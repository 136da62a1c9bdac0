using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Layers;

public class ModuleListTests
{
    [Fact]
    public void ItsParametersBelongToWhoRegistersIt()
    {
        var net = new Tower();
        Assert.Equal(["blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias"], net.NamedParameters().Select(p => p.Name));
        Assert.Equal([5, 3], net.Forward(Tensor.Ones((5, 3))).Shape.ToArray());
    }

    [Fact]
    public void ItIsAListAndComputesNothing()
    {
        var list = new ModuleList(new Relu());
        list.Add(new Flatten());
        Assert.Equal(2, list.Count);
        Assert.IsType<Flatten>(list[1]);
        Assert.Equal(["ReLU", "Flatten"], list.Select(m => m.TypeName));
        Assert.Contains("Sequential", Assert.Throws<InvalidOperationException>(() => list.Forward(Tensor.Ones((1, 2)))).Message);
    }

    [Fact]
    public void ANonStrictLoadTakesWhatFitsAndTellsTheRest()
    {
        var net = new Tower();
        var state = net.StateDict().Where(s => s.Key != "blocks.1.bias").ToDictionary(s => s.Key, s => Tensor.Full(s.Value.Shape, 7));
        state.Add("head.weight", Tensor.Ones(2));
        Assert.Throws<ArgumentException>(() => net.LoadStateDict(state));
        var keys = net.LoadStateDict(state, strict: false);
        Assert.Equal(["blocks.1.bias"], keys.Missing);
        Assert.Equal(["head.weight"], keys.Unexpected);
        var taken = net.NamedParameters().Where(p => p.Name != "blocks.1.bias");
        Assert.All(taken.SelectMany(p => p.Parameter.ToArray()), v => Assert.Equal(7, v));
        Assert.DoesNotContain(7, net.NamedParameters().Last().Parameter.ToArray());
        var reshaped = new Dictionary<string, Tensor> { ["blocks.0.bias"] = Tensor.Ones(4) };
        Assert.Throws<ShapeException>(() => net.LoadStateDict(reshaped, strict: false));
        var same = net.LoadStateDict(net.StateDict());
        Assert.Empty(same.Missing.Concat(same.Unexpected));
    }

    private sealed class Tower : Module
    {
        private readonly ModuleList blocks;

        public Tower()
        {
            var generator = new Generator(1);
            blocks = Register("blocks", new ModuleList(new Linear(3, 3, generator), new Linear(3, 3, generator)));
        }

        protected override Tensor Compute(Tensor x) => blocks.Aggregate(x, (y, block) => block.Forward(y).Relu());
    }
}
