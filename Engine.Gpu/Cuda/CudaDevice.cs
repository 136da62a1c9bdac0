using ILGPU.Runtime.Cuda;
using NativeNN.Gpu.Runtime;

namespace NativeNN.Gpu.Cuda;

/// <summary>An NVIDIA GPU: ILGPU's runtime, and what ILGPU can't express where the device and its driver have it.</summary>
internal static class CudaDevice
{
    public static GpuRuntime Open(ListedDevice device)
    {
        var runtime = new GpuRuntime(device);
        if (CudaGraph.DriverHasGraphs)
            runtime.BuildGraph = record => new CudaGraph(runtime, record);
        if (runtime.Architecture >= CudaArchitecture.SM_80)
        {
            var gemm5 = new PtxModule(runtime, "gemm5.ptx", PtxModule.Gemm5);
            runtime.LoadTensorCoreProduct = (transposeA, transposeB) =>
                gemm5.Load($"gemm_tensorcores_{(transposeA ? 't' : 'n')}{(transposeB ? 't' : 'n')}");
        }
        return runtime;
    }
}
