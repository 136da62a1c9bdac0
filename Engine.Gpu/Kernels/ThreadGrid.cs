using ILGPU;
using ILGPU.IR.Intrinsics;

namespace NativeNN.Gpu.Kernels;

/// <summary>Where a thread stands: groups of 256 threads in one direction, a grid of groups in one or two.</summary>
internal static class ThreadGrid
{
    /// <summary>Threads of a group: every kernel is written for this number (GemmCpu alone runs groups of one).</summary>
    public const int PerGroup = 256;

    /// <summary>The first cell of a grid-stride loop: for (int i = ThreadGrid.First; i &lt; count; i += ThreadGrid.All).</summary>
    public static int First => Grid.IdxX * PerGroup + Group.IdxX;

    /// <summary>Threads of all groups: the stride.</summary>
    public static int All => Grid.DimX * PerGroup;

    /// <summary>
    /// Waits until every thread of the group is here and sees what the others wrote, to shared memory too. On devices: Translations.cs.
    /// </summary>
    [IntrinsicImplementation]
    public static void Barrier() => Group.Barrier();

    /// <summary>a·b + c, rounded once. On devices: Translations.cs.</summary>
    [IntrinsicImplementation]
    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>y[i] = value, or += for a kernel that accumulates.</summary>
    public static void Put(ArrayView<float> y, int i, float value, int accumulate) => y[i] = accumulate != 0 ? y[i] + value : value;
}
