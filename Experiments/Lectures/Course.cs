using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The five lectures, documents 000 to 004, in their order.</summary>
public static class Course
{
    public static IReadOnlyList<Lecture> Lectures { get; } =
    [
        new WeightHistograms(),
        new WeightDistributions(),
        new InitVariance(),
        new WeightChanges(),
        new WeightInit(),
    ];
}
