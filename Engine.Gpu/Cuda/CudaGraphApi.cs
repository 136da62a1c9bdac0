using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace NativeNN.Gpu.Cuda;

/// <summary>The driver's graph functions (cuda.h), which ILGPU does not bind. Every function returns a CUresult; 0 is success.</summary>
internal static unsafe partial class CudaGraphApi
{
    private const string Library = "cuda"; // found by GpuContext

    [LibraryImport(Library)]
    public static partial int cuGraphCreate(nint* graph, uint flags);

    [LibraryImport(Library)]
    public static partial int cuGraphAddKernelNode(nint* node, nint graph, nint* dependencies, nuint count, KernelNode* parameters);

    [LibraryImport(Library)]
    public static partial int cuGraphInstantiateWithFlags(nint* executable, nint graph, ulong flags);

    [LibraryImport(Library)]
    public static partial int cuGraphExecKernelNodeSetParams(nint executable, nint node, KernelNode* parameters);

    [LibraryImport(Library)]
    public static partial int cuGraphLaunch(nint executable, nint stream);

    [LibraryImport(Library)]
    public static partial int cuGraphExecDestroy(nint executable);

    [LibraryImport(Library)]
    public static partial int cuGraphDestroy(nint graph);

    /// <summary>CUDA_KERNEL_NODE_PARAMS.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct KernelNode
    {
        public nint Function;
        public uint GridX, GridY, GridZ, BlockX, BlockY, BlockZ, SharedBytes;
        public void** Parameters;
        public void** Extra;
    }

    /// <summary>"CUDA_ERROR_LAUNCH_FAILED (719: unspecified launch failure)".</summary>
    public static string Describe(int status) => $"{(CudaError)status} ({status}: {CudaAPI.CurrentAPI.GetErrorString((CudaError)status)})";
}
