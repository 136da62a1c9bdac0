using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Values;
using ILGPU.Util;

namespace NativeNN.Gpu.Kernels;

/// <summary>
/// OpenCL C for the two methods of <see cref="ThreadGrid"/> that are told to ILGPU one device at a time: it fences too little there, and
/// knows no name for a multiply–add.
/// </summary>
internal static class OnOpenCl
{
    /// <summary>ILGPU's own text fences global memory alone.</summary>
    public static void Barrier(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        using var statement = generator.BeginStatement((RawString)"barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)");
    }

    /// <summary>result = fma(a, b, c).</summary>
    public static void MultiplyAdd(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        using var statement = generator.BeginStatement(generator.Allocate(value), "fma");
        statement.BeginArguments();
        foreach (var argument in (MethodCall)value)
            statement.AppendArgument(generator.Load(argument));
        statement.EndArguments();
    }
}

/// <summary>The same for NVIDIA's: PTX.</summary>
internal static class OnCuda
{
    /// <summary>bar.sync, which orders all memory of the group.</summary>
    public static void Barrier() => Group.Barrier();

    /// <summary>One instruction.</summary>
    public static void MultiplyAdd(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var (a, b, c) = (generator.LoadPrimitive(call[0]), generator.LoadPrimitive(call[1]), generator.LoadPrimitive(call[2]));
        using var command = generator.BeginCommand("fma.rn.f32");
        command.AppendArgument(generator.AllocateHardware(value));
        command.AppendArgument(a);
        command.AppendArgument(b);
        command.AppendArgument(c);
    }
}
