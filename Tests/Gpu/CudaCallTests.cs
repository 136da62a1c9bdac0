using NativeNN.Gpu;
using NativeNN.Gpu.Runtime;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

/// <summary>What CUDA's driver is told, and what happens when it fails, on the stand-in library.</summary>
[Collection(DeviceTests.Name)]
public sealed class CudaCallTests
{
    private const int OutOfMemory = 2, LaunchFailed = 719;

    [SkippableFact]
    public void A_graph_s_nodes_tell_the_device_what_plain_launches_do()
    {
        using var device = Open();
        var plain = Told(device, useGraphs: false);
        var graph = Told(device, useGraphs: true);
        Assert.Equal(StepsOfMany.Length, plain.Length);
        // ILGPU's own launcher packs the plain ones, we the nodes: kernel, groups, threads and every parameter's bytes.
        Assert.All(plain, line => Assert.StartsWith("launch ", line));
        Assert.Equal(plain.Select(line => line.Replace("launch ", "node ")), graph);

        string[] Told(GpuBackend backend, bool useGraphs)
        {
            backend.UsesGraphs = useGraphs;
            var rig = new Rig(backend);
            var (x, y, labels) = (rig.Put(new float[64]), rig.Put(new float[64]), rig.Put(new int[64]));
            Run(); // compiles; and the first step of a pattern goes out launch by launch
            FakeCuda.Told();
            Run();
            string[] told = FakeCuda.Told();
            foreach (var storage in new[] { x, y, labels })
                backend.Recycle(storage);
            return told;

            void Run() => backend.RunStep(() => Array.ForEach(StepsOfMany, step => step(backend, x, y, labels)));
        }
    }

    // One of each kind of argument: views of floats and ints, ints, floats, a placeholder, 32- and 64-bit unsigned numbers, many
    // parameters.
    private static readonly Action<GpuBackend, NativeNN.Backends.Storage, NativeNN.Backends.Storage,
        NativeNN.Backends.Storage>[] StepsOfMany =
    [
        (device, x, y, _) => device.Fill(y, 2.5f, 7),
        (device, x, y, labels) => device.GatherRows(x, labels, start: 3, count: 2, rowLength: 5, y),
        (device, x, y, labels) => device.ArgMax(x, labels, rows: 4, columns: 8),
        (device, x, y, _) => device.Gemm(false, x, true, y, x, m: 3, n: 4, k: 5),
        (device, x, y, _) => device.Adam(x, y, x, y, vMax: null, count: 9,
            new NativeNN.Backends.AdamStep(0.001, 0.9, 0.999, 1e-8, 0.1, Decoupled: true, Step: 3)),
        (device, x, y, _) =>
            device.DropoutMask(y, 10, 0.5, new NativeNN.Random.Generator(1) { DropoutKernel = NativeNN.Random.DropoutKernel.Philox }),
    ];

    [SkippableFact]
    public void A_repeated_step_is_a_graph_whose_changed_values_are_updated()
    {
        using var device = Open();
        var rig = new Rig(device);
        NativeNN.Backends.Storage x = rig.Put([1f, 2, 3]), y = rig.Put([0f, 0, 0]), z = rig.Put([0f, 0, 0]);
        int launches = FakeCuda.Calls("cuLaunchKernel"), nodes = FakeCuda.Calls("cuGraphAddKernelNode");
        int graphs = FakeCuda.Calls("cuGraphLaunch"), updates = FakeCuda.Calls("cuGraphExecKernelNodeSetParams");
        for (int step = 1; step <= 5; step++)
            device.RunStep(() =>
            {
                device.Fill(y, step, 3);
                device.Binary(NativeNN.Backends.BinaryOp.Add, x, new(0, 1), y, new(0, 1), z, rows: 1, columns: 3);
            });
        Assert.Equal(launches + 2, FakeCuda.Calls("cuLaunchKernel")); // the first step only
        Assert.Equal(nodes + 2, FakeCuda.Calls("cuGraphAddKernelNode"));
        Assert.Equal(graphs + 4, FakeCuda.Calls("cuGraphLaunch"));
        Assert.Equal(updates + 3, FakeCuda.Calls("cuGraphExecKernelNodeSetParams")); // the fill's value, in steps 3 to 5
    }

