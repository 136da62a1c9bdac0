using ILGPU.Backends.OpenCL;
using ILGPU.IR;
using ILGPU.IR.Values;
using ILGPU.Util;

namespace NativeNN.Gpu.Kernels;

/// <summary>OpenCL C for the two methods that ILGPU translates poorly or not at all; their C# stands in <see cref="ThreadGrid"/>.</summary>
internal static class OpenClText
{
    /// <summary>ThreadGrid.Barrier: ILGPU's own text fences global memory alone.</summary>
    public static void Barrier(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        using var statement = generator.BeginStatement((RawString)"barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)");
    }

    /// <summary>ThreadGrid.MultiplyAdd: result = fma(a, b, c).</summary>
    public static void MultiplyAdd(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        using var statement = generator.BeginStatement(generator.Allocate(value), "fma");
        statement.BeginArguments();
        foreach (var argument in (MethodCall)value)
            statement.AppendArgument(generator.Load(argument));
        statement.EndArguments();
    }
}
