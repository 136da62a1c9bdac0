using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// A node of the graph: it computed Output from Inputs, and knows the derivative. Backward(dY) gets dY = ∂loss/∂Output and adds
/// ∂loss/∂input = dY·∂Output/∂input to every input that wants one (chain rule; sums over all uses of the input).
/// The engine's ops work on kernels and memory and are its own; an op of yours derives from <see cref="Function"/>.
/// </summary>
public abstract class Op
{
    private Storage? workspace;

    /// <summary>An operation on these tensors. Throws InvalidOperationException if they live on different backends.</summary>
    private protected Op(params Tensor[] inputs)
    {
        Inputs = inputs;
        Kernels = inputs[0].Backend;
        for (int i = 1; i < inputs.Length; i++)
            if (inputs[i].Backend != Kernels)
                throw new InvalidOperationException(
                    $"{Name}: input 0 {inputs[0].Shape} is on '{Kernels}' but input {i} {inputs[i].Shape} is on '{inputs[i].Backend}'; "
                    + "move one of them with To(backend)");
    }

    /// <summary>The name shown in errors, printed tensors and graph drawings: the class's without its ending Op.</summary>
    public virtual string Name => GetType().Name[..^"Op".Length];

    /// <summary>What it was computed from.</summary>
    public IReadOnlyList<Tensor> Inputs { get; }

    /// <summary>What it computed.</summary>
    public Tensor Output { get; private set; } = null!;

    /// <summary>The labels that Backward will read, if any.</summary>
    internal virtual Labels? Labels => null;

    /// <summary>The backend all inputs live on.</summary>
    protected Backend Kernels { get; }

    // Marks for the walk in Backprop: the number of the walk that saw this node last.
    internal long SeenInWalk { get; set; }

    /// <summary>Checks shapes, computes and returns the output.</summary>
    protected abstract Tensor Forward();

    /// <summary>Adds this operation's share to the gradients of its inputs. dY has the output's shape.</summary>
    protected internal abstract void Backward(Tensor dY);

    /// <summary>Runs the operation; records it if some input requires a gradient and NoGrad is not active.</summary>
    internal static Tensor Apply(Op op)
    {
        op.Output = op.Forward();
        bool record = false;
        if (!NoGrad.IsActive)
            foreach (var input in op.Inputs)
                record |= input.RequiresGrad;
        if (record)
        {
            op.Output.RequiresGrad = true;
            op.Output.Op = op;
            op.AddGraphUse(1);
        }
        else
        {
            op.Free();
        }
        return op.Output;
    }

    /// <summary>A new tensor for the result.</summary>
    protected Tensor NewTensor(Shape shape) => new(Kernels.Allocate(shape.Length), shape);

    /// <summary>Memory that forward leaves for backward (a mask, the softmax); it is given back when backward is done.</summary>
    protected Storage Workspace(int length) => workspace ??= Kernels.Allocate(length);

    /// <summary>Where ∂loss/∂x goes. accumulate: true if x already has a gradient that this one is to be added to.</summary>
    protected static Storage GradientOf(Tensor x, out bool accumulate)
    {
        accumulate = x.Grad is not null;
        x.Grad ??= Tensor.Empty(x.Shape, x.Backend);
        return x.Grad.Storage;
    }

    /// <summary>The graph is used up: nothing here will be read again.</summary>
    internal void UseUp()
    {
        Free();
        AddGraphUse(-1);
    }

    private void AddGraphUse(int change)
    {
        foreach (var input in Inputs)
            input.AddGraphUse(change);
        Labels?.AddGraphUse(change);
    }

    private void Free()
    {
        if (workspace is null)
            return;
        Kernels.Recycle(workspace);
        workspace = null;
    }
}
