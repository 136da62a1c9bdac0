using NativeNN.Backends;

namespace NativeNN;

/// <summary>
/// Reverse-mode differentiation. An op's backward may run only when the gradient of its output is complete, that is after every op that
/// used the output: the reverse of a topological order. The walk keeps its own stack, so a graph may be 100,000 ops deep.
/// </summary>
internal static class Backprop
{
    [ThreadStatic]
    private static List<Op>? order;

    [ThreadStatic]
    private static Stack<(Op Op, int NextInput)>? path;

    // The values of the last graph used up on this thread: readable until the next Backward.
    [ThreadStatic]
    private static List<Tensor>? lastGraph;

    private static long walks;

    public static void Run(Tensor root, Tensor? gradient, bool retainGraph)
    {
        if (!root.RequiresGrad)
            throw new InvalidOperationException(
                "Backward: this tensor does not depend on anything that requires a gradient; set RequiresGrad on a leaf, or leave NoGrad");
        if (gradient is null && root.Length != 1)
            throw new ShapeException(
                $"Backward: the tensor has shape {root.Shape}; pass ∂loss/∂tensor of that shape, or reduce it with Mean() or Sum()");
        if (gradient is not null && gradient.Shape != root.Shape)
            throw new ShapeException($"Backward: the tensor has shape {root.Shape} but the gradient {gradient.Shape}; they must be equal");
        if (gradient is not null && gradient.Backend != root.Backend)
            throw new InvalidOperationException(
                $"Backward: the tensor {root.Shape} is on '{root.Backend}' but the gradient is on '{gradient.Backend}'; "
                + "move it with To(backend)");

        var sorted = TopologicalOrder(root);
        try
        {
            ReleaseLastGraph();
            Walk(root, gradient, sorted);
            if (!retainGraph)
                UseUp(sorted);
        }
        finally
        {
            sorted.Clear();
            order = sorted;
        }
    }

    private static void Walk(Tensor root, Tensor? gradient, List<Op> sorted)
    {
        var kept = SetKeptGradientsAside(sorted);
        AddSeed(root, gradient);
        for (int i = sorted.Count - 1; i >= 0; i--)
        {
            var op = sorted[i];
            var y = op.Output;
            op.Backward(y.Grad!);
            if (!y.RetainsGrad)
            {
                y.Grad!.Release(); // every use of it is behind us
                y.Grad = null;
            }
        }
        foreach (var (y, earlier) in kept)
            AddTo(y.Grad!, earlier);
    }

    // Depth-first, inputs before the ops that use them; each op once, however many ops share it.
    internal static List<Op> TopologicalOrder(Tensor root)
    {
        var sorted = order ?? [];
        order = null; // in use: an AfterBackward handler may call Backward on another graph
        var stack = path ??= new();
        stack.Clear();
        long walk = Interlocked.Increment(ref walks);
        Visit(root, walk, stack);
        while (stack.TryPop(out var top))
        {
            if (top.NextInput == top.Op.Inputs.Count)
            {
                sorted.Add(top.Op);
                continue;
            }
            stack.Push((top.Op, top.NextInput + 1));
            Visit(top.Op.Inputs[top.NextInput], walk, stack);
        }
        return sorted;
    }

    private static void Visit(Tensor tensor, long walk, Stack<(Op Op, int NextInput)> stack)
    {
        if (tensor.IsSpent)
            throw new InvalidOperationException(
                $"Backward: a tensor of shape {tensor.Shape} in this graph was already used by an earlier Backward(), which freed what it "
                + "needs; pass retainGraph: true to the earlier call, or cut the graph with Detach()");
        if (tensor.Op is not { } op || !tensor.RequiresGrad || op.SeenInWalk == walk)
            return;
        op.SeenInWalk = walk;
        stack.Push((op, 0));
    }

    // What an earlier pass left in a computed tensor's Grad (RetainGrad) belongs to that pass: it must not flow on through this one.
    private static List<(Tensor Y, Tensor Earlier)> SetKeptGradientsAside(List<Op> ops)
    {
        List<(Tensor, Tensor)> kept = [];
        foreach (var op in ops)
        {
            if (op.Output.Grad is { } earlier && op.Output.RetainsGrad)
                kept.Add((op.Output, earlier));
            op.Output.Grad = null;
        }
        return kept;
    }

    // ∂root/∂root = 1, or what the caller knows about ∂loss/∂root.
    private static void AddSeed(Tensor root, Tensor? gradient)
    {
        var seed = gradient?.Clone() ?? Tensor.Ones(root.Shape, root.Backend);
        if (root.Grad is null)
            root.Grad = seed;
        else
            AddTo(root.Grad, seed);
    }

    private static void AddTo(Tensor sum, Tensor x)
    {
        sum.Backend.Scale(x.Storage, Strides.Dense(x.Columns), factor: 1, sum.Storage, x.Rows, x.Columns, accumulate: true);
        sum.MarkChanged();
    }

    private static void UseUp(List<Op> ops)
    {
        var values = lastGraph ??= [];
        foreach (var op in ops)
        {
            op.UseUp();
            op.Output.Op = null;
            op.Output.IsSpent = true;
            if (op.Output.Length > 1)
                values.Add(op.Output);
        }
    }

    private static void ReleaseLastGraph()
    {
        if (lastGraph is null)
            return;
        foreach (var value in lastGraph)
            value.Release();
        lastGraph.Clear();
    }
}

public sealed partial class Tensor
{
    /// <summary>
    /// Computes ∂this/∂leaf for every leaf that requires a gradient and adds it to the leaf's Grad. this: one element. The graph is used up
    /// unless retainGraph. Throws InvalidOperationException if there is no graph, it was used up, or a value that it needs was overwritten
    /// (gradients are then incomplete: ZeroGrad()); ShapeException for more elements.
    /// </summary>
    public void Backward(bool retainGraph = false) => Backprop.Run(this, gradient: null, retainGraph);

    /// <summary>The same for a tensor of any shape, given ∂loss/∂this of that shape.</summary>
    public void Backward(Tensor gradient, bool retainGraph = false) => Backprop.Run(this, gradient, retainGraph);
}