    [SkippableFact]
    public void Version_5_runs_in_the_same_stream_and_graphs()
    {
        using var device = Open();
        var rig = new Rig(device);
        var (a, c) = (rig.Put(new float[64]), rig.Put(new float[64]));
        Assert.True(device.Supports(GemmVersion.TensorCores));
        device.GemmVersion = GemmVersion.TensorCores;
        FakeCuda.Told();
        for (int step = 0; step < 2; step++)
            device.RunStep(() =>
            {
                device.Fill(a, 1, 64);
                device.Gemm(false, a, true, a, c, m: 8, n: 8, k: 8);
            });
        string[] told = FakeCuda.Told();
        Assert.Equal(["launch", "launch", "node", "node"], told.Select(line => line.Split(' ')[0]));
        Assert.Equal(["Kernel_Fill", "gemm_tensorcores_nt"], told.Take(2).Select(line => line.Split(' ')[1]));
        Assert.Equal(told[1].Split(' ')[1..], told[3].Split(' ')[1..]);
    }

    [SkippableFact]
    public void A_failed_launch_is_an_error_and_not_a_wrong_result()
    {
        using var device = Open();
        var x = device.Allocate(10);
        Filled(device, x);
        FakeCuda.Fail("cuLaunchKernel", LaunchFailed);
        string message = Assert.Throws<GpuException>(() => Filled(device, x)).Message;
        Assert.StartsWith("cuda:0: launching Movement.Fill", message);
        Assert.Contains("unspecified launch failure", message);
        Assert.DoesNotContain('\n', message);
    }

    [SkippableTheory]
    [InlineData("cuGraphAddKernelNode")]
    [InlineData("cuGraphInstantiateWithFlags")]
    [InlineData("cuGraphLaunch")]
    [InlineData("cuStreamSynchronize")]
    public void A_failed_graph_is_an_error(string function)
    {
        using var device = Open();
        var x = device.Allocate(10);
        device.RunStep(() => Fill(2));
        FakeCuda.Fail(function, LaunchFailed);
        string message = Assert.Throws<GpuException>(() =>
        {
            device.RunStep(() => Fill(2));
            device.Synchronize();
        }).Message;
        Assert.StartsWith("cuda:0: ", message);
        Assert.DoesNotContain('\n', message);

        void Fill(int times)
        {
            for (int i = 0; i < times; i++)
                device.Fill(x, i, 10);
        }
    }

    [SkippableFact]
    public void A_failed_transfer_is_an_error()
    {
        using var device = Open();
        var x = device.Allocate(10);
        FakeCuda.Fail("cuMemcpyAsync", LaunchFailed);
        Assert.Contains("a transfer from the device failed", Assert.Throws<GpuException>(() => device.Read(x, new float[10])).Message);
        FakeCuda.Fail("cuMemcpyAsync", LaunchFailed);
        Assert.Contains("a transfer to the device failed", Assert.Throws<GpuException>(() => device.Write(new float[10], x)).Message);
    }

    [SkippableFact]
    public void Out_of_memory_frees_what_is_unused_and_tries_again_before_it_is_an_error()
    {
        using var device = Open();
        device.Recycle(device.Allocate(9_000_000));
        long before = FakeCuda.Bytes;
        FakeCuda.Fail("cuMemAlloc_v2", OutOfMemory);
        _ = device.Allocate(100);
        Assert.InRange(FakeCuda.Bytes, 0, before - 9_000_000 * sizeof(float));

        FakeCuda.Fail("cuMemAlloc_v2", OutOfMemory, times: 2);
        string message = Assert.Throws<GpuException>(() => device.Allocate(1 << 20)).Message;
        Assert.StartsWith("cuda:0 is out of memory: 4.0 MiB asked for, ", message);
        Assert.DoesNotContain('\n', message);
    }

