using System.Runtime.CompilerServices;
using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// A node of the graph: it computed Output from Inputs, and knows the derivative. Backward(dY) gets dY = ∂loss/∂Output and adds
/// ∂loss/∂input = dY·∂Output/∂input to every input that wants one (chain rule; sums over all uses of the input).
/// The engine's ops work on kernels and memory and are its own; an op of yours derives from <see cref="Function"/>.
/// </summary>
public abstract class Op
{
    private readonly Tensor[] inputs;
    private Storage? workspace;

    // Versions of the first inputs' storages, and of the output's, when the graph was recorded.
    private InputVersions inputVersions;
    private int outputVersion;

    /// <summary>An operation on these tensors. Throws InvalidOperationException if they live on different backends.</summary>
    private protected Op(params Tensor[] inputs)
    {
        this.inputs = inputs;
        Kernels = inputs[0].Backend;
        for (int i = 1; i < inputs.Length; i++)
            if (inputs[i].Backend != Kernels)
                throw OnTwoBackends(i);
    }

    private InvalidOperationException OnTwoBackends(int i) => new(
        $"{Name}: input 0 {inputs[0].Shape} is on '{Kernels}' but input {i} {inputs[i].Shape} is on '{inputs[i].Backend}'; "
        + "move one of them with To(backend)");

    /// <summary>The name shown in errors, printed tensors and graph drawings: the class's without its ending Op.</summary>
    public virtual string Name => GetType().Name[..^"Op".Length];

    /// <summary>What it was computed from.</summary>
    public IReadOnlyList<Tensor> Inputs => inputs;

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
            foreach (var input in op.inputs)
                record |= input.RequiresGrad;
        if (record)
        {
            op.Output.RequiresGrad = true;
            op.Output.Op = op;
            op.AddGraphUse(1);
            op.NoteVersions();
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

    /// <summary>
    /// The values of an input (one of the first three) or of Output, as Forward saw them: Backward reads no others. Throws
    /// InvalidOperationException if they were overwritten since, as the gradient would be that of another function.
    /// </summary>
    protected Storage Saved(Tensor x)
    {
        var storage = x.Storage;
        int i = inputs.Length - 1;
        while (i >= 0 && inputs[i] != x)
            i--; // −1: the output
        return storage.Version == (i < 0 ? outputVersion : inputVersions[i]) ? storage : throw Changed(x, i);
    }

    private protected InvalidOperationException Changed(Tensor x, int i) => new(
        $"Backward: {Name} needs the values of its {(i < 0 ? "output" : $"input {i}")} {x.Shape}, but they were changed in place after it "
        + "computed with them (Set, an optimiser's Step, an initialiser, LoadStateDict, To); call Backward() before the change, or compute "
        + "the loss again after it");

    /// <summary>Where ∂loss/∂x goes. accumulate: true if x already has a gradient that this one is to be added to.</summary>
    protected static Storage GradientOf(Tensor x, out bool accumulate)
    {
        accumulate = x.Grad is not null;
        if (accumulate)
            x.Grad!.MarkChanged();
        else
            x.Grad = Tensor.Empty(x.Shape, x.Backend);
        return x.Grad!.Storage;
    }

    /// <summary>The graph is used up: nothing here will be read again.</summary>
    internal void UseUp()
    {
        Free();
        AddGraphUse(-1);
    }

    private void AddGraphUse(int change)
    {
        foreach (var input in inputs)
            input.AddGraphUse(change);
        Labels?.AddGraphUse(change);
    }

    private void NoteVersions()
    {
        for (int i = 0; i < Math.Min(inputs.Length, InputVersions.Count); i++)
            inputVersions[i] = inputs[i].Storage.Version;
        outputVersion = Output.Storage.Version;
    }

    private void Free()
    {
        if (workspace is null)
            return;
        Kernels.Recycle(workspace);
        workspace = null;
    }

    [InlineArray(Count)]
    private struct InputVersions
    {
        public const int Count = 3;
        private int version;
    }
}
