using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Backends.Simd;
using NativeNN.Random;

namespace NativeNN.Tests.Backends;

/// <summary>What a backend says about itself, so that callers need not ask for its type.</summary>
public class BackendTests
{
    [Fact]
    public void SimdHasOneSingleThreadedTwinOfItsWidth()
    {
        SimdBackend three = new SimdBackend<Lanes128>(threads: 3);
        var single = Assert.IsType<SimdBackend<Lanes128>>(three.SingleThreaded);
        Assert.Equal((3, 1), (three.Threads, single.Threads));
        Assert.Same(single, three.SingleThreaded);
        Assert.Same(single, single.SingleThreaded);
    }

    [Fact]
    public void AThreadCountThatNoMachineHasIsRefused()
    {
        foreach (int threads in new[] { 0, -1, WorkerPool.MaxParts + 1, 2_000_000_000 })
            Assert.Throws<ArgumentOutOfRangeException>(() => SimdBackend.Create(threads));
        Assert.Equal(WorkerPool.MaxParts, SimdBackend.Create(WorkerPool.MaxParts).Threads);
    }

    [Fact]
    public void HostBackendsRunConcurrentlyAndDrawAsPyTorchDoes()
    {
        foreach (var backend in new Backend[] { ReferenceBackend.Instance, SimdBackend.Default })
            Assert.Equal((true, DropoutKernel.Default), (backend.RunsConcurrently, backend.DropoutKernel));
        Assert.Same(ReferenceBackend.Instance, ReferenceBackend.Instance.SingleThreaded);
        Assert.Equal(1, ReferenceBackend.Instance.Threads);
    }
}
