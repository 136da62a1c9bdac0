using NativeNN.Backends.Reference;
using NativeNN.Training;

namespace NativeNN.Tests.Training;

public class StepRecorderTests
{
    private static readonly Tensor Logits = Tensor.From(new float[,] { { 1, 2 }, { 3, 0 } });
    private static readonly Labels Answers = Labels.From([1, 1]);

    [Fact]
    public void ItKeepsLossesAndRightAnswers()
    {
        var recorder = new StepRecorder(Tensor.DefaultBackend, steps: 2);
        recorder.Record(Tensor.Scalar(0.5f), Logits, Answers);
        recorder.Record(Tensor.Scalar(0.25f), Logits, Labels.From([1, 0]));
        Assert.Equal([0.5f, 0.25f], recorder.Losses());
        Assert.Equal([1, 2], recorder.Correct());
        Assert.Equal(0.75, recorder.Accuracy());
    }

    [Fact]
    public void AFullOneWritesNowhere()
    {
        var recorder = new StepRecorder(Tensor.DefaultBackend, steps: 4);
        var neighbours = Enumerable.Range(0, 40).Select(_ => Tensor.Zeros(4)).ToList();
        for (int step = 0; step < 4; step++)
            recorder.Record(Logits, Answers);
        for (int step = 0; step < 40; step++)
        {
            Assert.Contains("4 steps", Assert.Throws<InvalidOperationException>(() => recorder.Record(Logits, Answers)).Message);
            Assert.Throws<InvalidOperationException>(() => recorder.Record(Tensor.Scalar(1), Logits, Answers));
        }
        Assert.All(neighbours, x => Assert.Equal([0, 0, 0, 0], x.ToArray()));
        Assert.Equal([1, 1, 1, 1], recorder.Correct());
        Assert.Throws<InvalidOperationException>(() => new StepRecorder(Tensor.DefaultBackend, steps: 0).Record(Logits, Answers));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepRecorder(Tensor.DefaultBackend, steps: -1));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedAndNotCounted()
    {
        var recorder = new StepRecorder(Tensor.DefaultBackend, steps: 4);
        Assert.Contains("[100000, 4]",
            Assert.Throws<ShapeException>(() => recorder.Record(Tensor.Ones((100_000, 4)), Labels.From([1]))).Message);
        Assert.Throws<ShapeException>(() => recorder.Record(Tensor.Ones(2), Answers));
        Assert.Throws<ShapeException>(() => recorder.Record(Tensor.Ones((2, 0)), Answers));
        Assert.Throws<ShapeException>(() => recorder.Record(Tensor.Ones(2), Logits, Answers));
        Assert.Throws<ShapeException>(() => recorder.Record(Tensor.Scalar(1), Logits, Labels.From([1])));
        var reference = ReferenceBackend.Instance;
        Assert.Contains("'reference'", Assert.Throws<InvalidOperationException>(
            () => recorder.Record(Logits.To(reference), Answers.To(reference))).Message);
        Assert.Throws<InvalidOperationException>(() => recorder.Record(Logits, Answers.To(reference)));
        Assert.Throws<InvalidOperationException>(() => recorder.Record(Tensor.Scalar(1, reference), Logits, Answers));
        Assert.Equal(0, recorder.Steps);
        Assert.Empty(recorder.Losses());
    }

    [Fact]
    public void StepsRecordedElsewhereCountAsItsOwn()
    {
        var recorder = new StepRecorder(Tensor.DefaultBackend, steps: 3);
        recorder.Restore([0.5f, 0.25f], [1, 2], samples: 4);
        recorder.Record(Tensor.Scalar(2), Tensor.From([1, 0], (1, 2)), Labels.From([0]));
        Assert.Equal((3, 5), (recorder.Steps, recorder.Samples));
        Assert.Equal([0.5f, 0.25f, 2], recorder.Losses());
        Assert.Equal(4 / 5.0, recorder.Accuracy());
        Assert.Throws<ArgumentException>(() => recorder.Restore([1, 2, 3, 4], [1, 2, 3, 4], samples: 4));
        Assert.Throws<ArgumentException>(() => recorder.Restore([1], [1, 2], samples: 2));
    }
}
