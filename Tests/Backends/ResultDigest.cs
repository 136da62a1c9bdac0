using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends;

/// <summary>Results as one short word, so that processes on other vectors can compare theirs bit for bit; every NaN is one.</summary>
internal static class ResultDigest
{
    /// <summary>Every kernel case that adds and does not multiply first: the same with FMA or without.</summary>
    public static string OfSums() => Of(KernelResults("Sum "));

    /// <summary>Every kernel case, and every op with its gradients.</summary>
    public static string OfEverything() =>
        Of(KernelResults("").Concat(OpCase.All.SelectMany(one => one.ValueAndGradients(SimdBackend.Default))));

    // FNV-1a, 64 bits wide.
    public static string Of(IEnumerable<float[]> results)
    {
        ulong hash = 14695981039346656037;
        foreach (float value in results.SelectMany(values => values))
            hash = (hash ^ BitConverter.SingleToUInt32Bits(float.IsNaN(value) ? float.NaN : value)) * 1099511628211;
        return $"{hash:x16}";
    }

    private static IEnumerable<float[]> KernelResults(string prefix) => KernelCases.All
        .Where(one => one.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(one => one.Outputs(new(SimdBackend.Default)));
}
