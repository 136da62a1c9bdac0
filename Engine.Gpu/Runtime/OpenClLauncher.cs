using System.Runtime.InteropServices;
using ILGPU.Runtime.OpenCL;

namespace NativeNN.Gpu.Runtime;

/// <summary>
/// Starts one of ILGPU's OpenCL kernels without the barrier that ILGPU 1.5.3 queues before every launch: the queue is in order, and the
/// barrier doubles what a short launch costs. Arguments that are those of the last launch are not set again.
/// </summary>
internal sealed unsafe partial class OpenClLauncher(nint kernel)
{
    private readonly KernelArgument[] last = new KernelArgument[KernelArgument.Most];
    private bool started;

    /// <summary>
    /// Into the queue. ILGPU's kernels take the views' buffers first, then every parameter, a view as {int offset; long length}.
    /// </summary>
    public CLError Start(nint queue, in LaunchShape shape, ReadOnlySpan<KernelArgument> arguments)
    {
        int buffers = 0, buffer = 0;
        long* view = stackalloc long[2] { 0, 0 };
        foreach (var argument in arguments)
            buffers += argument.IsBuffer ? 1 : 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            bool isNew = !started || argument.First != last[i].First || argument.Second != last[i].Second;
            CLError status = CLError.CL_SUCCESS;
            if (isNew && argument.IsBuffer)
            {
                ulong handle = argument.First;
                view[1] = argument.Second;
                status = CLAPI.CurrentAPI.SetKernelArgumentUnsafe(kernel, buffer, sizeof(ulong), &handle);
                if (status == CLError.CL_SUCCESS)
                    status = CLAPI.CurrentAPI.SetKernelArgumentUnsafe(kernel, buffers + i, 2 * sizeof(long), view);
            }
            else if (isNew)
            {
                ulong value = argument.First; // little-endian: the low 4 bytes come first
                int size = argument.Kind == ArgumentKind.ULong ? sizeof(ulong) : sizeof(uint);
                status = CLAPI.CurrentAPI.SetKernelArgumentUnsafe(kernel, buffers + i, size, &value);
            }
            if (status != CLError.CL_SUCCESS)
                return status;
            buffer += argument.IsBuffer ? 1 : 0;
            last[i] = argument;
        }
        started = true;
        nint* all = stackalloc nint[2] { (nint)shape.GroupsX * shape.Threads, shape.GroupsY };
        nint* group = stackalloc nint[2] { shape.Threads, 1 };
        return (CLError)clEnqueueNDRangeKernel(queue, kernel, 2, null, all, group, 0, null, null);
    }

    [LibraryImport("opencl")]
    private static partial int clEnqueueNDRangeKernel(nint queue, nint kernel, uint dimensions, nint* offset, nint* all, nint* group,
        uint waits,
        nint* waitsFor, nint* done);
}
