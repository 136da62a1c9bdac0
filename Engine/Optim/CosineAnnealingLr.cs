namespace NativeNN.Optim;

/// <summary>
/// Half a cosine from the initial learning rate lr₀ down to the lowest one in T epochs, lr = low + (lr₀ − low)·(1 + cos(πt/T))/2, and up
/// again after that. Loshchilov &amp; Hutter 2017.
/// </summary>
public sealed class CosineAnnealingLr : LrScheduler
{
    private readonly int epochs;
    private readonly double lowest;

    /// <summary>epochs: T, PyTorch's T_max; lowest: its eta_min. Throws ArgumentOutOfRangeException for an epochs below 1.</summary>
    public CosineAnnealingLr(Optimizer optimizer, int epochs, double lowest = 0)
        : base(optimizer)
    {
        if (epochs < 1)
            throw new ArgumentOutOfRangeException(nameof(epochs), $"CosineAnnealingLr: epochs is {epochs}; needs at least 1");
        (this.epochs, this.lowest) = (epochs, lowest);
    }

    // As PyTorch from the rate before, so that what else changes the rate is kept: the ratio of this epoch's 1 + cos to the last one's,
    // which is 0 where the way up begins.
    private protected override void Update(ParameterGroup group, double initial)
    {
        if ((LastEpoch - 1 - epochs) % (2 * epochs) == 0)
            group.LearningRate += (initial - lowest) * (1 - Math.Cos(Math.PI / epochs)) / 2;
        else
            group.LearningRate = (1 + Math.Cos(Math.PI * LastEpoch / epochs)) / (1 + Math.Cos(Math.PI * (LastEpoch - 1) / epochs))
                * (group.LearningRate - lowest) + lowest;
    }
}
