using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu;

/// <summary>
/// Sends recorded steps on: as a graph if a step of the same pattern was seen before, else launch by launch. Graphs never change what is
/// computed, only how it is submitted: every step is recorded anew, and whatever differs from the last one is updated in the graph before
/// it starts.
/// </summary>
internal sealed class GraphCache(GpuRuntime runtime) : IDisposable
{
    // A step's buffers come from the pool in two sets that take turns (this step's values while the last one's are still readable), so a
    // few graphs for each pattern spare most updates.
    private const int MaxPatterns = 16, MaxGraphsOfPattern = 4, MaxSeen = 256;
    private readonly Dictionary<int, List<LaunchGraph>> graphs = [];
    private readonly HashSet<int> seenOnce = [];

    /// <summary>Steps that went out as a graph, and launches that went out one by one.</summary>
    public (long Graphs, long Launches) Submitted { get; private set; }

    public void Submit(LaunchRecord record)
    {
        if (record.Launches.Count == 0)
            return;
        if (record.Launches.Count == 1 || Graph(record) is not { } graph)
        {
            for (int i = 0; i < record.Launches.Count; i++)
                runtime.Launch(record.Launches[i].Kernel, record.Launches[i].Shape, record.ArgumentsOf(i));
            Submitted = (Submitted.Graphs, Submitted.Launches + record.Launches.Count);
            return;
        }
        graph.Launch(record);
        Submitted = (Submitted.Graphs + 1, Submitted.Launches);
    }

    public void Dispose()
    {
        foreach (var graph in graphs.Values.SelectMany(ofPattern => ofPattern))
            graph.Dispose();
        graphs.Clear();
    }

    private LaunchGraph? Graph(LaunchRecord record)
    {
        int hash = record.PatternHash();
        if (!graphs.TryGetValue(hash, out var ofPattern))
        {
            if (seenOnce.Count >= MaxSeen)
                seenOnce.Clear();
            if (seenOnce.Add(hash))
                return null;
            if (graphs.Count >= MaxPatterns)
                Dispose();
            graphs.Add(hash, [runtime.BuildGraph!(record.Clone())]);
            return graphs[hash][0];
        }
        if (!ofPattern[0].Record.HasPatternOf(record))
            return null; // another pattern with the same hash
        var nearest = ofPattern.MinBy(graph => record.Differing(graph.Record))!;
        if (ofPattern.Count == MaxGraphsOfPattern || record.Differing(nearest.Record) <= record.Launches.Count / 2)
            return nearest;
        ofPattern.Add(runtime.BuildGraph!(record.Clone()));
        return ofPattern[^1];
    }
}
