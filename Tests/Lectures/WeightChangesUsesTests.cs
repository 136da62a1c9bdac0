using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Tests.Lectures;

public sealed class WeightChangesUsesTests : IDisposable
{
    private static readonly Pruning Pruned = new(Whole: 0.9, [0.9, 0.9, 0.5, 0.4, 0.3, 0.2], [0.4, 0.2, 0.1, 0.1, 0.1, 0.1],
        ByLayer: [0.9, 0.8, 0.8, 0.8]);
    private readonly ClaimRun claims = new(new WeightChanges());

    public void Dispose() => claims.Dispose();

    [Theory]
    [InlineData(0.9, 0.01, Verdict.Holds)]       // stands still, and so do the weights
    [InlineData(0.99, 0.9, Verdict.Holds)]       // neither does
    [InlineData(0.9, 0.3, Verdict.Partly)]
    [InlineData(0.9, 0.9, Verdict.DoesNotHold)]
    public void StallingShowsInTheDistances(double lastAccuracy, double lastDistance, Verdict verdict)
    {
        Judge(accuracies: [0.5, 0.9, lastAccuracy], distances: [1, 0.9, lastDistance]);
        Assert.Equal(verdict, claims.On("Weight dynamics can help diagnose if learning is stalling"));
    }

    [Theory]
    [InlineData(0.01, 5, Verdict.Holds)]   // one of four directions, in the layer with the highest κ
    [InlineData(0.01, 1, Verdict.Partly)]  // in another
    [InlineData(1, 5, Verdict.DoesNotHold)]
    public void UnusedDirectionsAreFewAndToldByTheCondition(double others, double condition, Verdict verdict)
    {
        Judge(added: new Spectrum("fc2", [1, others, others, others]), condition: condition);
        Assert.Equal(verdict, claims.On("Weight dynamics can help diagnose if layers are underutilising"));
    }

    [Theory]
    [InlineData(5_000, 0.5, Verdict.Holds)]
    [InlineData(5_000, 0.9, Verdict.Partly)]
    [InlineData(5, 0.9, Verdict.DoesNotHold)]
    public void RegularisationIsForLargeConditionsAndInstability(double condition, double lastAccuracy, Verdict verdict)
    {
        Judge(accuracies: [0.5, 0.9, lastAccuracy], condition: condition);
        Assert.Equal(verdict, claims.On("Condition numbers can get extremely large"));
    }

    [Theory]
    [InlineData(0.9, 0.9, Verdict.Holds)]
    [InlineData(0.9, 0.1, Verdict.Partly)]       // the sparsest layer loses most
    [InlineData(0.7, 0.9, Verdict.Partly)]       // less than random pruning takes
    [InlineData(0.3, 0.9, Verdict.DoesNotHold)]
    public void SmallWeightsCanGoAndSparsityTellsWhere(double withoutHalf, double withoutSparsest, Verdict verdict)
    {
        Judge(pruning: Pruned with { Smallest = [0.9, withoutHalf, 0, 0, 0, 0], ByLayer = [withoutSparsest, 0.8, 0.8, 0.8] });
        Assert.Equal(verdict, claims.On("These insights can be combined with pruning"));
    }

    [Fact]
    public void PruningTakesTheSmallestAndLeavesTheNetworkAsItWas()
    {
        float[] weights = [1, -0.01f, 0.02f, 1];
        var net = ClaimRun.Net(weights, weights);
        var images = new TensorDataset(Tensor.From([1, 0, 0, 1], (2, 2)), Labels.From([0, 1]));
        var pruning = Pruning.Measure(net, Snapshot.Of(net), images, new Generator(1));
        Assert.Equal((1, 1), (pruning.Whole, pruning.Smallest[1])); // half of them do nothing
        Assert.Equal(0.5, pruning.Smallest[^1]);                    // without any weight it always says 0
        Assert.Equal(weights, Snapshot.Of(net).ByName[0].Values);
        Assert.Equal([1, 2], Pruning.SmallestOf(weights, 0.5));
    }

    [Fact]
    public void DirectionsAddUpToTheWholeNorm()
    {
        var spectrum = new Spectrum("fc1", [3, 1, 0]);
        Assert.Equal([0.9, 1, 1], spectrum.Cumulative);
        Assert.Equal((1, 2), (spectrum.DirectionsFor(0.9), spectrum.DirectionsFor(0.95)));
        Assert.Equal(0, new Spectrum("fc1", []).DirectionsFor(0.9));
        var (before, after) = (ClaimRun.Net([1, 2, 3, 4]), ClaimRun.Net([4, 2, 3, 8])); // the change is diagonal
        Assert.Equal([4, 3], Spectrum.OfChange(Snapshot.Of(before), Snapshot.Of(after))[0].Values.Select(v => Math.Round(v, 6)));
    }

    // Four layers of which the first is the sparsest and the second is the one that a case is about
    private void Judge(double[]? accuracies = null, double[]? distances = null, Spectrum? added = null, double condition = 5,
        Pruning? pruning = null)
    {
        var recording = ClaimRun.Recorded(accuracies ?? [0.5, 0.9, 0.9]);
        foreach (double distance in distances ?? [1, 0.5, 0.01])
            new EpochMeasure([.. new[] { 2, condition, 2, 2 }.Select(k => new LayerMeasure(distance, 1, 0, 0, k))], [0, 0, 0, 0], 0)
                .AddTo(recording);
        float[] sparse = [1, 0, 0, 0], dense = [1, 1, 1, 1];
        Spectrum[] spectra = [new("fc1", [1, 1]), added ?? new("fc2", [1, 1]), new("fc3", [1, 1]), new("out", [1, 1])];
        new WeightChangesUses(claims.Run, recording, Snapshot.Of(ClaimRun.Net(sparse, dense, dense, dense)), spectra, default,
            pruning ?? Pruned).Judge(stepsOfDecay: 1);
    }
}
