using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using PointResult = NativeNN.Experiments.Lectures.InitVariance.PointResult;

namespace NativeNN.Tests.Lectures;

public sealed class InitVarianceClaimsTests : IDisposable
{
    private readonly ClaimRun claims = new(new InitVariance());

    public void Dispose() => claims.Dispose();

    [Theory]
    [InlineData(0.5, 0.1, 0.8, Verdict.Holds)]   // silent units
    [InlineData(0, 0.1, 0.5, Verdict.Holds)]     // accuracy falls by 30 points
    [InlineData(0, 0.9, 0.8, Verdict.Partly)]    // sure answers alone
    [InlineData(0, 0.1, 0.8, Verdict.DoesNotHold)]
    public void LargeWeightsSaturateUnitsOrTheTrainingIsUnstable(double silent, double sure, double lastAccuracy, Verdict verdict)
    {
        Judge(Point(10, [0.7, 0.8, lastAccuracy], new(silent, Always: 0, sure, SureAndWrong: 0)), highGradients: [1, 9]);
        Assert.Equal(verdict, claims.On("With large σ, final weights possibly saturate"));
    }

    [Theory]
    [InlineData(0.8, 9, Verdict.Holds)]
    [InlineData(0.8, 1, Verdict.Partly)]        // gradients of σ = 10 are as even
    [InlineData(0.99, 9, Verdict.DoesNotHold)]  // σ = 10 is the best
    public void ModerateWeightsHaveEvenGradients(double highAccuracy, double highGradient, Verdict verdict)
    {
        Judge(Point(10, [0.7, highAccuracy, highAccuracy], default(Saturation)), [1, highGradient]);
        Assert.Equal(verdict, claims.On("A moderate σ fosters stable gradient flows"));
    }

    [Fact]
    public void ARecordingOfEarlierVersionsIsNotJudgedForSaturation()
    {
        Judge(Point(10, [0.7, 0.8, 0.8], saturation: null), [1, 9]);
        Assert.DoesNotContain(claims.Run.Report.Claims, c => c.Said.Contains("saturate", StringComparison.Ordinal));
    }

    //  σ = 1e-4, 0.03 and 10; the middle one is the best unless the last is
    private void Judge(PointResult high, double[] highGradients)
    {
        PointResult low = Point(1e-4, [0.6, 0.7, 0.7], default(Saturation)), middle = Point(0.03, [0.8, 0.9, 0.9], default(Saturation));
        var scales = new Dictionary<string, StartScales>
        {
            [low.Point.Key] = new(1e-4, [1, 1], [1, 100]),
            [middle.Point.Key] = new(0.03, [1, 1], [1, 2]),
            [high.Point.Key] = new(10, [1, 1], highGradients),
        };
        new InitVarianceClaims(claims.Run, [low, middle, high], [], scales, classes: 10).Judge();
    }

    private static PointResult Point(double sigma, double[] accuracies, Saturation? saturation)
    {
        var recording = ClaimRun.Recorded(accuracies);
        new FirstLoss(1).AddTo(recording);
        new Spread(sigma, 0.1).AddTo(recording);
        saturation?.AddTo(recording);
        return new(InitPoint.Of(sigma), recording);
    }
}
