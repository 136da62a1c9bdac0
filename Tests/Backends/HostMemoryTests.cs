using System.Runtime.CompilerServices;
using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Backends.Simd;
using NativeNN.Gpu;

namespace NativeNN.Tests.Backends;

/// <summary>What of a backend's memory is public refuses cells that are not there; and memory that nobody needs comes back.</summary>
public class HostMemoryTests
{
    public static TheoryData<string> BackendNames => [.. TestBackends.All.Keys];

    [Theory]
    [MemberData(nameof(BackendNames))]
    public void CellsBeyondTheEndAreRefused(string name)
    {
        var backend = TestBackends.All[name];
        Storage x = backend.Allocate(10), y = backend.Allocate(10);
        backend.Fill(x, 1, 10);
        backend.Fill(y, 2, 10);
        Action[] beyond =
        [
            () => backend.Write([1, 2], x, offset: 9), () => backend.Write([1], x, offset: -1), () => backend.Read(x, new float[11]),
            () => backend.Read(x, new float[1], offset: int.MaxValue), () => backend.WriteInts([1, 2], x, offset: 9),
            () => backend.ReadInts(x, new int[11]), () => backend.Fill(x, 3, 11), () => backend.Fill(x, 3, -1),
            () => backend.Copy(x, 0, y, 5, 6), () => backend.Copy(x, 5, y, 0, 6), () => backend.Copy(x, -1, y, 0, 1),
            () => backend.Copy(x, 0, y, 0, int.MaxValue), () => backend.Allocate(-1), () => backend.Allocate(int.MaxValue),
        ];
        Assert.All(beyond, call => Assert.Throws<ArgumentOutOfRangeException>(call));
        Assert.Equal(Enumerable.Repeat(1f, 10), new Rig(backend).Get(x, 10));
        Assert.Equal(Enumerable.Repeat(2f, 10), new Rig(backend).Get(y, 10));
        Assert.Contains("cells 9 to 11 of a storage of 10", Record.Exception(beyond[0])!.Message);
        backend.Write([], x, offset: 10); // nothing at the end is there
    }

    // Kernels trust their arguments, so nobody outside can call them.
    [Fact]
    public void OfWhatTakesAStorageOnlyMemoryIsPublic()
    {
        Type[] backends = [typeof(Backend), typeof(HostBackend), typeof(SimdBackend), typeof(ReferenceBackend), typeof(GpuBackend)];
        var found = backends.SelectMany(t => t.GetMethods()).Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(Storage)));
        Assert.Equal(["Copy", "Fill", "Read", "ReadInts", "Write", "WriteInts"], found.Select(m => m.Name).Distinct().Order());
    }

    [Fact]
    public void ABackendThatNobodyUsesGoesWithItsBuffers()
    {
        var backends = Enumerable.Range(0, 20).Select(_ => UseOne()).ToList();
        Tensor.Ones(3).Sum().Item(); // the backend used last is remembered
        for (int i = 0; i < 10 && backends.Exists(b => b.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.DoesNotContain(backends, b => b.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseOne()
    {
        var backend = SimdBackend.Create(threads: 1);
        var x = Tensor.Ones((3, 5), backend).WithGrad();
        x.MatMul(x, transposeB: true).Sum().Backward();
        x.Square().Sum().Backward(); // gives the first graph's values back
        x.Grad = null;
        Tensor.Ones(1).WithGrad().Square().Backward(); // and the second's
        return new WeakReference(backend);
    }
}
