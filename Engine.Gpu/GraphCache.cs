using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu;

/// <summary>
/// Sends recorded steps on: as a graph if a step of the same structure was seen before, else launch by launch. So graphs never change what is
/// computed, only how it is submitted: whatever differs from step to step (a batch's first row, Adam's t, a dropout counter) was recorded anew.
/// </summary>
internal sealed class GraphCache(GpuRuntime runtime) : IDisposable
{
    // Pooled buffers come round in two sets or a few; more structures than this are no pattern worth keeping.
    private const int MaxGraphs = 16, MaxSeen = 256;
    private readonly Dictionary<int, LaunchGraph> graphs = [];
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
        foreach (var graph in graphs.Values)
            graph.Dispose();
        graphs.Clear();
    }

    private LaunchGraph? Graph(LaunchRecord record)
    {
        int hash = record.StructureHash();
        if (graphs.TryGetValue(hash, out var known))
            return known.Record.HasStructureOf(record) ? known : null;
        if (seenOnce.Count >= MaxSeen)
            seenOnce.Clear();
        if (seenOnce.Add(hash))
            return null;
        var built = runtime.BuildGraph(record.Clone());
        if (built == null)
            return null;
        if (graphs.Count >= MaxGraphs)
            Dispose();
        graphs.Add(hash, built);
        return built;
    }
}
