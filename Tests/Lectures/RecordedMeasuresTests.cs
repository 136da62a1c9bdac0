using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Lectures;

/// <summary>What lectures record comes back as it was, under the names and in the order that checkpoints made earlier have.</summary>
public sealed class RecordedMeasuresTests
{
    private readonly Recording recording = new();

    [Fact]
    public void SymmetryHasThreeNumbersALayer()
    {
        var symmetry = new Symmetry([new(1, 2, 3), new(4, 5, 6), new(7, 8, double.NaN)]);
        symmetry.AddTo(recording);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, double.NaN], recording.Of("symmetry")[0]);
        Assert.Equal(symmetry.Layers, Symmetry.Of(Saved())[0].Layers);
    }

    [Fact]
    public void AnEpochsMeasuresHaveASeriesEachAndANumberALayer()
    {
        var first = new EpochMeasure([new(1, 2, 3, 4, 5), new(6, 7, 8, 9, 10)], Between: [0, 0], ConditionSeconds: 0.5);
        var second = new EpochMeasure([new(11, 12, 13, 14, 15), new(16, 17, 18, 19, double.NaN)], Between: [20, 21],
            ConditionSeconds: 0.25);
        first.AddTo(recording);
        second.AddTo(recording);
        Assert.Equal(["between", "distance", "norm", "near-zero", "sparsity", "condition", "condition-seconds"], recording.Series.Keys);
        Assert.Equal([11, 16], recording.Of("distance")[1]);
        Assert.Equal([15, double.NaN], recording.Of("condition")[1]);
        var back = EpochMeasure.Of(Saved());
        Assert.Equal(first.Layers, back[0].Layers);
        Assert.Equal(second.Layers, back[1].Layers);
        Assert.Equal(second.Between, back[1].Between);
        Assert.Equal(second.ConditionSeconds, back[1].ConditionSeconds);
        Assert.Equal(13.5, back[1].MeanDistance);
    }

    [Fact]
    public void ASweepKeepsSpreadAndHistograms()
    {
        float[] parameters = [-0.005f, 0.005f, 0.25f, 1f];
        Spread.Of(parameters).AddTo(recording);
        LearnedHistogram.Of(parameters).AddTo(recording);
        CloseHistogram.Of(parameters).AddTo(recording);
        Assert.Equal(0.5, recording.Of("spread")[0][1]); // two of four lie within ±0.01
        Assert.Equal(82, recording.Of("histogram")[0].Length); // least, greatest, 80 counts
        Assert.Equal(3, recording.Of("close")[0].Sum()); // 1 lies outside ±0.5
        Assert.Equal(Spread.Of(parameters), Spread.Of(Saved()));
        Assert.Equal((-0.005f, 1.0), (LearnedHistogram.Of(Saved()).Low, LearnedHistogram.Of(Saved()).High));
        Assert.Equal(4, LearnedHistogram.Of(Saved()).Counts.Sum());
        Assert.Equal(LearnedHistogram.Of(Saved()).Counts.Length, LearnedHistogram.Of(Saved()).Centers.Length);
    }

    [Fact]
    public void WeightsThatAreNotFiniteLeaveEmptyHistograms()
    {
        float[] parameters = [1, float.NaN];
        Spread.Of(parameters).AddTo(recording);
        LearnedHistogram.Of(parameters).AddTo(recording);
        CloseHistogram.Of(parameters).AddTo(recording);
        Assert.Empty(recording.Of("histogram")[0]);
        Assert.Empty(recording.Of("close")[0]);
        Assert.True(double.IsNaN(Spread.Of(Saved()).Std));
        Assert.True(LearnedHistogram.Of(Saved()).IsEmpty && CloseHistogram.Of(Saved()).IsEmpty);
    }

    [Fact]
    public void LossesAreKeptOfTheFirstEpochsStepsAndOverAll()
    {
        float[] losses = [.. Enumerable.Range(1, 250).Select(i => (float)i)];
        FirstLosses.AddTo(recording, epoch: 1, losses, steps: 20);
        FirstLosses.AddTo(recording, epoch: 2, losses, steps: 20);
        LossCurve.AddTo(recording, losses);
        LossCurve.AddTo(recording, losses);
        var first = FirstLosses.Of(Saved());
        Assert.Equal((1, 20, 20), (first.Start, first.Highest, first.Steps));
        Assert.Single(recording.Of("first-losses"));
        Assert.Equal([50.5, 150.5, 225.5, 50.5, 150.5, 225.5], LossCurve.Of(Saved()).Losses);
        Assert.Equal([100, 200, 300, 400, 500, 600], LossCurve.Of(Saved()).Steps);
    }

    [Fact]
    public void TheFavouriteDigitIsTheFirstOfTheMostFrequent()
    {
        var counts = new double[] { 1, 3, 3, 1 };
        new PredictedDigits(counts).AddTo(recording);
        counts[0] = 9; // the counting goes on
        var digits = PredictedDigits.Of(Saved());
        Assert.Equal(1, digits.Favourite);
        Assert.Equal([0.125, 0.375, 0.375, 0.125], digits.Shares);
    }

    //  As a checkpoint holds it
    private Recording Saved() => Recording.FromJson(recording.ToJson());
}
