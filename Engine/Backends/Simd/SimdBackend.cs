using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NativeNN.Backends.Simd;

/// <summary>
/// The fast CPU backend: every kernel vectorised, for AVX-512, AVX2, 128-bit vectors or none, whichever the CPU has. Results are the same
/// bits for any number of threads: work is split over output cells, never over the terms of a sum. And for any width of vectors: every
/// sum has one order, and products are added with one rounding, where the CPU can.
/// </summary>
public abstract class SimdBackend : HostBackend
{
    private protected SimdBackend(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, WorkerPool.MaxParts);
        Threads = threads;
    }

    /// <summary>The backend that the CPU runs best, on all its cores.</summary>
    public static SimdBackend Default { get; } = Create(Environment.ProcessorCount);

    /// <inheritdoc/>
    public override int Threads { get; }

    /// <summary>Floats per vector register: 16, 8, 4, or 1 without vector instructions.</summary>
    public abstract int LaneCount { get; }

    /// <summary>
    /// Whether a·b + c is rounded once: by x86's FMA and on every ARM64, and by the C library where there are no vectors. If not, results
    /// are another CPU's but for the last digits.
    /// </summary>
    public static bool FusesMultiplyAdd { get; } = Fma.IsSupported || AdvSimd.IsSupported || !Vector128.IsHardwareAccelerated;

    /// <inheritdoc/>
    public override string Name => FusesMultiplyAdd ? "cpu" : "cpu without FMA";

    /// <summary>A backend for this CPU's widest vectors, on 1 to 65,535 threads. More than there are processors gain nothing.</summary>
    public static SimdBackend Create(int threads)
    {
        if (Vector512.IsHardwareAccelerated)
            return new SimdBackend<Lanes512>(threads);
        if (Vector256.IsHardwareAccelerated)
            return new SimdBackend<Lanes256>(threads);
        return Vector128.IsHardwareAccelerated ? new SimdBackend<Lanes128>(threads) : new SimdBackend<Lanes1>(threads);
    }
}

/// <summary>The kernels for one register width; one file per family.</summary>
internal sealed unsafe partial class SimdBackend<T>(int threads) : SimdBackend(threads)
    where T : struct, ILanes<T>
{
    private static readonly SimdBackend<T> OneThread = new(threads: 1);

    public override int LaneCount => T.Count;

    public override Backend SingleThreaded => Threads == 1 ? this : OneThread;

    // All cells in one part, or as many parts as there are threads where that pays.
    private void Share(int count, int cellsWorthSharing, delegate*<void*, int, void> body, void* state, out int parts)
    {
        parts = count < cellsWorthSharing ? 1 : Threads;
        if (parts == 1)
            body(state, 0);
        else
            WorkerPool.Shared.Run(parts, body, state);
    }

    // A kernel holds pointers only: without this after its last access, the collector might free a buffer that nobody needs afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepAlive(Storage a, Storage b, Storage? c = null, Storage? d = null, Storage? e = null)
    {
    }

    private static float* Cells(Storage storage) => ((HostStorage)storage).Pointer;

    private static float* CellsOrNull(Storage? storage) => storage is null ? null : ((HostStorage)storage).Pointer;

    private static int* IntCells(Storage storage) => ((HostStorage)storage).Ints;
}
