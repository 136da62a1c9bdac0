using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Study;

/// <summary>
/// Where the values of a graph stand: in layers from top to bottom, each value below everything it was computed from, with few crossings.
/// Layers by longest path, order by barycentres, as Sugiyama, Tagawa and Toda 1981.
/// </summary>
internal sealed class GraphLayout
{
    public const double BoxWidth = 132, BoxHeight = 58;
    private const double ColumnGap = 26, LayerGap = 30, Margin = 16;
    private const int Sweeps = 12;

    private readonly List<List<Node>> layers = [];
    private readonly Dictionary<int, Node> nodes = [];

    private GraphLayout(IReadOnlyList<Edge> edges) => Edges = edges;

    public IReadOnlyList<Edge> Edges { get; }

    public double Width { get; private set; }

    public double Height { get; private set; }

    /// <summary>The box of a value.</summary>
    public Rect BoxOf(int tensor)
    {
        var (x, y) = (nodes[tensor].X, Top(nodes[tensor].Layer));
        return new Rect(x - BoxWidth / 2, y, x + BoxWidth / 2, y + BoxHeight);
    }

    /// <summary>The corners of an edge, from the lower side of what is read to the upper side of what is computed.</summary>
    public IReadOnlyList<Point> PathOf(Edge edge) =>
    [
        new(BoxOf(edge.From).Center.X, BoxOf(edge.From).Bottom),
        .. edge.Bends.Select(bend => new Point(bend.X, Top(bend.Layer) + BoxHeight / 2)),
        new(BoxOf(edge.To).Center.X, BoxOf(edge.To).Top),
    ];

    public static GraphLayout Of(GraphTrace trace)
    {
        // Edges: an op that reads a value twice has one, and both its shares are in the first.
        var edges = trace.Ops.SelectMany(op => op.Inputs.Select((from, i) => (from, i)).DistinctBy(p => p.from)
            .Select(p => new Edge(p.from, op.Output, op.Inputs.Count(x => x == p.from), op.Shares[p.i]))).ToList();
        var layout = new GraphLayout(edges);
        layout.AssignLayers(trace);
        layout.BendLongEdges();
        layout.OrderLayers();
        layout.PlaceColumns();
        return layout;
    }

    // An op's result stands one layer below the lowest of its inputs; a leaf just above the first op that reads it.
    private void AssignLayers(GraphTrace trace)
    {
        var layer = new int[trace.Tensors.Count];
        foreach (var op in trace.Ops)
            layer[op.Output] = 1 + op.Inputs.Max(x => layer[x]);
        foreach (int leaf in Enumerable.Range(0, layer.Length).Except(trace.Ops.Select(op => op.Output)))
            layer[leaf] = Edges.Where(e => e.From == leaf).Min(e => layer[e.To]) - 1;
        for (int i = 0; i <= layer.Max(); i++)
            layers.Add([]);
        for (int i = 0; i < layer.Length; i++)
        {
            nodes.Add(i, new Node { Layer = layer[i] });
            layers[layer[i]].Add(nodes[i]);
        }
    }

    // An edge that passes layers by gets a place in each of them.
    private void BendLongEdges()
    {
        foreach (var edge in Edges)
        {
            var last = nodes[edge.From];
            for (int i = last.Layer + 1; i < nodes[edge.To].Layer; i++)
            {
                var bend = new Node { Layer = i, IsBend = true };
                layers[i].Add(bend);
                edge.Bends.Add(bend);
                Join(last, bend);
                last = bend;
            }
            Join(last, nodes[edge.To]);
        }

        static void Join(Node above, Node below)
        {
            above.Below.Add(below);
            below.Above.Add(above);
        }
    }

    // Down and up again, each value moves to the mean place of its neighbours.
    private void OrderLayers()
    {
        for (int sweep = 0; sweep < Sweeps; sweep++)
            foreach (var layer in sweep % 2 == 0 ? layers : Enumerable.Reverse(layers))
            {
                foreach (var node in layer)
                    node.Wish = Mean(sweep % 2 == 0 ? node.Above : node.Below, n => n.Place) ?? node.Place;
                var ordered = layer.OrderBy(n => n.Wish).ToList();
                layer.Clear();
                layer.AddRange(ordered);
                for (int i = 0; i < layer.Count; i++)
                    layer[i].Place = i - (layer.Count - 1) / 2.0;
            }
    }

    private void PlaceColumns()
    {
        foreach (var node in layers.SelectMany(layer => layer))
            node.X = node.Place * (BoxWidth + ColumnGap);
        for (int sweep = 0; sweep < Sweeps; sweep++)
            foreach (var layer in sweep % 2 == 0 ? layers : Enumerable.Reverse(layers))
            {
                foreach (var node in layer) // what is computed forms a straight line; leaves stand beside it
                    node.Wish = Mean([.. node.Above.Where(n => n.Above.Count > 0), .. node.Below], n => n.X)
                        ?? Mean(node.Above, n => n.X) ?? node.X;
                Spread(layer);
            }
        double left = layers.SelectMany(l => l).Min(n => n.X) - BoxWidth / 2 - Margin;
        foreach (var node in layers.SelectMany(l => l))
            node.X -= left;
        Width = layers.SelectMany(l => l).Max(n => n.X) + BoxWidth / 2 + Margin;
        Height = Top(layers.Count - 1) + BoxHeight + Margin;
    }

    // As near to their wishes as neighbours' widths allow: groups that touch move together, to the mean of what they miss.
    private static void Spread(List<Node> layer)
    {
        var groups = new List<(List<Node> Nodes, double Start)>();
        foreach (var node in layer)
        {
            var group = (Nodes: new List<Node> { node }, Start: node.Wish);
            while (groups.Count > 0 && groups[^1].Start + Extent(groups[^1].Nodes, group.Nodes[0]) > group.Start)
            {
                group = ([.. groups[^1].Nodes, .. group.Nodes], 0);
                groups.RemoveAt(groups.Count - 1);
                group.Start = group.Nodes.Average(n => n.Wish - Offset(group.Nodes, n));
            }
            groups.Add(group);
        }
        foreach (var (members, start) in groups)
            foreach (var node in members)
                node.X = start + Offset(members, node);

        static double Offset(List<Node> members, Node node) =>
            members.TakeWhile(n => n != node).Zip(members.Skip(1), Separation).Sum();

        static double Extent(List<Node> members, Node next) => Offset(members, members[^1]) + Separation(members[^1], next);

        static double Separation(Node a, Node b) => ColumnGap + ((a.IsBend ? 0 : BoxWidth) + (b.IsBend ? 0 : BoxWidth)) / 2;
    }

    private static double Top(int layer) => Margin + layer * (BoxHeight + LayerGap);

    private static double? Mean(IReadOnlyCollection<Node> neighbours, Func<Node, double> place) =>
        neighbours.Count == 0 ? null : neighbours.Average(place);

    /// <summary>
    /// To was computed from From, which the op reads Uses times; Share is what its backward adds to From's gradient, if any.
    /// </summary>
    public sealed record Edge(int From, int To, int Uses, double? Share)
    {
        public List<Node> Bends { get; } = [];
    }

    public sealed class Node
    {
        public required int Layer { get; init; }

        public bool IsBend { get; init; }

        public List<Node> Above { get; } = [];

        public List<Node> Below { get; } = [];

        public double Place { get; set; }

        public double Wish { get; set; }

        public double X { get; set; }
    }
}
