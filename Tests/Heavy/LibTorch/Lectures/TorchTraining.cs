using System.Globalization;
using NativeNN.Experiments.Running;
using NativeNN.Tests.LibTorch.Data;
using NativeNN.Tests.LibTorch.Optim;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Tests.LibTorch.Lectures;

/// <summary>A recipe's training in LibTorch, from what it says: network, loss, optimiser, PyTorch's order of draws.</summary>
internal sealed class TorchTraining
{
    private readonly Recipe recipe;
    private readonly TrainingData data;

    public TorchTraining(Recipe recipe, TrainingData data, long seed)
    {
        (this.recipe, this.data) = (recipe, data);
        torch.manual_seed(seed);
        for (int i = 0; i < recipe.NetworksBefore; i++)
            Layers();
        Parameters = Layers();
        Fill(recipe.Initialization.Name.Split(' '));
    }

    /// <summary>Weight, bias, weight, bias, …, first layer first.</summary>
    public torch.Tensor[] Parameters { get; }

    /// <summary>The losses of the first so many steps of the first epoch.</summary>
    public float[] Losses(int steps)
    {
        long[] order = TorchOrder.Draw(data.Train.Count, recipe.Shuffle)[..(steps * recipe.BatchSize)];
        var images = data.Train.Select([.. order.Select(row => (int)row)]);
        var (inputs, labels) = (images.CopyInputs().ToTorch(), torch.tensor(images.Labels.ToArray(), dtype: torch.int64));
        var optimizer = Optimizer();
        var losses = new float[steps];
        for (int step = 0; step < steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var y = Forward(inputs.narrow(0, step * recipe.BatchSize, recipe.BatchSize));
            var wanted = labels.narrow(0, step * recipe.BatchSize, recipe.BatchSize);
            var loss = recipe.Loss.Name == "NLLLoss" ? functional.nll_loss(y, wanted) : functional.cross_entropy(y, wanted);
            optimizer.Step([.. torch.autograd.grad([loss], Parameters)]);
            losses[step] = loss.item<float>();
        }
        return losses;
    }

    private torch.Tensor[] Layers() =>
    [
        .. recipe.Network.Widths.Zip(recipe.Network.Widths.Skip(1)).SelectMany(width =>
        {
            var layer = Linear(width.First, width.Second);
            return new torch.Tensor[] { layer.weight, layer.bias! };
        })
    ];

    private void Fill(string[] initialization)
    {
        using var _ = torch.no_grad();
        foreach (var parameter in Parameters)
            switch (initialization)
            {
                case ["default"]:
                    break;
                case ["constant", var value]:
                    init.constant_(parameter, double.Parse(value, CultureInfo.InvariantCulture));
                    break;
                case ["normal", var sigma]: // torch.randn_like(p)·σ
                    parameter.copy_(torch.randn_like(parameter).mul(double.Parse(sigma, CultureInfo.InvariantCulture)));
                    break;
                default:
                    throw new NotSupportedException($"initialisation '{string.Join(' ', initialization)}'");
            }
    }

    private torch.Tensor Forward(torch.Tensor x)
    {
        var network = recipe.Network;
        for (int i = 0; i < Parameters.Length; i += 2)
        {
            x = functional.linear(x, Parameters[i], Parameters[i + 1]);
            if (i == Parameters.Length - 2)
                break;
            x = network.Activation switch
            {
                HiddenActivation.Relu => x.relu(),
                HiddenActivation.Sigmoid => x.sigmoid(),
                _ => x,
            };
            if (network.Dropout > 0)
                x = functional.dropout(x, network.Dropout, training: true);
        }
        return network.LogSoftmax ? x.log_softmax(1) : x;
    }

    private PyTorchOptimizer Optimizer() => recipe.Optimizer.Kind switch
    {
        OptimizerKind.Adam => new PyTorchAdam(Parameters, recipe.Optimizer.LearningRate, weightDecay: recipe.Optimizer.WeightDecay),
        _ => new PyTorchSgd(Parameters, recipe.Optimizer.LearningRate, weightDecay: recipe.Optimizer.WeightDecay),
    };
}
