using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Lectures;

public sealed class WeightHistogramsDiagnosisTests : IDisposable
{
    private static readonly float[] Mixed = [0.1f, -0.1f, 0.1f, 0.1f]; // its two neurons are at right angles
    private readonly ClaimRun claims = new(new WeightHistograms());

    public void Dispose() => claims.Dispose();

    [Theory]
    [InlineData(0.01, 0.01, Verdict.Holds)]
    [InlineData(0.01, 0.9, Verdict.Partly)]
    [InlineData(0.9, 0.9, Verdict.DoesNotHold)]
    public void BiasesConvergeIfTheirStepsDo(double firstLayer, double secondLayer, Verdict verdict)
    {
        // Twenty epochs of steps that shrink from 1 to the given size
        BiasPath Path(double last) => new("bias",
            [.. Enumerable.Range(0, 21).Select(epoch => new[] { epoch < 10 ? epoch : 9 + (epoch - 9) * last })]);
        Diagnosis(End("sgd", [0.1f], [0.5])).JudgeBiases([Path(firstLayer), Path(secondLayer)]);
        Assert.Equal(verdict, claims.Last);
    }

    [Fact]
    public void ARecordingWithoutBiasesIsNotJudged()
    {
        var net = Snapshot.Of(ClaimRun.Net(Mixed, Mixed));
        var recording = ClaimRun.Recorded([0.5, 0.6]);
        BiasPath.AddTo(recording, net);
        Assert.Empty(BiasPath.Of(recording, net)); // begun before they were recorded
        BiasPath.AddTo(recording, net);
        Assert.Equal(["0.bias", "1.bias"], BiasPath.Of(recording, net).Select(path => path.Name));
        Diagnosis(End("sgd", [0.1f], [0.5])).JudgeBiases([]);
        Assert.Empty(claims.Run.Report.Claims);
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.7, 0.9 }, 0.9, Verdict.Holds)]   // as accurate, with other weights
    [InlineData(new[] { 0.5, 0.7, 0.9 }, 0.5, Verdict.Partly)]
    [InlineData(new[] { 0.9, 0.7, 0.5 }, 0.5, Verdict.DoesNotHold)]
    public void SpreadGoesWithAccuracyButDoesNotGiveIt(double[] accuracies, double other, Verdict verdict)
    {
        Diagnosis(End("sgd", [0.1f, 0.2f, 0.3f], accuracies, finalSize: 0.4f), End("adam", [0.1f], [other], finalSize: 0.1f))
            .JudgePerformance();
        Assert.Equal(verdict, claims.Last);
    }

    [Theory]
    [InlineData(0.1, 0.9, Verdict.Holds)]
    [InlineData(0.1, 0.2, Verdict.Partly)]
    [InlineData(0, 0.2, Verdict.DoesNotHold)]
    public void WiderWeightsSaturateMore(double silent, double sure, Verdict verdict)
    {
        Diagnosis(End("sgd", [0.1f], [0.9], finalSize: 0.1f, new(Silent: 0.05, Always: 0, Sure: 0.5, SureAndWrong: 0)),
            End("adam", [0.1f], [0.9], finalSize: 0.4f, new(silent, Always: 0, sure, SureAndWrong: 0))).JudgeSaturation();
        Assert.Equal(verdict, claims.Last);
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.6, 0.95 }, Verdict.Holds)]       // learned when the histogram has moved
    [InlineData(new[] { 0.9, 0.94, 0.95 }, Verdict.Partly)]     // before it has
    [InlineData(new[] { 0.95, 0.94, 0.9 }, Verdict.DoesNotHold)]
    [InlineData(new[] { 0.5, 0.6, 0.7 }, Verdict.TooShort)]     // never
    public void UnderTrainingShowsIfTheHistogramMovesWithTheAccuracy(double[] accuracies, Verdict verdict)
    {
        // Of ten weights none, then one, four and all ten go elsewhere.
        var recording = ClaimRun.Recorded(accuracies);
        foreach (int moved in new[] { 0, 1, 4 })
            recording.Add("weights", WeightHistograms.Counts([.. Enumerable.Range(0, 10).Select(i => i < moved ? 0.5f : 0.1f)]));
        var final = Snapshot.Of(ClaimRun.Net([0.5f, 0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f, 0.5f]));
        Diagnosis(new TrainingEnd("sgd", recording, final, default)).JudgeUnderTraining();
        Assert.Equal(verdict, claims.Last);
    }

    [Theory]
    [InlineData(false, 0, Verdict.Holds)]
    [InlineData(false, 0.1, Verdict.Partly)]
    [InlineData(true, 0, Verdict.DoesNotHold)]
    public void NeuronsDifferUnlessTheyStartAlike(bool alike, double gradientSpread, Verdict verdict)
    {
        var initial = Snapshot.Of(ClaimRun.Net(alike ? [1, 2, 1, 2] : Mixed, Mixed));
        new WeightHistogramsDiagnosis(claims.Run, initial, [End("sgd", [0.1f], [0.9])]).JudgeSymmetry(gradientSpread);
        Assert.Equal(verdict, claims.Last);
    }

    [Theory]
    [InlineData(0.2f, Verdict.Holds)]
    [InlineData(0.6f, Verdict.DoesNotHold)]
    public void WeightDecayConstrainsIfWeightsEndSmaller(float decayedSize, Verdict verdict)
    {
        Diagnosis(End("sgd", [0.1f], [0.9], finalSize: 0.4f), End("weight-decay", [0.1f], [0.9], decayedSize)).JudgeRegularization();
        Assert.Equal(verdict, claims.Last);
    }

    [Fact]
    public void GradientsFromOneValueAreAlike()
    {
        var recipe = new WeightHistograms().Recipe;
        recipe = recipe with { Data = recipe.Data with { Images = 100 } };
        var data = recipe.Data.Load(claims.Run.Images, seed: 42, claims.Run.Backend);
        Assert.Equal(0, NeuronLikeness.GradientSpreadFromOneValue(recipe, data, claims.Run.NewGenerator()));
        Assert.Equal(1, NeuronLikeness.Largest(new LayerMatrix("w", Rows: 3, Columns: 2, [1, 0, 0, 1, 0, 7])), 1e-12);
        Assert.Equal(-1, NeuronLikeness.Largest(new LayerMatrix("w", Rows: 2, Columns: 2, [1, 2, -1, -2])), 1e-12);
    }

    private WeightHistogramsDiagnosis Diagnosis(params TrainingEnd[] trainings) =>
        new(claims.Run, Snapshot.Of(ClaimRun.Net(Mixed, Mixed)), trainings);

    //  Weights of ±sizes[t] before epoch t + 1, and of ±finalSize in the end
    private static TrainingEnd End(string key, float[] sizes, double[] accuracies, float finalSize = 0.1f, Saturation saturation = default)
    {
        var recording = ClaimRun.Recorded(accuracies);
        foreach (float size in sizes)
            recording.Add("weights", WeightHistograms.Counts([size, -size]));
        float[] final = [finalSize, -finalSize, finalSize, finalSize];
        return new(key, recording, Snapshot.Of(ClaimRun.Net(final, final)), saturation);
    }
}
