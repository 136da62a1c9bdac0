using System.Text;

namespace NativeNN;

/// <summary>Pictures of the graph behind a tensor; draw before Backward(), which uses the graph up.</summary>
public static class GraphDrawing
{
    /// <summary>Graphviz source (dot -Tsvg): boxes are tensors with their shapes, ovals are ops, arrows follow the computation.</summary>
    public static string ToGraphviz(Tensor root, IReadOnlyDictionary<Tensor, string>? names = null)
    {
        var text = new StringBuilder("digraph {\n  rankdir=LR; node [fontname=\"DejaVu Sans\", fontsize=10];\n");
        var numbers = new Dictionary<Tensor, int>();
        var pending = new Stack<Tensor>();
        int Number(Tensor tensor)
        {
            if (!numbers.TryGetValue(tensor, out int number))
            {
                numbers.Add(tensor, number = numbers.Count);
                pending.Push(tensor);
            }
            return number;
        }
        Number(root);
        while (pending.TryPop(out var tensor))
        {
            int number = numbers[tensor];
            string label = (names is not null && names.TryGetValue(tensor, out string? name) ? name + " " : "") + tensor.Shape;
            string fill = tensor.Op is not null ? "white" : tensor.RequiresGrad ? "lightblue" : "lightgrey";
            text.Append($"  t{number} [shape=box, style=filled, fillcolor={fill}, label=\"{label}\"];\n");
            if (tensor.Op is not { } op)
                continue;
            text.Append($"  o{number} [shape=oval, label=\"{op.Name}\"];\n  o{number} -> t{number};\n");
            foreach (var input in op.Inputs)
                text.Append($"  t{Number(input)} -> o{number};\n");
        }
        return text.Append("}\n").ToString();
    }
}
