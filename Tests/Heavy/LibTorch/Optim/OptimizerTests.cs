using NativeNN.Optim;
using NativeNN.Random;
using TorchSharp;

namespace NativeNN.Tests.LibTorch.Optim;

/// <summary>200 updates of the same parameters by the same gradients: the same bits where roots are rounded correctly.</summary>
public class OptimizerTests
{
    private const int Steps = 200;

    private static readonly Dictionary<string, (Func<Tensor[], Optimizer> Ours, Func<torch.Tensor[], bool,
        PyTorchOptimizer> Torch)> Settings = new()
    {
        ["SGD"] = (w => new Sgd(w, 0.1), (w, exact) => new PyTorchSgd(w, 0.1) { ExactRoots = exact }),
        ["SGD, decay"] = (w => new Sgd(w, 0.1, weightDecay: 0.01), (w, exact) =>
            new PyTorchSgd(w, 0.1, weightDecay: 0.01) { ExactRoots = exact }),
        ["SGD, momentum"] = (w => new Sgd(w, 0.01, momentum: 0.9), (w, exact) =>
            new PyTorchSgd(w, 0.01, momentum: 0.9) { ExactRoots = exact }),
        ["SGD, momentum, dampening, decay"] = (w => new Sgd(w, 0.01, momentum: 0.9, dampening: 0.3, weightDecay: 0.01),
            (w, exact) => new PyTorchSgd(w, 0.01, momentum: 0.9, dampening: 0.3, weightDecay: 0.01) { ExactRoots = exact }),
        ["SGD, Nesterov"] = (w => new Sgd(w, 0.01, momentum: 0.9, nesterov: true),
            (w, exact) => new PyTorchSgd(w, 0.01, momentum: 0.9, nesterov: true) { ExactRoots = exact }),
        ["Adam"] = (w => new Adam(w), (w, exact) => new PyTorchAdam(w, 1e-3) { ExactRoots = exact }),
        ["Adam, decay"] = (w => new Adam(w, 0.01, weightDecay: 0.1), (w, exact) =>
            new PyTorchAdam(w, 0.01, weightDecay: 0.1) { ExactRoots = exact }),
        ["Adam, betas"] = (w => new Adam(w, 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3),
            (w, exact) => new PyTorchAdam(w, 0.01, beta1: 0.5, beta2: 0.9, epsilon: 1e-3) { ExactRoots = exact }),
        ["Adam, AMSGrad"] = (w => new Adam(w, amsGrad: true), (w, exact) => new PyTorchAdam(w, 1e-3, amsGrad: true) { ExactRoots = exact }),
        ["AdamW"] = (w => new AdamW(w), (w, exact) => new PyTorchAdam(w, 1e-3, weightDecay: 1e-2, decoupled: true) { ExactRoots = exact }),
        ["RMSprop"] = (w => new RmsProp(w), (w, exact) => new PyTorchRmsProp(w) { ExactRoots = exact }),
        ["RMSprop, decay"] = (w => new RmsProp(w, weightDecay: 0.1), (w, exact) =>
            new PyTorchRmsProp(w, weightDecay: 0.1) { ExactRoots = exact }),
        ["RMSprop, momentum"] = (w => new RmsProp(w, momentum: 0.9), (w, exact) =>
            new PyTorchRmsProp(w, momentum: 0.9) { ExactRoots = exact }),
        ["RMSprop, centred"] = (w => new RmsProp(w, centered: true), (w, exact) =>
            new PyTorchRmsProp(w, centered: true) { ExactRoots = exact }),
        ["RMSprop, centred, momentum"] = (w => new RmsProp(w, momentum: 0.5, centered: true),
            (w, exact) => new PyTorchRmsProp(w, momentum: 0.5, centered: true) { ExactRoots = exact }),
        ["Adagrad"] = (w => new Adagrad(w), (w, exact) => new PyTorchAdagrad(w) { ExactRoots = exact }),
        ["Adagrad, decays"] = (w => new Adagrad(w, 0.1, learningRateDecay: 0.01, weightDecay: 0.1),
            (w, exact) => new PyTorchAdagrad(w, 0.1, lrDecay: 0.01, weightDecay: 0.1) { ExactRoots = exact }),
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
        var (optimizer, torchOptimizer) = (Settings[name].Ours(ours), Settings[name].Torch(theirs, exactRoots));
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
