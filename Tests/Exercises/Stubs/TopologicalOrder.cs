namespace NativeNN.Exercises;

//  4. A gradient may be passed on only when all who use a value have added their share. Put the graph under root into an order in which
//     every node comes once, and after all of its inputs; backward then walks it from the end.
//  Hint: depth-first; a node is done when its inputs are. Remember whom you met: a value may be used twice.
public static class TopologicalOrder
{
    public static List<Node> Of(Node root) => throw new NotImplementedException("an order with inputs first");
}

/// <summary>A value of a graph and what it was computed from.</summary>
public sealed record Node(string Name, params Node[] Inputs);
