using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Tests.Lectures;

public sealed class WeightInitRangeClaimsTests : IDisposable
{
    private readonly ClaimRun claims = new(new WeightInit());

    public void Dispose() => claims.Dispose();

    [Theory]
    [InlineData(0.9, 1.1, Verdict.Holds)]
    [InlineData(0.9, 0.1, Verdict.Partly)]
    [InlineData(0.1, 9, Verdict.DoesNotHold)]
    public void KaimingIsForReluIfItKeepsSizes(double forward, double backward, Verdict verdict)
    {
        SumScale[] Layers(double sums, double gradients) => [new(1, gradients), new(sums, 1), new(1, 1)];
        new WeightInitRangeClaims(claims.Run).JudgeKaiming(["Kaiming normal", "standard normal", "Xavier normal"],
            [Layers(forward, backward), Layers(4, 4), Layers(0.6, 0.6)]);
        Assert.Equal(verdict, claims.Last);
    }

    [Theory]
    [InlineData(6, 1e-30f, Verdict.Holds)]       // products of three such weights are below what float32 holds
    [InlineData(6, 1e-8f, Verdict.Partly)]
    [InlineData(null, 1e-8f, Verdict.DoesNotHold)]
    public void OverflowDivergesAndUnderflowLosesGradients(int? divergedAt, float size, Verdict verdict)
    {
        var net = ClaimRun.Net([.. Enumerable.Repeat(new[] { size, 3 * size, 2 * size, size }, 3)]);
        var snapshot = Snapshot.Of(net);
        var recording = new Recording { DivergedAtStep = divergedAt };
        var trained = new WeightInit.Trained("", snapshot, snapshot, recording, [], []);
        new WeightInitRangeClaims(claims.Run)
            .JudgePrecision(trained, trained, WeightInitGradients.Of(net, Tensor.Ones((1, 2)), target: 1, LossFunction.CrossEntropy));
        Assert.Equal(verdict, claims.Last);
        Assert.Contains("100.0% of the weights", claims.Run.Report.Claims[^1].Measured);
    }
}
