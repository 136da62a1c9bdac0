namespace NativeNN.Optim;

/// <summary>lr is multiplied by gamma every stepSize epochs.</summary>
public sealed class StepLr : LrScheduler
{
    private readonly int stepSize;
    private readonly double gamma;

    /// <summary>Throws ArgumentOutOfRangeException for a stepSize below 1.</summary>
    public StepLr(Optimizer optimizer, int stepSize, double gamma = 0.1)
        : base(optimizer)
    {
        if (stepSize < 1)
            throw new ArgumentOutOfRangeException(nameof(stepSize), $"StepLr: stepSize is {stepSize}; needs at least 1 epoch");
        (this.stepSize, this.gamma) = (stepSize, gamma);
    }

    private protected override void Update(ParameterGroup group, double initial)
    {
        if (LastEpoch % stepSize == 0)
            group.LearningRate *= gamma;
    }
}
