using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Lectures;

public sealed class TestAnswersTests
{
    // Two pixels, two classes: the net's logits are the pixels, scaled.
    private static readonly ImageSet Images = new("two", [255, 0, 0, 255, 200, 0, 10, 0], [0, 1, 1, 0], rows: 1, columns: 2);

    [Fact]
    public void AnswersAreCountedAndTheWorstComesFirst()
    {
        var answers = TestAnswers.Of(Net(), Data());
        Assert.Equal(new[,] { { 2, 0 }, { 1, 1 } }, answers.Confusion);
        Assert.Equal([2, 3], answers.Worst.Take(2)); // the wrong one, then the least sure
        Assert.Equal(4, answers.Worst.Count);
    }

    [Fact]
    public void BothFiguresAreInTheReport()
    {
        using var claims = new ClaimRun(new WeightChanges());
        TestAnswers.Of(Net(), Data()).Draw(claims.Run, "SGD");
        Assert.Equal(["confusion", "worst-judged"], claims.Run.Report.Figures.Select(f => f.Name));
    }

    private static TrainingData Data()
    {
        var set = new TensorDataset(Images, Normalization.Unit);
        return new(Images, set, set);
    }

    private static Sequential Net()
    {
        var layer = new Linear(2, 2, new Generator(1));
        layer.Weight.Set([9, 0, 0, 9]);
        layer.Bias!.Set([0, 0]);
        return new Sequential(layer);
    }
}
