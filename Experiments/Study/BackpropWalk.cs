using NativeNN.Backends;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Experiments.Study;

/// <summary>A value of the forward pass, as the walk shows it.</summary>
internal sealed record WalkedValue(string Name, string Formula, string Why, Tensor Value);

/// <summary>
/// A gradient four times over: by its formula in tensor operations, by autograd, by finite differences (Probed of its entries), by loops.
/// Errors are relative to autograd's largest entry.
/// </summary>
internal sealed record WalkedGradient(
    string Name, string Formula, string Why, Shape Shape, Gradients At, double FormulaError, double LoopError, double DifferenceError,
        int Probed);

/// <summary>The entry with the largest gradient, by each of the four ways.</summary>
internal readonly record struct Gradients(int Row, int Column, double Formula, double Autograd, double Differences, double Loops);

/// <summary>
/// Backpropagation through 784-32-10 with four images, nothing hidden: every value, every gradient by four ways that have nothing in
/// common, and one step of SGD.
/// </summary>
internal sealed class BackpropWalk
{
    public const int Batch = 4, Hidden = 32;
    private const double LearningRate = 0.1;
    private const int MostProbed = 400; // entries of W1 that finite differences try: those with the largest gradients

    private BackpropWalk(int imageWidth, int[] labels) => (ImageWidth, Labels) = (imageWidth, labels);

    /// <summary>Pixels in a line of an image.</summary>
    public int ImageWidth { get; }

    public IReadOnlyList<int> Labels { get; }

    public List<WalkedValue> Values { get; } = [];

    public List<WalkedGradient> Gradients { get; } = [];

    public double LossBefore { get; private set; }

    public double LossAfter { get; private set; }

    public string Step => $"W ← W − {LearningRate}·dW, b ← b − {LearningRate}·db";

    /// <summary>Walks with the first images of a data set.</summary>
    public static BackpropWalk Of(TrainingData data, Generator generator)
    {
        var batch = data.Train.Select([.. Enumerable.Range(0, Batch)]);
        var walk = new BackpropWalk(data.Images.Columns, batch.Labels.ToArray());
        walk.Go(batch.CopyInputs(), batch.Labels, data.ClassCount, generator);
        return walk;
    }

    private void Go(Tensor x, Labels labels, int classes, Generator generator)
    {
        var settings = new NetworkSettings { Widths = [x.Columns, Hidden, classes], Names = ("Net", ["fc1", "fc2"]) };
        var net = new FeedForward(settings, generator);
        var (w1, b1, w2, b2) = (net.Layers[0].Weight, net.Layers[0].Bias!, net.Layers[1].Weight, net.Layers[1].Bias!);

        // Forward, one op at a time
        var z1 = Keep(x.Linear(w1, b1));
        var h = Keep(z1.Relu());
        var z2 = Keep(h.Linear(w2, b2));
        var loss = z2.CrossEntropy(labels);
        LossBefore = loss.Item();
        var p = z2.Detach().Softmax();
        Values.Add(new("x", "pixels / 255", $"{Batch} images, a row each", x));
        Values.Add(new("z1", "x·W1ᵀ + b1", "weighted sums of the pixels", z1));
        Values.Add(new("h", "max(0, z1)", "ReLU: what is negative is off", h));
        Values.Add(new("z2", "h·W2ᵀ + b2", "logits: a score for each class", z2));
        Values.Add(new("p", "softmax(z2)", "scores as probabilities, each row sums to 1", p));
        Values.Add(new("loss", "−mean log p[label]", "how surprised the network is by the labels", loss));

        // Backward by formula: tensor operations that autograd does not see
        Dictionary<string, Tensor> formulas;
        using (new NoGrad())
        {
            var y = Tensor.From([.. Labels.SelectMany(l => Enumerable.Range(0, classes).Select(c => c == l ? 1f : 0f))],
                (Batch, classes));
            var dZ2 = (p - y) * (1f / Batch);
            var dH = dZ2.MatMul(w2);
            var dZ1 = dH * (z1 > 0);
            formulas = new()
            {
                ["z2"] = dZ2,
                ["W2"] = dZ2.Transpose().MatMul(h),
                ["b2"] = dZ2.Sum(Axis.Rows),
                ["h"] = dH,
                ["z1"] = dZ1,
                ["W1"] = dZ1.Transpose().MatMul(x),
                ["b1"] = dZ1.Sum(Axis.Rows),
            };
        }
        loss.Backward();
        var loops = new LoopNetwork(Doubles(x), [.. Labels], x.Columns, Hidden, classes);
        var parameters = new LoopNetwork.Parameters(Doubles(w1), Doubles(b1), Doubles(w2), Doubles(b2));
        var byLoops = loops.Gradients(parameters);
        double[] h0 = Doubles(h), z10 = Doubles(z1), z20 = Doubles(z2);

        Add("z2", "(p − y) / n", "y is 1 at the label, else 0; all of softmax and log cancels to this", z2, z20, () => loops.LossOfZ2(z20));
        Add("W2", "dZ2ᵀ·h", "each weight: what came in times what is wrong with what went out", w2, parameters.W2,
            () => loops.LossOfH(h0, parameters));
        Add("b2", "Σ rows of dZ2", "b was added to every row", b2, parameters.B2, () => loops.LossOfH(h0, parameters));
        Add("h", "dZ2·W2", "the error goes back through the weights that it came by", h, h0, () => loops.LossOfH(h0, parameters));
        Add("z1", "dH where z1 > 0, else 0", "ReLU lets the gradient through where it let the value through", z1, z10,
            () => loops.LossOfZ1(z10, parameters));
        Add("W1", "dZ1ᵀ·x", "as W2; a pixel that is always 0 moves no weight", w1, parameters.W1, () => loops.Loss(parameters));
        Add("b1", "Σ rows of dZ1", "as b2", b1, parameters.B1, () => loops.Loss(parameters));

        // One step of SGD, and the loss of the same images
        var optimizer = new Optim.Sgd(net.Parameters(), LearningRate);
        optimizer.Step();
        using (new NoGrad())
            LossAfter = net.Forward(x).CrossEntropy(labels).Item();

        void Add(string name, string formula, string why, Tensor tensor, double[] values, Func<double> loss)
        {
            float[] autograd = tensor.Grad!.ToArray(), byFormula = formulas[name].ToArray();
            double[] byLoop = byLoops[name];
            var order = Enumerable.Range(0, autograd.Length).OrderByDescending(i => Math.Abs(autograd[i])).Take(MostProbed).ToArray();
            double[] differences = [.. order.Select(i => LoopNetwork.Difference(values, i, loss))];
            double scale = Math.Abs(autograd[order[0]]);
            int columns = tensor.Shape.Rank == 2 ? tensor.Columns : autograd.Length;
            Gradients.Add(new(name, formula, why, tensor.Shape,
                new(order[0] / columns, order[0] % columns, byFormula[order[0]], autograd[order[0]], differences[0], byLoop[order[0]]),
                Worst(i => byFormula[i]), Worst(i => byLoop[i]),
                order.Select((at, i) => Math.Abs(differences[i] - autograd[at])).Max() / scale, order.Length));

            double Worst(Func<int, double> other) =>
                Enumerable.Range(0, autograd.Length).Max(i => Math.Abs(other(i) - autograd[i])) / scale;
        }
    }

    private static Tensor Keep(Tensor tensor)
    {
        tensor.RetainGrad();
        return tensor;
    }

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.ToArray(), value => (double)value);
}
