using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests;

/// <summary>The CPU backends every op is tested on, by name: xunit shows it in the test's title.</summary>
public static class TestBackends
{
    public static IReadOnlyDictionary<string, Backend> All { get; } =
        new Backend[] { ReferenceBackend.Instance, Tensor.DefaultBackend }.Distinct().ToDictionary(b => b.Name);

    /// <summary>
    /// The reference loops, and the fast backend at every width that rounds as they do: a single float (Lanes1) is multiplied without FMA.
    /// </summary>
    public static IReadOnlyDictionary<string, Backend> Widths { get; } = new Dictionary<string, Backend>
    {
        ["reference"] = ReferenceBackend.Instance,
        ["the widest vectors"] = Tensor.DefaultBackend,
        ["8 lanes"] = new SimdBackend<Lanes256>(threads: 1),
        ["4 lanes"] = new SimdBackend<Lanes128>(threads: 1),
    };
}
