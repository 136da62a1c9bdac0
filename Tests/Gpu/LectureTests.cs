using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Lectures;
using NativeNN.Random;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Gpu;

/// <summary>The five lectures' own trainings on MNIST, on every device: losses and accuracies are the CPU's.</summary>
[Collection(DeviceTests.Name)]
public sealed class LectureTests
{
    private const int Steps = 50, ShortEpochs = 2, StepsOfShortEpoch = 500;

    private static readonly Dictionary<string, LectureComparison> Trainings = new()
    {
        ["000"] = LectureComparison.Of("000"),
        ["001 without dropout"] = LectureComparison.Of("001") with { Build = WithoutDropout },
        ["001"] = LectureComparison.Of("001"),
        ["002"] = LectureComparison.Of("002"),
        ["003"] = LectureComparison.Of("003"),
        ["004"] = LectureComparison.Of("004"),
        // The lecture's own weights are all zero; these learn.
        ["004 from default weights"] = LectureComparison.Of("004") with { Build = (generator, _) => WeightInit.Linear(generator) },
    };

    private static readonly Dictionary<string, Lazy<IReadOnlyList<float>>> LossesOnCpu =
        Trainings.ToDictionary(training => training.Key, training => new Lazy<IReadOnlyList<float>>(() => Losses(training.Value, LectureData.Cpu)));

    private static readonly Dictionary<string, Lazy<TraceEpoch>> ShortOnCpu =
        Trainings.ToDictionary(training => training.Key, training => new Lazy<TraceEpoch>(() => AfterShortTraining(training.Value, LectureData.Cpu)));

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

    private static IReadOnlyList<float> Losses(LectureComparison lecture, Backend backend)
    {
        var data = LectureData.Of(lecture.Recipe.Data);
        return Training(lecture, data with { Train = data.Train.To(backend) }, backend).Run(epochs: 1, Steps).Losses;
    }

    // Fewer images, and for 004, which has no test of its own, one.
    private static TraceEpoch AfterShortTraining(LectureComparison lecture, Backend backend)
    {
        var recipe = lecture.Recipe with { TestBatchSize = 500 };
        var (train, test) = LectureData.Of(recipe.Data);
        var data = new ComparedData(First(train, StepsOfShortEpoch * recipe.BatchSize).To(backend), First(test, 2_000).To(backend));
        return Training(lecture with { Recipe = recipe }, data, backend).Run(ShortEpochs).Epochs[^1];
    }

    private static TensorDataset First(TensorDataset set, int count) => set.Select([.. Enumerable.Range(0, Math.Min(count, set.Count))]);

    private static ComparedTraining Training(LectureComparison lecture, ComparedData data, Backend backend)
    {
        // The device stream: the same dropout masks everywhere.
        var generator = new Generator(42) { DropoutKernel = DropoutKernel.Philox };
        var net = lecture.Network(generator);
        net.To(backend);
        return new ComparedTraining(lecture.Recipe, data, net, generator);
    }

    private static WeightDistributions.MnistFfn WithoutDropout(Generator generator, double sigma)
    {
        _ = new WeightDistributions.MnistFfn(0, generator);
        return new WeightDistributions.MnistFfn(0, generator);
    }
}
