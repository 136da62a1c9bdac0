using System.Runtime.Intrinsics;
using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests;

/// <summary>The CPU backends every op is tested on, by name: xunit shows it in the test's title.</summary>
public static class TestBackends
{
    /// <summary>Why a test of bits is skipped where SimdBackend.FusesMultiplyAdd is false.</summary>
    public const string NoFma = "This CPU has no FMA: products are rounded before they are added.";

    public static IReadOnlyDictionary<string, Backend> All { get; } =
        new Backend[] { ReferenceBackend.Instance, Tensor.DefaultBackend }.Distinct().ToDictionary(b => b.Name);

    /// <summary>The fast backend on one thread, at every width of vectors that this CPU has, and on single floats.</summary>
    public static IReadOnlyList<SimdBackend> Widths { get; } =
    [
        new SimdBackend<Lanes1>(threads: 1),
        new SimdBackend<Lanes128>(threads: 1),
        .. Vector256.IsHardwareAccelerated ? [new SimdBackend<Lanes256>(threads: 1)] : Array.Empty<SimdBackend>(),
        .. Vector512.IsHardwareAccelerated ? [new SimdBackend<Lanes512>(threads: 1)] : Array.Empty<SimdBackend>(),
    ];

    /// <summary>The reference loops, and the fast backend at every width.</summary>
    public static IReadOnlyDictionary<string, Backend> ReferenceAndWidths { get; } =
        Widths.ToDictionary(backend => $"{backend.LaneCount} lanes", Backend (backend) => backend)
            .Prepend(new("reference", ReferenceBackend.Instance)).ToDictionary();
}