    [SkippableFact]
    public void Kernels_that_do_not_load_are_an_error()
    {
        using var device = Open();
        FakeCuda.Fail("cuModuleLoadDataEx", status: 218);
        Assert.StartsWith("cuda:0: the kernel Movement.Fill does not compile: ",
            Assert.Throws<GpuException>(() => Filled(device, device.Allocate(1))).Message);
        Filled(device, device.Allocate(1)); // the next try works
    }

    [SkippableFact]
    public void A_driver_that_does_not_start_is_a_reason_and_not_an_error()
    {
        using var device = Open();
        FakeCuda.Fail("cuDeviceGetCount", status: 100);
        Assert.Contains("cuda: the NVIDIA driver finds no CUDA device", GpuDevices.List().Missing);
        FakeCuda.Fail("cuDeviceGetCount", status: 999);
        Assert.Contains(GpuDevices.List().Missing, line => line.StartsWith("cuda: the NVIDIA driver does not start: ",
            StringComparison.Ordinal));
        FakeCuda.Fail("cuDeviceGetName", status: 3);
        Assert.Contains(GpuDevices.List().Missing, line => line.StartsWith("cuda: the NVIDIA driver does not answer",
            StringComparison.Ordinal));
        FakeCuda.Fail("cuCtxCreate_v2", status: 999);
        Assert.StartsWith("cuda:0 does not start: ", Assert.Throws<GpuException>(() =>
            GpuDevices.Open("cuda", Tensor.DefaultBackend)).Message);
    }

    [SkippableFact]
    public void A_device_that_is_given_back_keeps_no_memory()
    {
        long before = FakeCuda.Missing is null ? FakeCuda.Bytes : 0;
        var device = Open();
        NativeNN.Backends.Storage kept = device.Allocate(100), idle = device.Allocate(1000);
        device.Recycle(idle);
        Assert.True(FakeCuda.Bytes > before);
        device.Dispose();
        Assert.Equal(before, FakeCuda.Bytes);
        GC.KeepAlive(kept);
    }

    [Fact]
    public void A_launch_waits_for_the_writers_of_what_it_reads_and_the_readers_of_what_it_writes()
    {
        KernelArgument Reads(int buffer) => new((ulong)buffer, 0, ArgumentKind.Reads);
        KernelArgument Writes(int buffer) => new((ulong)buffer, 0, ArgumentKind.Writes);
        var kernel = new GpuKernel("any", 1, Start: null);
        var record = new LaunchRecord();
        record.Add(kernel, new LaunchShape(1), [Writes(10), 1]);           // 0
        record.Add(kernel, new LaunchShape(1), [Reads(10), Writes(11)]);   // 1: after 0
        record.Add(kernel, new LaunchShape(1), [Reads(10), Writes(12)]);   // 2: after 0, beside 1
        record.Add(kernel, new LaunchShape(1), [Writes(10), 2f]);          // 3: after 0 wrote and 1, 2 read
        record.Add(kernel, new LaunchShape(1), [Reads(11), Writes(12)]);   // 4: after 1 and 2
        record.Add(kernel, new LaunchShape(1), [Writes(13), Writes(13)]);  // 5: after nothing
        Assert.Equal<int[]>([[], [0], [0], [0, 1, 2], [1, 2], []], [.. record.Dependencies().Select(list => list.ToArray())]);
    }

    private static void Filled(GpuBackend device, NativeNN.Backends.Storage x)
    {
        device.Fill(x, 1, count: 1);
        device.Synchronize();
    }

    private static GpuBackend Open()
    {
        _ = TestDevices.All;
        Skip.If(FakeCuda.Missing is not null, FakeCuda.Missing);
        return (GpuBackend)GpuDevices.Open("cuda", Tensor.DefaultBackend);
    }
}
