using NativeNN.Gpu;
using NativeNN.Gpu.Runtime;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>The CUDA calls and their failures, on the stand-in library.</summary>
[Collection(DeviceTests.Name)]
public sealed class CudaCallTests
{
    private const int OutOfMemory = 2, LaunchFailed = 719;

    [SkippableFact]
    public void A_failed_launch_is_an_error_and_not_a_wrong_result()
    {
        var device = Open();
        var x = device.Allocate(10);
        CudaStub.Fail("cuLaunchKernel", LaunchFailed);
        string message = Assert.Throws<GpuException>(() => Filled(device, x)).Message;
        Assert.Contains("cuda:0: cuLaunchKernel(fill", message);
        Assert.Contains("CUDA_ERROR_LAUNCH_FAILED (719", message);
    }

    [SkippableFact]
    public void A_failed_transfer_is_an_error()
    {
        var device = Open();
        var x = device.Allocate(10);
        CudaStub.Fail("cuStreamSynchronize", LaunchFailed);
        Assert.Contains("cuStreamSynchronize", Assert.Throws<GpuException>(() => device.Read(x, new float[10])).Message);
        CudaStub.Fail("cuMemcpyHtoDAsync_v2", LaunchFailed);
        Assert.Contains("cuMemcpyHtoDAsync", Assert.Throws<GpuException>(() => device.Write(new float[10], x)).Message);
    }

    [SkippableFact]
    public void Out_of_memory_frees_what_is_unused_and_tries_again_before_it_is_an_error()
    {
        var device = Open();
        device.Recycle(device.Allocate(9_000_000));
        int freed = CudaStub.Calls("cuMemFree_v2");
        CudaStub.Fail("cuMemAlloc_v2", OutOfMemory);
        _ = device.Allocate(100);
        Assert.Equal(freed + 1, CudaStub.Calls("cuMemFree_v2"));

        CudaStub.Fail("cuMemAlloc_v2", OutOfMemory, times: 2);
        string message = Assert.Throws<GpuException>(() => device.Allocate(1 << 20)).Message;
        Assert.StartsWith("cuda:0 is out of memory: 4.0 MiB asked for, ", message);
        Assert.DoesNotContain('\n', message);
    }

    [SkippableFact]
    public void Kernels_that_do_not_load_come_with_the_driver_s_log()
    {
        var device = Open();
        CudaStub.Fail("cuModuleLoadDataEx", status: 218);
        Assert.StartsWith("cuda:0: the kernels in elementwise do not load: ", Assert.Throws<GpuException>(() => Filled(device, device.Allocate(1))).Message);
        Filled(device, device.Allocate(1)); // the next try works
    }

    [SkippableFact]
    public void A_driver_that_does_not_start_is_a_reason_and_not_an_error()
    {
        _ = Open();
        CudaStub.Fail("cuInit", status: 100);
        Assert.Contains("cuda: the NVIDIA driver finds no CUDA device", GpuDevices.List().Missing);
        CudaStub.Fail("cuInit", status: 999);
        Assert.Contains(GpuDevices.List().Missing, line => line.StartsWith("cuda: the NVIDIA driver does not start: ", StringComparison.Ordinal));
        CudaStub.Fail("cuDeviceGetCount", status: 3);
        Assert.Contains(GpuDevices.List().Missing, line => line.StartsWith("cuda: the NVIDIA driver does not answer: ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_repeated_step_is_launched_as_a_graph_whose_changed_values_are_updated()
    {
        var device = Open();
        var rig = new Rig(device);
        NativeNN.Backends.Storage x = rig.Put([1f, 2, 3]), y = rig.Put([0f, 0, 0]), z = rig.Put([0f, 0, 0]);
        int launches = CudaStub.Calls("cuLaunchKernel"), nodes = CudaStub.Calls("cuGraphAddKernelNode");
        int graphs = CudaStub.Calls("cuGraphLaunch"), updates = CudaStub.Calls("cuGraphExecKernelNodeSetParams");
        for (int step = 1; step <= 5; step++)
            device.RunStep(() =>
            {
                device.Fill(y, step, 3);
                device.Binary(NativeNN.Backends.BinaryOp.Add, x, new(0, 1), y, new(0, 1), z, rows: 1, columns: 3);
            });
        Assert.Equal([6, 7, 8], rig.Get(z, 3));
        Assert.Equal(launches + 2, CudaStub.Calls("cuLaunchKernel")); // the first step only
        Assert.Equal(nodes + 2, CudaStub.Calls("cuGraphAddKernelNode"));
        Assert.Equal(graphs + 4, CudaStub.Calls("cuGraphLaunch"));
        Assert.Equal(updates + 3, CudaStub.Calls("cuGraphExecKernelNodeSetParams")); // the fill's value, in steps 3 to 5
    }

    [SkippableFact]
    public void Reading_inside_a_step_sees_what_the_step_computed_so_far()
    {
        var device = Open();
        var y = device.Allocate(2);
        for (int step = 1; step <= 4; step++)
            device.RunStep(() =>
            {
                device.Fill(y, step, 2);
                Assert.Equal([step, step], new Rig(device).Get(y, 2));
                device.Fill(y, -step, 2);
                device.Copy(y, 0, y, 1, 1);
            });
        Assert.Equal([-4, -4], new Rig(device).Get(y, 2));
    }

    [Fact]
    public void A_launch_waits_for_the_writers_of_what_it_reads_and_the_readers_of_what_it_writes()
    {
        KernelArgument Reads(int buffer) => new((ulong)buffer, ArgumentKind.Reads);
        KernelArgument Writes(int buffer) => new((ulong)buffer, ArgumentKind.Writes);
        var kernel = new GpuKernel("any", 1);
        var record = new LaunchRecord();
        record.Add(kernel, new LaunchShape(1), [Writes(10), 1]);           // 0
        record.Add(kernel, new LaunchShape(1), [Reads(10), Writes(11)]);   // 1: after 0
        record.Add(kernel, new LaunchShape(1), [Reads(10), Writes(12)]);   // 2: after 0, beside 1
        record.Add(kernel, new LaunchShape(1), [Writes(10), 2f]);          // 3: after 0 wrote and 1, 2 read
        record.Add(kernel, new LaunchShape(1), [Reads(11), Writes(12)]);   // 4: after 1 and 2
        record.Add(kernel, new LaunchShape(1), [Writes(13), Writes(13)]);  // 5: after nothing
        Assert.Equal<int[]>([[], [0], [0], [0, 1, 2], [1, 2], []], [.. record.Dependencies().Select(list => list.ToArray())]);
    }

    [SkippableFact]
    public void A_device_that_is_given_back_keeps_no_memory()
    {
        var device = Open();
        NativeNN.Backends.Storage kept = device.Allocate(100), idle = device.Allocate(1000);
        device.Recycle(idle);
        int freed = CudaStub.Calls("cuMemFree_v2"), released = CudaStub.Calls("cuDevicePrimaryCtxRelease_v2");
        device.Dispose();
        Assert.Equal(freed + 2, CudaStub.Calls("cuMemFree_v2"));
        Assert.Equal(released + 1, CudaStub.Calls("cuDevicePrimaryCtxRelease_v2"));
        GC.KeepAlive(kept);
    }

    private static void Filled(GpuBackend device, NativeNN.Backends.Storage x)
    {
        device.Fill(x, 1, count: 1);
        device.Synchronize();
    }

    private static GpuBackend Open()
    {
        _ = TestDevices.All;
        Skip.If(CudaStub.Missing is not null, CudaStub.Missing);
        return (GpuBackend)GpuDevices.Open("cuda", Tensor.DefaultBackend);
    }
}
