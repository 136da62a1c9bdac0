using System.Collections.Concurrent;
using NativeNN.Backends.Simd;
using NativeNN.Experiments.Compare;

namespace NativeNN.Tests.Compare;

/// <summary>The lectures' images, each set loaded once for all tests.</summary>
internal static class LectureData
{
    private static readonly ConcurrentDictionary<(DataPart, int, uint), Lazy<ComparedData>> Sets = new();

    /// <summary>One thread, as tests run side by side; the results are the same bits for any number.</summary>
    public static SimdBackend Cpu { get; } = SimdBackend.Create(threads: 1);

    /// <summary>On Cpu; first and splitSeed matter to DataPart.Small only.</summary>
    public static ComparedData Of(DataPart part, int first = 0, uint splitSeed = 42) =>
        Sets.GetOrAdd((part, first, splitSeed), key => new(() => ComparedData.Load(key.Item1, folder: null, key.Item2, key.Item3, Cpu))).Value;
}
