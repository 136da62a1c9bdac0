using NativeNN.Backends;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;

namespace NativeNN.Tests.Autograd;

/// <summary>What Backward reads must be what Forward saw: a value changed in place in between is refused, and no other one.</summary>
public class SavedValueTests
{
    [Fact]
    public void AChangedFactorIsRefusedByNameAndAChangedSummandIsNot()
    {
        var w = Tensor.From(1).WithGrad();
        var y = (w * w).Sum();
        w.Set([5]);
        string message = Assert.Throws<InvalidOperationException>(() => y.Backward()).Message;
        Assert.Contains("Mul needs the values of its input 1 [1]", message);
        w.ZeroGrad();
        var z = (w + 1).Sum();
        w.Set([7]);
        z.Backward();
        Assert.Equal([1], w.Grad!.ToArray());
    }

    [Fact]
    public void TwoLossesWithAStepBetweenTheirBackwardsAreRefused()
    {
        var generator = new Generator(1);
        var net = new Sequential(new Linear(3, 4, generator), new Tanh(), new Linear(4, 2, generator));
        var optimizer = new Sgd(net.Parameters(), learningRate: 0.1);
        var x = Tensor.Rand((5, 3), generator);
        Tensor first = net.Forward(x).Sum(), second = net.Forward(x).Square().Sum();
        first.Backward();
        optimizer.Step();
        Assert.Contains("Linear needs the values of its input 1 [2, 4]",
            Assert.Throws<InvalidOperationException>(() => second.Backward()).Message);
        // Both backwards before the step, or the second loss computed after it.
        optimizer.ZeroGrad();
        (first, second) = (net.Forward(x).Sum(), net.Forward(x).Square().Sum());
        first.Backward();
        second.Backward();
        optimizer.Step();
        net.Forward(x).Sum().Backward();
    }

    // By brute force: each tensor of an op's graph is overwritten between forward and backward. If that happens behind the engine's back
    // and changes a gradient, Backward read it, and must refuse when Set does the same; if it changes none, it must not.
    [Theory]
    [MemberData(nameof(OpCaseTests.CasesOnBackends), MemberType = typeof(OpCaseTests))]
    public void BackwardRefusesThoseChangesThatItWouldRead(string name, string backend)
    {
        var opCase = OpCase.All.Single(c => c.Name == name);
        float[]? untouched = Gradients(opCase, TestBackends.All[backend], change: null);
        Assert.NotNull(untouched);
        int tensors = Graph(opCase.Build(opCase.MakeInputs(new Generator(1), TestBackends.All[backend]))).Count;
        for (int i = 0; i < tensors; i++)
        {
            bool reads = Others.Any(other => !untouched.AsSpan().SequenceEqual(Gradients(opCase, TestBackends.All[backend],
                graph => graph[i].Backend.Write(Values(graph[i], other), graph[i].Storage))));
            bool refuses = Gradients(opCase, TestBackends.All[backend], graph => graph[i].Set(Values(graph[i], Others[0]))) is null;
            // Half of SmoothL1Loss's ops get a gradient of 0 from the other half: what they read shows in nothing.
            bool hidden = refuses && name.StartsWith("SmoothL1Loss", StringComparison.Ordinal);
            Assert.True(reads == refuses || hidden,
                $"{name}: tensor {i} of the graph is {(reads ? "read but not checked" : "checked but not read")}");
        }
    }

    public static TheoryData<string> Changes => [.. Changers.Keys];

