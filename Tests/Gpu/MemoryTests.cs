using System.Runtime.CompilerServices;
using NativeNN.Gpu;
using NativeNN.Gpu.Runtime;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Tests.Backends;

namespace NativeNN.Tests.Gpu;

[Collection(DeviceTests.Name)]
public sealed class MemoryTests
{
    public static TheoryData<string> Kinds => [.. TestDevices.Kinds];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_recycled_buffer_comes_back_the_oldest_first(string kind)
    {
        var device = TestDevices.Require(kind)[0];
        var buffers = Enumerable.Range(0, 3).Select(_ => (GpuStorage)device.Allocate(300_000)).OrderBy(buffer => buffer.Order).ToArray();
        foreach (int i in new[] { 1, 2, 0 })
            device.Recycle(buffers[i]);
        foreach (int i in new[] { 0, 1, 2 })
        {
            var again = (GpuStorage)device.Allocate(400_000);
            Assert.Equal(buffers[i].Handle, again.Handle);
            Assert.Equal(400_000, again.Length);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_forgotten_buffer_is_taken_back_after_a_collection(string kind)
    {
        var device = TestDevices.Require(kind)[0];
        nint handle = Forget(device, 5_000_000);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(handle, ((GpuStorage)device.Allocate(5_000_000)).Handle);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Parts_are_written_and_read_and_nothing_beyond_the_end(string kind)
    {
        var device = TestDevices.Require(kind)[0];
        var storage = device.Allocate(10);
        device.Fill(storage, 1, 10);
        device.Write([7, 8], storage, offset: 4);
        var part = new float[4];
        device.Read(storage, part, offset: 3);
        Assert.Equal([1, 7, 8, 1], part);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Write([1, 2], storage, offset: 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Read(storage, new float[11]));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Copy(storage, 0, storage, 5, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Fill(storage, 1, 11));
        Assert.Throws<ArgumentException>(() => device.Fill(Tensor.DefaultBackend.Allocate(10), 1, 10));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void A_buffer_no_device_has_room_for_is_one_clear_line(string kind)
    {
        var device = TestDevices.Require(kind)[0];
        Skip.If(kind == "cuda", "CudaCallTests has this");
        Skip.If(device.Device.Memory >= 4L * int.MaxValue, "this device has room for the largest buffer there can be");
        string message = Assert.Throws<GpuException>(() => device.Allocate(int.MaxValue)).Message;
        Assert.Contains("out of memory", message);
        Assert.DoesNotContain('\n', message);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Several_threads_may_use_one_device(string kind)
    {
        var device = TestDevices.Require(kind)[0];
        Parallel.For(0, 4, thread =>
        {
            var rig = new Rig(device);
            for (int round = 0; round < 20; round++)
            {
                var x = rig.Put(KernelCases.Normal(1000, seed: thread));
                var y = device.Allocate(1000);
                device.Scale(x, new NativeNN.Backends.Strides(Row: 0, Column: 1), factor: 2, y, rows: 1, columns: 1000);
                Assert.Equal(KernelCases.Normal(1000, seed: thread).Select(value => 2 * value), rig.Get(y, 1000));
                device.Recycle(x);
                device.Recycle(y);
            }
        });
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void The_buffers_of_a_thousand_trainings_come_back(string kind)
    {
        var device = TestDevices.Require(kind)[0];
        Trainings(device, count: 100);
        long before = device.BytesAllocated;
        Trainings(device, count: 1000);
        Assert.True(device.BytesAllocated <= 1.2 * before, $"{before} bytes after 100 trainings, {device.BytesAllocated} after 1000 more");
    }

    // Each with a network, an optimiser and images of its own, none of which anybody disposes of.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Trainings(GpuBackend device, int count)
    {
        for (int training = 0; training < count; training++)
        {
            var generator = new Generator(training);
            var net = new Sequential(new Linear(300, 20, generator), new Relu(), new Linear(20, 5, generator)).To(device);
            var optimizer = new Adam(net.Parameters());
            for (int step = 0; step < 2; step++)
            {
                optimizer.ZeroGrad();
                net.Forward(Tensor.Randn((8, 300), generator, device)).CrossEntropy(Labels.From([0, 1, 2, 3, 4, 0, 1, 2], device))
                    .Backward();
                optimizer.Step();
            }
            if (training % 50 == 49)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Forget(GpuBackend device, int length) => ((GpuStorage)device.Allocate(length)).Handle;
}
