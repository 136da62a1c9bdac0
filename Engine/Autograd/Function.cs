using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// An op of your own, forward and backward in Tensor operations; PyTorch's torch.autograd.Function. What Backward needs of Forward is kept
/// in fields; neither records a graph of its own. <c>GradCheck.Run(t => new Swish(t[0]).Apply(), …)</c> checks it as it checks the
/// engine's ops.
/// <code>
/// sealed class Swish(Tensor x) : Function(x)                                        // y = x·σ(x)
/// {
///     private Tensor? s;
///
///     protected override Tensor Forward() => x * (s = x.Sigmoid());
///
///     protected override Tensor?[] Backward(Tensor dY) => [dY * (s! + x * s! * (1 - s!))];
/// }
/// </code>
/// </summary>
public abstract class Function(params Tensor[] inputs)
{
    private bool applied;

    /// <summary>The name shown in errors, printed tensors and graph drawings: the class's, unless overridden.</summary>
    public virtual string Name => GetType().Name;

    internal Tensor[] Inputs => inputs;

    /// <summary>Checks shapes, computes and returns the output.</summary>
    protected internal abstract Tensor Forward();

    /// <summary>
    /// dY = ∂loss/∂output → ∂loss/∂input for each input in order, of its shape; null where there is none (it counts as zero).
    /// </summary>
    protected internal abstract Tensor?[] Backward(Tensor dY);

    /// <summary>
    /// Runs it; the graph remembers it if an input requires a gradient. Throws InvalidOperationException if it ran before: it keeps what
    /// its one Forward left for Backward.
    /// </summary>
    public Tensor Apply()
    {
        if (applied)
            throw new InvalidOperationException($"{Name}: was applied before; make a new one for each use");
        applied = true;
        return Op.Apply(new FunctionOp(this));
    }
}

//  Y = f.Forward()        dX = f.Backward(dY), added up like any op's
internal sealed class FunctionOp(Function f) : Op(f.Inputs)
{
    private int[] versions = [];

    public override string Name => f.Name;

    // Detached: the output is a node of its own, even where Forward hands on an input or a constant.
    protected override Tensor Forward()
    {
        using var _ = new NoGrad();
        versions = [.. Inputs.Select(x => x.Storage.Version)];
        return f.Forward().Detach();
    }

    protected internal override void Backward(Tensor dY)
    {
        using var _ = new NoGrad();
        for (int i = 0; i < versions.Length; i++) // which of them it reads only it knows
            if (Inputs[i].Storage.Version != versions[i])
                throw Changed(Inputs[i], i);
        var gradients = f.Backward(dY);
        if (gradients.Length != Inputs.Count)
            throw new InvalidOperationException(
                $"{Name}: Backward gave {gradients.Length} gradients but there are {Inputs.Count} inputs; give each one, or null");
        for (int i = 0; i < gradients.Length; i++)
            if (Inputs[i].RequiresGrad)
                AddGradient(i, gradients[i] ?? Tensor.Zeros(Inputs[i].Shape, Kernels));
    }

    private void AddGradient(int i, Tensor gradient)
    {
        var x = Inputs[i];
        if (gradient.Shape != x.Shape)
            throw new ShapeException($"{Name}: input {i} is {x.Shape} but Backward gave it a gradient {gradient.Shape}; shapes must agree");
        if (gradient.Backend != Kernels)
            throw new InvalidOperationException(
                $"{Name}: input {i} is on '{Kernels}' but Backward gave it a gradient on '{gradient.Backend}'; move it with To(backend)");
        Kernels.Scale(gradient.Storage, Strides.Dense(x.Columns), factor: 1, GradientOf(x, out bool accumulate), x.Rows, x.Columns,
            accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Function", [(5, 7), (5, 7)], t => new Product(t[0], t[1]).Apply()),
    ];

    private sealed class Product(Tensor a, Tensor b) : Function(a, b)
    {
        protected internal override Tensor Forward() => a * b;

        protected internal override Tensor?[] Backward(Tensor dY) => [dY * b, dY * a];
    }
}
