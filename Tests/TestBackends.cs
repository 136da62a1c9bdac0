using NativeNN.Backends;
using NativeNN.Backends.Reference;

namespace NativeNN.Tests;

/// <summary>The CPU backends every op is tested on, by name: xunit shows it in the test's title.</summary>
public static class TestBackends
{
    public static IReadOnlyDictionary<string, Backend> All { get; } =
        new Backend[] { ReferenceBackend.Instance, Tensor.DefaultBackend }.Distinct().ToDictionary(b => b.Name);
}
