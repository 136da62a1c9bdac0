using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Gpu;

/// <summary>The five lectures' own trainings on MNIST, on every device: losses and accuracies are the CPU's.</summary>
[Collection(DeviceTests.Name)]
public sealed class LectureTests
{
    private const int Steps = 50, ShortEpochs = 2, StepsOfShortEpoch = 500;

    private static readonly Dictionary<string, Recipe> Trainings = new()
    {
        ["000"] = LectureData.Recipe("000"),
        ["001 without dropout"] = WithoutDropout(LectureData.Recipe("001")),
        ["001"] = LectureData.Recipe("001"),
        ["002"] = LectureData.Recipe("002"),
        ["003"] = LectureData.Recipe("003"),
        ["004"] = LectureData.Recipe("004"),
        // The lecture's own weights are all zero; these learn.
        ["004 from default weights"] = LectureData.Recipe("004") with { Initialization = Initialization.Default },
    };

    private static readonly Dictionary<string, Lazy<IReadOnlyList<float>>> LossesOnCpu =
        Trainings.ToDictionary(training => training.Key, training => new Lazy<IReadOnlyList<float>>(() =>
            Losses(training.Value, LectureData.Cpu)));

    private static readonly Dictionary<string, Lazy<TraceEpoch>> ShortOnCpu =
        Trainings.ToDictionary(training => training.Key, training => new Lazy<TraceEpoch>(() =>
            AfterShortTraining(training.Value, LectureData.Cpu)));

    internal static IEnumerable<string> Titles => Trainings.Keys;

    public static TheoryData<string, string> DevicesAndTrainings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string kind in TestDevices.Kinds)
                foreach (string title in Titles)
                    data.Add(kind, title);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(DevicesAndTrainings))]
    public void The_first_50_losses_are_the_CPU_s(string kind, string title)
    {
        foreach (var device in TestDevices.Require(kind))
            CompareLosses(title, device);
    }

    [SkippableTheory]
    [MemberData(nameof(DevicesAndTrainings))]
    public void The_accuracies_of_a_short_training_are_the_CPU_s(string kind, string title)
    {
        foreach (var device in TestDevices.Require(kind))
            CompareAccuracies(title, device);
    }

    internal static void CompareLosses(string title, Backend device)
    {
        var (expected, actual) = (LossesOnCpu[title].Value, Losses(Trainings[title], device));
        Assert.Equal(Steps, expected.Count);
        Assert.Equal(Steps, actual.Count);
        for (int i = 0; i < Steps; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-4 * expected[i], $"step {i + 1}: {actual[i]}, the CPU has {expected[i]}");
    }

    internal static void CompareAccuracies(string title, Backend device)
    {
        var (expected, actual) = (ShortOnCpu[title].Value, AfterShortTraining(Trainings[title], device));
        Assert.Equal(expected.TrainAccuracy, actual.TrainAccuracy, tolerance: 0.005);
        Assert.Equal(expected.TestAccuracy!.Value, actual.TestAccuracy!.Value, tolerance: 0.005);
    }

    private static IReadOnlyList<float> Losses(Recipe recipe, Backend backend) =>
        ComparedTraining.Trace(Training(recipe, LectureData.Of(recipe.Data).To(backend)), epochs: 1, Steps).Losses;

    // Fewer images, and for 004, which has no test of its own, one.
    private static TraceEpoch AfterShortTraining(Recipe recipe, Backend backend)
    {
        var all = LectureData.Of(recipe.Data);
        var few = all with { Train = First(all.Train, StepsOfShortEpoch * recipe.BatchSize), Test = First(all.Test, 2_000) };
        return ComparedTraining.Trace(Training(recipe with { Evaluation = new(BatchSize: 500) }, few.To(backend)), ShortEpochs).Epochs[^1];
    }

    private static TensorDataset First(TensorDataset set, int count) => set.Select([.. Enumerable.Range(0, Math.Min(count, set.Count))]);

    // The device stream: the same dropout masks everywhere.
    private static TrainingLoop Training(Recipe recipe, TrainingData data) =>
        new(recipe, data, new Generator(42) { DropoutKernel = DropoutKernel.Philox });

    private static Recipe WithoutDropout(Recipe recipe) => recipe with { Network = recipe.Network with { Dropout = 0 } };
}
