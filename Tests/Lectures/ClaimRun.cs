using NativeNN.Backends.Simd;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Lectures;

/// <summary>A run of a lecture that trains nothing: claims are made in it from recordings and networks that a test makes up.</summary>
internal sealed class ClaimRun : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Interruption interruption = new();

    public ClaimRun(Lecture lecture) => Run = new LectureRun(lecture, new RunOptions { Out = folder.Path, Formats = [] },
        SimdBackend.Default, new LectureConsole(), interruption);

    public LectureRun Run { get; }

    public Verdict Last => Run.Report.Claims[^1].Verdict;

    /// <summary>The verdict on the one claim that begins so.</summary>
    public Verdict On(string said) => Run.Report.Claims.Single(c => c.Said.StartsWith(said, StringComparison.Ordinal)).Verdict;

    public void Dispose()
    {
        Run.Dispose();
        interruption.Dispose();
        folder.Dispose();
    }

    /// <summary>Layers of those weights, 2×2 each, without anything between them.</summary>
    public static Sequential Net(params float[][] layers) => new([.. layers.Select(weights =>
    {
        var layer = new Linear(2, 2, new Generator(1));
        layer.Weight.Set(weights);
        layer.Bias!.Set([0, 0]);
        return layer;
    })]);

    /// <summary>Epochs of those accuracies.</summary>
    public static Recording Recorded(double[] test, double[]? train = null) => new()
    {
        Epochs = [.. test.Select((accuracy, i) => new EpochRecord(i + 1, 1, (train ?? test)[i], accuracy, 1))],
    };
}
