using NativeNN.Gpu;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Tests.Gpu;

/// <summary>
/// A launch graph for devices that have none: of the launches whose dependencies are done, always the one recorded last. It stands where
/// CUDA's graphs stand, so the program records real steps, and a device carries them out in the most unlike order that CUDA would be
/// allowed.
/// </summary>
internal sealed class UnlikeOrder(GpuRuntime runtime, LaunchRecord record) : LaunchGraph(record)
{
    private readonly List<int>[] dependencies = record.Dependencies();

    /// <summary>A backend on that device whose steps go out this way.</summary>
    public static GpuBackend Backend(ListedDevice device)
    {
        GpuRuntime? runtime = null;
        runtime = new GpuRuntime(device) { BuildGraph = record => new UnlikeOrder(runtime!, record) };
        return new GpuBackend(runtime);
    }

    public override void Launch(LaunchRecord now)
    {
        var done = new bool[dependencies.Length];
        for (int step = 0; step < done.Length; step++)
        {
            int next = Enumerable.Range(0, done.Length).Last(i => !done[i] && dependencies[i].TrueForAll(earlier => done[earlier]));
            runtime.Launch(now.Launches[next].Kernel, now.Launches[next].Shape, now.ArgumentsOf(next));
            done[next] = true;
        }
    }

    public override void Dispose() { }
}
