using System.Collections.Concurrent;
using NativeNN.Backends.Simd;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Compare;

/// <summary>The lectures' recipes by document number, and their images, each set loaded once for all tests.</summary>
internal static class LectureData
{
    private const long Seed = 42;
    private static readonly ConcurrentDictionary<(DataSettings, int), Lazy<TrainingData>> Sets = new();

    /// <summary>One thread, as tests run side by side; the results are the same bits for any number.</summary>
    public static SimdBackend Cpu { get; } = SimdBackend.Create(threads: 1);

    public static Recipe Recipe(string document) => Course.Lectures.Single(l => l.Recipe.Document == document).Recipe;

    /// <summary>On Cpu; from image number first of the training part on.</summary>
    public static TrainingData Of(DataSettings settings, int first = 0) => Sets.GetOrAdd((settings, first), key => new(() =>
    {
        var images = Mnist.LoadTrain();
        return key.Item1.Divide(images.Select([.. Enumerable.Range(key.Item2, images.Count - key.Item2)]), () => Mnist.LoadTest(), Seed,
            Cpu);
    })).Value;
}
