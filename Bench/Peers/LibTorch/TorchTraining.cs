using NativeNN.Experiments.Running;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Bench.LibTorch;

/// <summary>
/// A recipe's steps in LibTorch from the engine's initial weights, as fast as it lets itself be asked: the data set is two tensors, a batch
/// an index into them, and nothing is read back. Optimisers are torch.optim's operations, one tensor after the other.
/// </summary>
internal sealed class TorchTraining
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Recipe recipe;
    private readonly torch.Tensor images, labels;
    private readonly torch.Tensor[] parameters, means, squares;
    private readonly IEnumerator<bool> steps;

    // Held here: a Scalar that TorchSharp makes by itself may be collected while LibTorch still reads it.
    private readonly Scalar one = 1, minusRate, beta2 = Beta2, keep2 = 1 - Beta2, epsilon = Epsilon, decay;
    private readonly torch.Tensor keep1 = torch.tensor((float)(1 - Beta1));
    private int step;

    public TorchTraining(TrainingLoop own)
    {
        recipe = own.Recipe;
        var data = own.Batches.Dataset;
        var inputs = data.CopyInputs();
        images = torch.tensor(inputs.ToArray(), dtype: torch.float32).reshape(inputs.Rows, inputs.Columns);
        labels = torch.tensor(data.Labels.ToArray(), dtype: torch.int64);
        parameters = [.. own.Net.Parameters().Select(p => torch.tensor(p.ToArray(), dtype: torch.float32)
            .reshape([.. p.Shape.ToArray().Select(size => (long)size)]).requires_grad_(true))];
        means = [.. parameters.Select(p => torch.zeros_like(p))];
        squares = [.. parameters.Select(p => torch.zeros_like(p))];
        (minusRate, decay) = (-recipe.Optimizer.LearningRate, recipe.Optimizer.WeightDecay);
        steps = Steps().GetEnumerator();
    }

    public void Step() => steps.MoveNext();

    /// <summary>The loss over the first so many examples, without dropout.</summary>
    public double Loss(int examples)
    {
        using var _ = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return LossOf(Forward(images.narrow(0, 0, examples), training: false), labels.narrow(0, 0, examples)).item<float>();
    }

    private IEnumerable<bool> Steps()
    {
        int batches = (int)images.shape[0] / recipe.BatchSize; // a short last one is left out
        while (true)
        {
            using var order = torch.randperm(images.shape[0]);
            using torch.Tensor losses = torch.zeros(1), correct = torch.zeros(1, dtype: torch.int64);
            for (int b = 0; b < batches; b++)
            {
                OneStep(order.narrow(0, (long)b * recipe.BatchSize, recipe.BatchSize), losses, correct);
                yield return true;
            }
        }
    }

    private void OneStep(torch.Tensor rows, torch.Tensor losses, torch.Tensor correct)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor x = images.index_select(0, rows), y = labels.index_select(0, rows);
        var logits = Forward(x, training: true);
        var loss = LossOf(logits, y);
        var gradients = torch.autograd.grad([loss], parameters);
        using var _ = torch.no_grad();
        step++;
        for (int i = 0; i < parameters.Length; i++)
            Update(i, gradients[i]);
        losses.add_(loss.detach(), one);
        correct.add_(logits.argmax(1).eq(y).sum(), one);
        rows.Dispose();
    }

    private torch.Tensor Forward(torch.Tensor x, bool training)
    {
        var network = recipe.Network;
        for (int i = 0; i < parameters.Length; i += 2)
        {
            x = functional.linear(x, parameters[i], parameters[i + 1]);
            if (i == parameters.Length - 2)
                break;
            x = network.Activation switch
            {
                HiddenActivation.Relu => x.relu(),
                HiddenActivation.Sigmoid => x.sigmoid(),
                _ => x,
            };
            if (network.Dropout > 0)
                x = functional.dropout(x, network.Dropout, training);
        }
        return network.LogSoftmax ? x.log_softmax(1) : x;
    }

    private torch.Tensor LossOf(torch.Tensor logits, torch.Tensor y) =>
        recipe.Loss == LossFunction.NegativeLogLikelihood ? functional.nll_loss(logits, y) : functional.cross_entropy(logits, y);

    private void Update(int i, torch.Tensor g)
    {
        var w = parameters[i];
        if (recipe.Optimizer.WeightDecay != 0)
            g = g.add(w, decay);
        if (recipe.Optimizer.Kind == OptimizerKind.Sgd)
        {
            w.add_(g, minusRate);
            return;
        }
        torch.Tensor m = means[i], v = squares[i];
        using Scalar root = Math.Sqrt(1 - Math.Pow(Beta2, step));
        using Scalar minusStep = -recipe.Optimizer.LearningRate / (1 - Math.Pow(Beta1, step));
        m.lerp_(g, keep1);
        v.mul_(beta2).addcmul_(g, g, keep2);
        w.addcdiv_(m, v.sqrt().div_(root).add_(epsilon), minusStep);
        GC.KeepAlive(root);
        GC.KeepAlive(minusStep);
    }
}
