using static NativeNN.Gpu.Runtime.Cuda.CudaNative;

namespace NativeNN.Gpu.Runtime.Cuda;

/// <summary>
/// A CUDA graph of kernel nodes. An edge for each dependency only, so kernels that do not need each other run side by side: a layer's weight
/// gradient beside its input gradient, all the optimiser's updates at once. Before a start, nodes whose values changed are updated in place.
/// </summary>
internal sealed unsafe class CudaGraph : LaunchGraph
{
    private readonly CudaRuntime runtime;
    private readonly nint graph, executable;
    private readonly nint[] nodes;

    public CudaGraph(CudaRuntime runtime, LaunchRecord record) : base(record)
    {
        this.runtime = runtime;
        nodes = new nint[record.Launches.Count];
        nint handle;
        runtime.Check(cuGraphCreate(&handle, 0), "cuGraphCreate");
        graph = handle;
        var dependencies = record.Dependencies();
        void** pointers = stackalloc void*[MaxArguments];
        for (int i = 0; i < nodes.Length; i++)
        {
            nint[] waitsFor = [.. dependencies[i].Select(earlier => nodes[earlier])];
            var arguments = record.ArgumentsOf(i);
            fixed (KernelArgument* first = arguments)
            fixed (nint* earlier = waitsFor)
            {
                var parameters = Parameters(record.Launches[i], first, pointers);
                runtime.Check(cuGraphAddKernelNode(&handle, graph, earlier, (nuint)waitsFor.Length, &parameters), "cuGraphAddKernelNode");
                nodes[i] = handle;
            }
        }
        runtime.Check(cuGraphInstantiateWithFlags(&handle, graph, 0), "cuGraphInstantiate");
        executable = handle;
    }

    // Adam has the most, 16.
    private const int MaxArguments = 32;

    public override void Launch(LaunchRecord now)
    {
        void** pointers = stackalloc void*[MaxArguments];
        for (int i = 0; i < nodes.Length; i++)
        {
            var arguments = now.ArgumentsOf(i);
            if (arguments.SequenceEqual(Record.ArgumentsOf(i)))
                continue;
            fixed (KernelArgument* first = arguments)
            {
                var parameters = Parameters(now.Launches[i], first, pointers);
                runtime.Check(cuGraphExecKernelNodeSetParams(executable, nodes[i], &parameters), "cuGraphExecKernelNodeSetParams");
            }
            Record.TakeArguments(i, arguments);
        }
        runtime.Check(cuGraphLaunch(executable, runtime.Stream), "cuGraphLaunch");
    }

    public override void Dispose()
    {
        _ = cuGraphExecDestroy(executable);
        _ = cuGraphDestroy(graph);
    }

    private static KernelNodeParameters Parameters(in RecordedLaunch launch, KernelArgument* first, void** pointers)
    {
        if (launch.ArgumentCount > MaxArguments)
            throw new InvalidOperationException($"{launch.Kernel.Name} has {launch.ArgumentCount} arguments; a graph node takes {MaxArguments}.");
        CudaRuntime.Point(pointers, first, launch.ArgumentCount);
        return new KernelNodeParameters
        {
            Function = launch.Kernel.Handle,
            GridX = (uint)launch.Shape.GroupsX,
            GridY = (uint)launch.Shape.GroupsY,
            GridZ = 1,
            BlockX = (uint)launch.Shape.Threads,
            BlockY = 1,
            BlockZ = 1,
            Parameters = pointers,
        };
    }
}
