using NativeNN.Training;

namespace NativeNN.Tests.Training;

public sealed class StepRecorderTests
{
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
