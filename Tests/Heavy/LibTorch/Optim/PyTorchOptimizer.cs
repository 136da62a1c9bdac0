using TorchSharp;

namespace NativeNN.Tests.LibTorch.Optim;

/// <summary>
/// PyTorch's optimisers, which are Python around LibTorch's operations, step by step (torch/optim/*.py, _single_tensor_*). Those that
/// TorchSharp has under the same names are programs of its own.
/// </summary>
internal abstract class PyTorchOptimizer(torch.Tensor[] parameters)
{
    private readonly Dictionary<(int, string), torch.Tensor> buffers = [];
    private readonly List<Scalar> numbers = [];
    private int step;

    /// <summary>
    /// MKL's square root is up to an ulp off. True: rounded correctly instead, as PyTorch without MKL has it; then every step can be
    /// asked for its bits. (Of a float32 number computed in float64, then rounded, it is the correctly rounded one.)
    /// </summary>
    public bool ExactRoots { get; set; }

    /// <summary>One update by these gradients.</summary>
    public void Step(IReadOnlyList<torch.Tensor> gradients)
    {
        using var scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        step++;
        for (int i = 0; i < parameters.Length; i++)
            Update(i, parameters[i], gradients[i], step);
        numbers.Clear();
    }

    protected abstract void Update(int i, torch.Tensor w, torch.Tensor g, int step);

    /// <summary>The parameter's buffer of that name, zeros at first.</summary>
    protected torch.Tensor Buffer(int i, string name)
    {
        if (!buffers.TryGetValue((i, name), out var buffer))
            buffers.Add((i, name), buffer = torch.zeros_like(parameters[i]).DetachFromDisposeScope());
        return buffer;
    }

    /// <summary>A number that stays alive until the step is done; one that TorchSharp makes itself may not (test.runsettings).</summary>
    protected Scalar Number(double value)
    {
        Scalar number = value;
        numbers.Add(number);
        return number;
    }

    protected torch.Tensor Sqrt(torch.Tensor x) => ExactRoots ? x.to(torch.float64).sqrt().to(torch.float32) : x.sqrt();
}

internal sealed class PyTorchSgd(torch.Tensor[] parameters, double lr, double momentum = 0, double dampening = 0, double weightDecay = 0,
    bool nesterov = false) : PyTorchOptimizer(parameters)
{
    protected override void Update(int i, torch.Tensor w, torch.Tensor g, int step)
    {
        if (weightDecay != 0)
            g = g.add(w, Number(weightDecay));
        if (momentum != 0)
        {
            var b = Buffer(i, "momentum_buffer");
            if (step == 1)
                b.copy_(g);
            else
                b.mul_(Number(momentum)).add_(g, Number(1 - dampening));
            g = nesterov ? g.add(b, Number(momentum)) : b;
        }
        w.add_(g, Number(-lr));
    }
}

/// <summary>Adam, and with decoupled weight decay AdamW. lerp: the first moment as in PyTorch 2.x; else as in 1.13.</summary>
internal sealed class PyTorchAdam(torch.Tensor[] parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8,
    double weightDecay = 0, bool amsGrad = false, bool decoupled = false, bool lerp = false) : PyTorchOptimizer(parameters)
{
    protected override void Update(int i, torch.Tensor w, torch.Tensor g, int step)
    {
        if (decoupled)
            w.mul_(Number(1 - lr * weightDecay));
        else if (weightDecay != 0)
            g = g.add(w, Number(weightDecay));
        torch.Tensor m = Buffer(i, "exp_avg"), v = Buffer(i, "exp_avg_sq");
        if (lerp)
            m.lerp_(g, torch.tensor((float)(1 - beta1)));
        else
            m.mul_(Number(beta1)).add_(g, Number(1 - beta1));
        v.mul_(Number(beta2)).addcmul_(g, g, Number(1 - beta2));
        if (amsGrad)
        {
            var largest = Buffer(i, "max_exp_avg_sq");
            v = largest.copy_(torch.maximum(largest, v));
        }
        var denominator = Sqrt(v).div(Number(Math.Sqrt(1 - Math.Pow(beta2, step)))).add_(Number(epsilon));
        w.addcdiv_(m, denominator, Number(-lr / (1 - Math.Pow(beta1, step))));
    }
}

/// <summary>RMSprop in PyTorch 1.13's form; 2.x moves the mean gradient of the centred one by lerp.</summary>
internal sealed class PyTorchRmsProp(torch.Tensor[] parameters, double lr = 1e-2, double alpha = 0.99, double epsilon = 1e-8,
    double weightDecay = 0, double momentum = 0, bool centered = false) : PyTorchOptimizer(parameters)
{
    protected override void Update(int i, torch.Tensor w, torch.Tensor g, int step)
    {
        if (weightDecay != 0)
            g = g.add(w, Number(weightDecay));
        var s = Buffer(i, "square_avg");
        s.mul_(Number(alpha)).addcmul_(g, g, Number(1 - alpha));
        var variance = s;
        if (centered)
        {
            var mean = Buffer(i, "grad_avg");
            mean.mul_(Number(alpha)).add_(g, Number(1 - alpha));
            variance = s.addcmul(mean, mean, Number(-1));
        }
        var r = Sqrt(variance).add_(Number(epsilon));
        if (momentum > 0)
        {
            var b = Buffer(i, "momentum_buffer");
            b.mul_(Number(momentum)).addcdiv_(g, r);
            w.add_(b, Number(-lr));
        }
        else
            w.addcdiv_(g, r, Number(-lr));
    }
}

internal sealed class PyTorchAdagrad(torch.Tensor[] parameters, double lr = 1e-2, double lrDecay = 0, double weightDecay = 0,
    double epsilon = 1e-10) : PyTorchOptimizer(parameters)
{
    protected override void Update(int i, torch.Tensor w, torch.Tensor g, int step)
    {
        if (weightDecay != 0)
            g = g.add(w, Number(weightDecay));
        var s = Buffer(i, "sum");
        s.addcmul_(g, g, Number(1));
        w.addcdiv_(g, Sqrt(s).add_(Number(epsilon)), Number(-lr / (1 + (step - 1) * lrDecay)));
    }
}