    private static readonly Dictionary<string, Action<Linear>> Changers = new()
    {
        ["Set"] = net => net.Weight.Set(new float[6]),
        ["Set of a view"] = net => net.Weight.Detach().Set(new float[6]),
        ["Set of a reshaped view"] = net => net.Weight.Reshape(6).Set(new float[6]),
        ["ResetParameters"] = net => net.ResetParameters(new Generator(3)),
        ["Init"] = net => Init.XavierNormal(net.Weight, new Generator(3)),
        ["LoadStateDict"] = net => net.LoadStateDict(net.StateDict()),
        ["To"] = net => net.To(NativeNN.Backends.Reference.ReferenceBackend.Instance),
        ["To and back"] = net => net.To(NativeNN.Backends.Reference.ReferenceBackend.Instance).To(Tensor.DefaultBackend),
        ["Sgd"] = net => Step(net, new Sgd(net.Parameters(), 0.1)),
        ["Adam"] = net => Step(net, new Adam(net.Parameters())),
        ["AdamW"] = net => Step(net, new AdamW(net.Parameters())),
        ["RmsProp"] = net => Step(net, new RmsProp(net.Parameters())),
        ["Adagrad"] = net => Step(net, new Adagrad(net.Parameters())),
        ["Checkpoint"] = net =>
        {
            using var folder = new TemporaryFolder();
            string path = folder.File("net.safetensors");
            Checkpoint.Save(net, path);
            Checkpoint.Load(net, path);
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void EveryWayToChangeAWeightIsSeen(string change)
    {
        var net = new Linear(3, 2, new Generator(1));
        var x = Tensor.Ones((4, 3)).WithGrad();
        var y = net.Forward(x).Sum();
        Changers[change](net);
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void AGradientThatAGraphReadsMayNotGrowInPlace()
    {
        Tensor w = Tensor.From(3).WithGrad(), v = Tensor.From(2).WithGrad();
        w.Square().Sum().Backward();
        var y = (w.Grad! * v).Sum();
        w.Square().Sum().Backward(); // adds to w.Grad
        Assert.Throws<InvalidOperationException>(() => y.Backward());
        y = (w.Grad! * v).Sum();
        new[] { w }.ClipGradNorm(0.5);
        Assert.Throws<InvalidOperationException>(() => y.Backward());
        y = (w.Grad! * v).Sum();
        new[] { w }.ClipGradValue(0.1);
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void AHandlerMayChangeTheGradientThatPassesButNoWeight()
    {
        var net = new Sequential(new Linear(3, 2, new Generator(1)), new Tanh());
        var x = Tensor.Ones((4, 3)).WithGrad();
        void Double(Module module, Tensor? dX, Tensor dY) => dX!.Set([.. dX.ToArray().Select(g => 2 * g)]);
        net.Forward(x).Sum().Backward();
        float[] plain = x.Grad!.ToArray();
        x.ZeroGrad();
        net.Modules[1].AfterBackward += Double;
        net.Forward(x).Sum().Backward();
        Assert.Equal(plain.Select(g => 2 * g), x.Grad!.ToArray());
        net.Modules[1].AfterBackward -= Double;
        net.Modules[1].AfterBackward += (_, _, _) => ((Linear)net.Modules[0]).Weight.Set(new float[6]);
        var y = net.Forward(x).Sum();
        Assert.Throws<InvalidOperationException>(() => y.Backward());
    }

    [Fact]
    public void AHandlerMayCallBackwardOnAnotherGraph()
    {
        var a = Tensor.From(3).WithGrad();
        var net = new Sequential(new Tanh(), new Tanh());
        net.Modules[0].AfterBackward += (_, _, _) => a.Square().Sum().Backward();
        Tensor x = Tensor.From(0.5f).WithGrad(), same = Tensor.From(0.5f).WithGrad();
        net.Forward(x).Sum().Backward();
        same.Tanh().Tanh().Sum().Backward();
        Assert.Equal([6], a.Grad!.ToArray());
        Assert.Equal(same.Grad!.ToArray(), x.Grad!.ToArray());
    }

    [Fact]
    public void WhatBackwardDoesNotReadMayChange()
    {
        // Running statistics: evaluation computes with them, then a training batch moves them on.
        var norm = new BatchNorm1d(2);
        var x = Tensor.From(new float[,] { { 1, 2 }, { 3, 5 } }).WithGrad();
        norm.Eval();
        var y = norm.Forward(x).Sum();
        norm.Train();
        norm.Forward(x);
        y.Backward();
        Assert.Equal(1 / MathF.Sqrt(1 + 1e-5f), x.Grad!.ToArray()[0], 1e-6f);
        // The first layer's weight where its input needs no gradient; a sigmoid's input, as its output is what counts.
        Tensor w = Tensor.Ones((1, 2)).WithGrad(), data = Tensor.Ones((3, 2));
        var z = data.Linear(w).Sum();
        w.Set([5, 5]);
        z.Backward();
        Assert.Equal([3, 3], w.Grad!.ToArray());
        var s = w.Sigmoid().Sum();
        w.Set([1, 1]);
        s.Backward();
        // A clone is another storage.
        Tensor v = Tensor.From(2).WithGrad(), clone = v.Clone();
        var product = (v * clone).Sum();
        v.Clone().Set([9]);
        product.Backward();
        Assert.Equal([2], v.Grad!.ToArray());
    }

    // Batches of one loader take turns in the same memory; a graph keeps its own until its Backward.
    [Fact]
    public void ALaterBatchDoesNotChangeWhatAnEarlierGraphReads()
    {
        var data = new TensorDataset(Tensor.Arange(12).Reshape((6, 2)), Labels.From([0, 1, 0, 1, 0, 1]));
        var loader = new DataLoader(data, batchSize: 2, shuffle: false, dropLast: false, new Generator(1));
        var w = Tensor.Ones((2, 2)).WithGrad();
        List<Tensor> losses = [];
        foreach (var (x, labels) in loader)
            losses.Add(x.Linear(w).NllLoss(labels, Reduction.Sum));
        foreach (var loss in losses)
            loss.Backward();
        Assert.Equal([-(0 + 4 + 8), -(1 + 5 + 9), -(2 + 6 + 10), -(3 + 7 + 11)], w.Grad!.ToArray());
    }

    private static void Step(Linear net, Optimizer optimizer)
    {
        net.Forward(Tensor.Ones((1, 3))).Sum().Backward();
        optimizer.Step();
    }

    // The gradients of all arguments one after the other; null if Backward refuses.
    private static float[]? Gradients(OpCase opCase, Backend backend, Action<List<Tensor>>? change)
    {
        var arguments = opCase.MakeInputs(new Generator(1), backend);
        var y = opCase.Build(arguments);
        change?.Invoke(Graph(y));
        var dY = Tensor.Rand(y.Shape, new Generator(2), backend);
        try
        {
            y.Backward(dY);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("changed in place"))
        {
            return null;
        }
        return [.. arguments.SelectMany(x => x.Grad!.ToArray())];
    }

    private static List<Tensor> Graph(Tensor root)
    {
        List<Tensor> tensors = [root];
        for (int i = 0; i < tensors.Count; i++)
            foreach (var input in tensors[i].Op?.Inputs ?? [])
                if (!tensors.Contains(input))
                    tensors.Add(input);
        return tensors;
    }

    // Of another sign and size, nothing, and more than any limit: no derivative is the same for all of them.
    private static readonly Func<float, float>[] Others = [v => -7.3f * v - 0.5f, _ => 0, v => v + 100, v => v - 100];

    private static float[] Values(Tensor x, Func<float, float> other) => [.. x.ToArray().Select(other)];
}
