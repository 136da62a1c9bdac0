namespace NativeNN.Optim;

/// <summary>
/// One cycle over all steps of a training, each part half a cosine: from max/25 up to max in the first 30%, then down to max/250,000. The
/// momentum (Adam's β₁) goes the other way. Step() after every batch. Smith &amp; Topin 2018.
/// </summary>
public sealed class OneCycleLr : LrScheduler
{
    private readonly int totalSteps;
    private readonly double highest, start, end, top;
    private readonly (double Base, double Max)? momentum;

    /// <summary>
    /// PyTorch's defaults. startDivisor: max/start (div_factor), endDivisor: start/end (final_div_factor), rising: pct_start.
    /// </summary>
    public OneCycleLr(Optimizer optimizer, double maxLearningRate, int totalSteps, double rising = 0.3, bool cycleMomentum = true,
        double baseMomentum = 0.85, double maxMomentum = 0.95, double startDivisor = 25, double endDivisor = 1e4)
        : base(optimizer)
    {
        if (totalSteps < 1)
            throw new ArgumentOutOfRangeException(nameof(totalSteps), $"OneCycleLr: totalSteps is {totalSteps}; needs at least 1");
        if (!(rising is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rising), $"OneCycleLr: rising is {rising}; needs a share from 0 to 1");
        (this.totalSteps, highest, top) = (totalSteps, maxLearningRate, rising * totalSteps - 1);
        start = maxLearningRate / startDivisor;
        end = start / endDivisor;
        momentum = cycleMomentum ? (baseMomentum, maxMomentum) : null;
        Update();
    }

    private protected override void Update(ParameterGroup group, double initial)
    {
        if (LastEpoch > totalSteps)
            throw new InvalidOperationException(
                $"OneCycleLr: step {LastEpoch} of a cycle of {totalSteps}; make it as long as the training");
        bool rises = LastEpoch <= top && top > 0;
        double done = rises ? LastEpoch / top : (LastEpoch - top) / (totalSteps - 1 - top);
        group.LearningRate = rises ? Between(start, highest, done) : Between(highest, end, done);
        if (momentum is var (low, high))
            group.Momentum = rises ? Between(high, low, done) : Between(low, high, done);
    }

    private static double Between(double from, double to, double share) => to + (from - to) / 2 * (Math.Cos(Math.PI * share) + 1);
}
