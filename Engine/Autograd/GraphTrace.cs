namespace NativeNN;

/// <summary>A value of a traced graph: Kind is the op that computed it, "parameter", or "input"; GradientNorm is ‖∂root/∂value‖₂, null
/// where
/// it wants no gradient.</summary>
public sealed record TracedTensor(string Name, string Kind, Shape Shape, float Least, float Greatest, double? GradientNorm);

/// <summary>An op of a traced graph: numbers of the tensors it read and of the one it made; Shares are the norms of what its backward added
/// to the gradient of each input, null where an input wants none.</summary>
public sealed record TracedOp(IReadOnlyList<int> Inputs, int Output, IReadOnlyList<double?> Shares);

/// <summary>
/// The graph behind a tensor with all its values and gradients: backward once more, slowly, with every share written down. It changes
/// nothing: the graph can still be used, and gradients are as they were.
/// </summary>
public sealed class GraphTrace
{
    private readonly List<TracedTensor> tensors = [];
    private readonly List<TracedOp> ops = [];

    private GraphTrace()
    {
    }

    /// <summary>Every value, an op's inputs before its output.</summary>
    public IReadOnlyList<TracedTensor> Tensors => tensors;

    /// <summary>Every op in the order of the forward pass; backward runs it from the last to the first.</summary>
    public IReadOnlyList<TracedOp> Ops => ops;

    /// <summary>Traces the graph of root, one element that depends on something with a gradient; names are shown where given.</summary>
    public static GraphTrace Of(Tensor root, IReadOnlyDictionary<Tensor, string>? names = null)
    {
        if (root.Length != 1 || root.Op is null)
            throw new InvalidOperationException(
                $"GraphTrace: the tensor {root.Shape} must be one element with a graph behind it, as a loss before its Backward()");
        var order = Backprop.TopologicalOrder(root).ToList();
        var numbers = new Dictionary<Tensor, int>();
        foreach (var op in order)
            foreach (var tensor in op.Inputs.Append(op.Output))
                numbers.TryAdd(tensor, numbers.Count);
        var earlier = numbers.Keys.ToDictionary(tensor => tensor, tensor => tensor.Grad);
        foreach (var tensor in numbers.Keys)
            tensor.Grad = null;

        // Backprop.Run, with notes: a gradient is complete when all ops that used its value have been here.
        root.Grad = Tensor.Ones(root.Shape, root.Backend);
        var shares = new Dictionary<Op, double?[]>();
        foreach (var op in Enumerable.Reverse(order))
        {
            var before = op.Inputs.Select(Gradient).ToList();
            op.Backward(op.Output.Grad!);
            shares.Add(op, [.. op.Inputs.Select((x, i) => x.RequiresGrad ? Distance(Gradient(x), before[i]) : (double?)null)]);
        }

        var trace = new GraphTrace();
        foreach (var (tensor, number) in numbers)
        {
            float[] values = tensor.ToArray();
            string kind = tensor.Op is { } op ? op.Name : tensor.RequiresGrad ? "parameter" : "input";
            string name = names is not null && names.TryGetValue(tensor, out string? given) ? given : tensor.Op is null ? $"t{number}" : "";
            trace.tensors.Add(new(name, kind, tensor.Shape, values.Min(), values.Max(),
                tensor.RequiresGrad ? Distance(Gradient(tensor), []) : null));
        }
        foreach (var op in order)
            trace.ops.Add(new([.. op.Inputs.Select(x => numbers[x])], numbers[op.Output], shares[op]));
        foreach (var (tensor, gradient) in earlier)
            tensor.Grad = gradient;
        return trace;
    }

    private static float[] Gradient(Tensor tensor) => tensor.Grad?.ToArray() ?? [];

    //  ‖a − b‖₂; an empty b is zero
    private static double Distance(float[] a, float[] b) =>
        Math.Sqrt(a.Select((value, i) => Math.Pow(value - (b.Length > 0 ? b[i] : 0.0), 2)).Sum());
}
