using NativeNN.Data;
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

    /// <summary>The lecture of that name, or of that document's number, 000 to 004. Throws BadInputException, which begins with the
    /// command.
    /// </summary>
    public static Lecture Named(string name, string command) => Lectures.FirstOrDefault(l => l.Recipe.Document == name || l.Name == name)
        ?? throw new BadInputException(
            $"{command} {name}: no such lecture; needs one of {string.Join(", ", Lectures.Select(l => l.Name))}");
}
