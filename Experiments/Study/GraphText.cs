using System.Globalization;
using System.Text;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Study;

/// <summary>What a graph's pictures write into its boxes and onto its edges, and the whole of it as text.</summary>
internal static class GraphText
{
    /// <summary>The op or the name; the shape; the least and the greatest value.</summary>
    public static string[] Lines(TracedTensor tensor) =>
    [
        tensor.Name.Length == 0 ? tensor.Kind : tensor.Kind is "parameter" or "input" ? tensor.Name : $"{tensor.Name} = {tensor.Kind}",
        tensor.Shape.ToString(),
        Range(tensor),
    ];

    public static string Range(TracedTensor tensor) => tensor.Least.Equals(tensor.Greatest)
        ? Short(tensor.Least)
        : $"{Short(tensor.Least)} … {Short(tensor.Greatest)}";

    /// <summary>The norm of the gradient that flows back through an edge; null if none does.</summary>
    public static string? Share(GraphLayout.Edge edge) =>
        edge.Share is { } norm ? $"‖∂‖ {Short(norm)}{(edge.Uses > 1 ? $" (×{edge.Uses})" : "")}" : null;

    public static string FillOf(TracedTensor tensor) => tensor.Kind switch
    {
        "parameter" => "#d6e8fb",
        "input" => "#e8e8e8",
        _ => "#ffffff",
    };

    /// <summary>A value's name, or the op that computed it with its number.</summary>
    public static string Label(GraphTrace trace, int tensor) => trace.Tensors[tensor] is { Name.Length: > 0 } named
        ? named.Name
        : $"{trace.Tensors[tensor].Kind}#{tensor}";

    /// <summary>The forward pass line by line, then the backward pass: which op adds how much to whose gradient.</summary>
    public static string Of(GraphTrace trace)
    {
        var text = new StringBuilder("forward\n");
        for (int i = 0; i < trace.Tensors.Count; i++)
        {
            var tensor = trace.Tensors[i];
            string from = trace.Ops.FirstOrDefault(op => op.Output == i) is { } op
                ? $"{tensor.Kind}({string.Join(", ", op.Inputs.Select(x => Label(trace, x)))})"
                : tensor.Kind;
            text.Append(CultureInfo.InvariantCulture, $"  {Label(trace, i),-16} {tensor.Shape,-12} {Range(tensor),-22} {from}\n");
        }
        text.Append("backward, in reverse: every gradient is complete before its op passes it on\n");
        foreach (var op in trace.Ops.Reverse())
            text.Append(CultureInfo.InvariantCulture, $"  {Label(trace, op.Output),-16} ‖∂‖ "
                + $"{Short(trace.Tensors[op.Output].GradientNorm!.Value),-10} → ")
                .AppendJoin(", ", op.Inputs.Select((x, i) => (x, i)).DistinctBy(p => p.x).Where(p => op.Shares[p.i] is not null)
                    .Select(p => $"{Label(trace, p.x)} {Short(op.Shares[p.i]!.Value)}"))
                .Append('\n');
        return text.ToString().TrimEnd();
    }

    public static string Short(double value) => Notation.Short(value, 3);
}
