using System.Runtime.InteropServices;
using NativeNN.Gpu.Runtime;
using static NativeNN.Gpu.Cuda.CudaGraphApi;

namespace NativeNN.Gpu.Cuda;

/// <summary>
/// A CUDA graph of kernel nodes. An edge for each dependency only, so kernels that do not need each other run side by side: a layer's
/// weight gradient beside its input gradient, all the optimiser's updates at once. Before a start, nodes whose values changed are updated
/// in place.
/// </summary>
internal sealed unsafe class CudaGraph : LaunchGraph
{
    private readonly GpuRuntime runtime;
    private readonly nint graph, executable;
    private readonly nint[] nodes;

    public CudaGraph(GpuRuntime runtime, LaunchRecord record) : base(record)
    {
        this.runtime = runtime;
        nodes = new nint[record.Launches.Count];
        nint handle;
        Check(cuGraphCreate(&handle, 0), "cuGraphCreate");
        graph = handle;
        var dependencies = record.Dependencies();
        ulong* words = stackalloc ulong[2 * KernelArgument.Most];
        void** pointers = stackalloc void*[KernelArgument.Most];
        for (int i = 0; i < nodes.Length; i++)
        {
            nint[] waitsFor = [.. dependencies[i].Select(earlier => nodes[earlier])];
            var node = Node(record, i, words, pointers);
            fixed (nint* earlier = waitsFor)
                Check(cuGraphAddKernelNode(&handle, graph, earlier, (nuint)waitsFor.Length, &node), "cuGraphAddKernelNode");
            nodes[i] = handle;
        }
        Check(cuGraphInstantiateWithFlags(&handle, graph, 0), "cuGraphInstantiate");
        executable = handle;
    }

    /// <summary>Graphs need cuGraphInstantiateWithFlags: CUDA 11.4.</summary>
    public static bool DriverHasGraphs { get; } =
        GpuContext.CudaLibrary != 0 && NativeLibrary.TryGetExport(GpuContext.CudaLibrary, nameof(cuGraphInstantiateWithFlags), out _);

    public override void Launch(LaunchRecord now)
    {
        ulong* words = stackalloc ulong[2 * KernelArgument.Most];
        void** pointers = stackalloc void*[KernelArgument.Most];
        for (int i = 0; i < nodes.Length; i++)
        {
            if (now.ArgumentsOf(i).SequenceEqual(Record.ArgumentsOf(i)))
                continue;
            var node = Node(now, i, words, pointers);
            Check(cuGraphExecKernelNodeSetParams(executable, nodes[i], &node), "cuGraphExecKernelNodeSetParams");
            Record.TakeArguments(i, now.ArgumentsOf(i));
        }
        Check(cuGraphLaunch(executable, runtime.CudaStream), "cuGraphLaunch");
    }

    public override void Dispose()
    {
        _ = cuGraphExecDestroy(executable);
        _ = cuGraphDestroy(graph);
    }

    private static KernelNode Node(LaunchRecord record, int i, ulong* words, void** pointers)
    {
        var launch = record.Launches[i];
        KernelArgument.Lay(record.ArgumentsOf(i), words, pointers);
        return new KernelNode
        {
            Function = launch.Kernel.Function,
            GridX = (uint)launch.Shape.GroupsX,
            GridY = (uint)launch.Shape.GroupsY,
            GridZ = 1,
            BlockX = (uint)launch.Shape.Threads,
            BlockY = 1,
            BlockZ = 1,
            Parameters = pointers,
        };
    }

    private void Check(int status, string call)
    {
        if (status != 0)
            throw new GpuException($"{runtime.Device.Name}: {call} failed: {Describe(status)}.");
    }
}
