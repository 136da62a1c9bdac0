using NativeNN.Layers;
using NativeNN.Random;
using L = NativeNN.Layers;

namespace NativeNN.Tests.Layers;

public class HookTests
{
    [Fact]
    public void AfterBackwardSeesTheGradientsOfInputAndOutputFromTheLastLayerToTheFirst()
    {
        var (net, x) = Start();
        Tensor hidden = net.Modules[0].Forward(x), active = net.Modules[1].Forward(hidden), y = net.Modules[2].Forward(active);
        hidden.RetainGrad();
        active.RetainGrad();
        y.RetainGrad();
        y.Square().Sum().Backward();
        float[] dHidden = hidden.Grad!.ToArray(), dActive = active.Grad!.ToArray(), dY = y.Grad!.ToArray();

        (net, x) = Start();
        var seen = new List<(string Name, float[]? DX, float[] DY)>();
        foreach (var (name, module) in net.NamedModules())
            module.AfterBackward += (_, dX, dOut) => seen.Add((name, dX?.ToArray(), dOut.ToArray()));
        net.Forward(x).Square().Sum().Backward();
        // The input needs no gradient: there is none to wait for, so the whole net's comes as soon as its output's is known.
        Assert.Equal(["", "2", "1", "0"], seen.Select(s => s.Name));
        Assert.Null(seen[0].DX);
        Assert.Equal(dY, seen[0].DY);
        Assert.Equal(dActive, seen[1].DX);
        Assert.Equal(dY, seen[1].DY);
        Assert.Equal(dHidden, seen[2].DX);
        Assert.Equal(dActive, seen[2].DY);
        Assert.Null(seen[3].DX);
        Assert.Equal(dHidden, seen[3].DY);
    }

    [Fact]
    public void ListeningChangesNoBitOfTheGradients()
    {
        var (net, x) = Start();
        net.Forward(x).Square().Sum().Backward();
        var (heard, _) = Start();
        heard.Apply(module => module.AfterBackward += (_, _, _) => { });
        heard.Forward(x).Square().Sum().Backward();
        Assert.Equal(net.Parameters().SelectMany(p => p.Grad!.ToArray()), heard.Parameters().SelectMany(p => p.Grad!.ToArray()));
    }

    [Fact]
    public void WithoutAGraphNothingIsRaised()
    {
        var (net, x) = Start();
        net.AfterBackward += (_, _, _) => Assert.Fail("there was no backward pass");
        using (new NoGrad())
            net.Forward(x);
        net.Forward(x); // nor without Backward
    }

    [Fact]
    public void ApplyVisitsChildrenBeforeTheirParents()
    {
        var generator = new Generator(0);
        var net = new Sequential(new Sequential(new Relu()), new Linear(2, 2, generator));
        var seen = new List<string>();
        Assert.Same(net, net.Apply(module => seen.Add(module.TypeName)));
        Assert.Equal(["ReLU", "Sequential", "Linear", "Sequential"], seen);
        net.Apply(module => Init.Zeros((module as Linear)?.Weight ?? Tensor.Ones(1)));
        Assert.All(net.NamedParameters().First().Parameter.ToArray(), v => Assert.Equal(0, v));
    }

    private static (Sequential Net, Tensor X) Start()
    {
        var generator = new Generator(7);
        return (new Sequential(new Linear(3, 5, generator), new L.Tanh(), new Linear(5, 2, generator)), Tensor.Randn((4, 3), generator));
    }
}
