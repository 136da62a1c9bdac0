using NativeNN.Optim;
using NativeNN.Random;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Optim;

/// <summary>200 updates of the same parameters by the same gradients: the same bits where roots are rounded correctly.</summary>
public class OptimizerTests
{
    private const int Steps = 200;

    private sealed record Pair(Func<Tensor[], Optimizer> Ours, Func<torch.Tensor[], PyTorchOptimizer> Torch);

    private static readonly Dictionary<string, Pair> Settings = new()
    {
        ["SGD"] = new(w => new Sgd(w, 0.1), w => new PyTorchSgd(w, 0.1)),
        ["SGD, decay"] = new(w => new Sgd(w, 0.1, weightDecay: 0.01), w => new PyTorchSgd(w, 0.1, weightDecay: 0.01)),
        ["SGD, momentum"] = new(w => new Sgd(w, 0.01, momentum: 0.9), w => new PyTorchSgd(w, 0.01, momentum: 0.9)),
        ["SGD, momentum, dampening, decay"] = new(w => new Sgd(w, 0.01, momentum: 0.9, dampening: 0.3, weightDecay: 0.01),
            w => new PyTorchSgd(w, 0.01, momentum: 0.9, dampening: 0.3, weightDecay: 0.01)),
        ["SGD, Nesterov"] = new(w => new Sgd(w, 0.01, momentum: 0.9, nesterov: true),
            w => new PyTorchSgd(w, 0.01, momentum: 0.9, nesterov: true)),
        ["Adam"] = new(w => new Adam(w), w => new PyTorchAdam(w, 1e-3)),
        ["Adam, decay"] = new(w => new Adam(w, 0.01, weightDecay: 0.1), w => new PyTorchAdam(w, 0.01, weightDecay: 0.1)),
        ["Adam, betas"] = new(w => new Adam(w, 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3),
            w => new PyTorchAdam(w, 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3)),
        ["Adam, AMSGrad"] = new(w => new Adam(w, amsGrad: true), w => new PyTorchAdam(w, 1e-3, amsGrad: true)),
        ["Adam of PyTorch 2.x"] = new(w => new Adam(w, lerp: true), w => new PyTorchAdam(w, 1e-3, lerp: true)),
        ["Adam of PyTorch 2.x, β₁ below ½"] = new(w => new Adam(w, beta1: 0.3, lerp: true),
            w => new PyTorchAdam(w, 1e-3, beta1: 0.3, lerp: true)),
        ["AdamW of PyTorch 2.x"] = new(w => new AdamW(w, lerp: true),
            w => new PyTorchAdam(w, 1e-3, weightDecay: 1e-2, decoupled: true, lerp: true)),
        ["AdamW"] = new(w => new AdamW(w), w => new PyTorchAdam(w, 1e-3, weightDecay: 1e-2, decoupled: true)),
        ["RMSprop"] = new(w => new RmsProp(w), w => new PyTorchRmsProp(w)),
        ["RMSprop, decay"] = new(w => new RmsProp(w, weightDecay: 0.1), w => new PyTorchRmsProp(w, weightDecay: 0.1)),
        ["RMSprop, momentum"] = new(w => new RmsProp(w, momentum: 0.9), w => new PyTorchRmsProp(w, momentum: 0.9)),
        ["RMSprop, centred"] = new(w => new RmsProp(w, centered: true), w => new PyTorchRmsProp(w, centered: true)),
        ["RMSprop, centred, momentum"] = new(w => new RmsProp(w, momentum: 0.5, centered: true),
            w => new PyTorchRmsProp(w, momentum: 0.5, centered: true)),
        ["Adagrad"] = new(w => new Adagrad(w), w => new PyTorchAdagrad(w)),
        ["Adagrad, decays"] = new(w => new Adagrad(w, 0.1, learningRateDecay: 0.01, weightDecay: 0.1),
            w => new PyTorchAdagrad(w, 0.1, lrDecay: 0.01, weightDecay: 0.1)),
    };

    public static TheoryData<string> Names => [.. Settings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void BitsWithCorrectRoots(string name) => Same(name, exactRoots: true, Agreement.Bits);

    [Theory]
    [MemberData(nameof(Names))]
    public void DigitsWithMklsRoots(string name) =>
        Same(name, exactRoots: false, new("MKL's square root is up to an ulp off, in each step", Absolute: 2e-5));

    private static void Same(string name, bool exactRoots, Agreement agreement)
    {
        var random = new Generator(3);
        Tensor[] ours = [Draw((7, 11), random).WithGrad(), Draw(5, random).WithGrad()];
        torch.Tensor[] theirs = [.. ours.Select(w => w.ToTorch())];
        var (optimizer, torchOptimizer) = (Settings[name].Ours(ours), Settings[name].Torch(theirs));
        torchOptimizer.ExactRoots = exactRoots;
        for (int step = 1; step <= Steps; step++)
        {
            Tensor[] gradients = [.. ours.Select(w => Draw(w.Shape, random))];
            optimizer.ZeroGrad();
            foreach (var (w, g) in ours.Zip(gradients))
                (w * g).Sum().Backward();
            optimizer.Step();
            torchOptimizer.Step([.. gradients.Select(g => g.ToTorch())]);
            foreach (var (torchW, w) in theirs.Zip(ours))
                if (agreement.Difference(torchW.ToArray(), w.ToArray()) is { } difference)
                    Assert.Fail($"{name}, step {step}, parameter {w.Shape}: {difference}");
        }
    }

    private static Tensor Draw(Shape shape, Generator random)
    {
        var values = new float[shape.Length];
        random.Normal(values, 0, 1);
        return Tensor.From(values, shape);
    }
}
