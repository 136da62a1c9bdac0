namespace NativeNN.Optim;

/// <summary>
/// lr is multiplied by factor when a number that is watched, such as the loss of a test, has not become better for more than patience
/// epochs.
/// PyTorch's, with its relative threshold: better is below best·(1 − threshold), or above best·(1 + threshold) if larger is better.
/// </summary>
public sealed class ReduceLrOnPlateau
{
    private readonly Optimizer optimizer;
    private readonly bool largerIsBetter;
    private readonly double factor, threshold, lowest, smallestChange;
    private readonly int patience, cooldown;
    private double best;
    private int badEpochs, cooling;

    /// <summary>
    /// cooldown: epochs after a change in which nothing counts as bad; changes of at most smallestChange (PyTorch's eps) are left out.
    /// Throws ArgumentOutOfRangeException for a factor of 1 or more.
    /// </summary>
    public ReduceLrOnPlateau(Optimizer optimizer, bool largerIsBetter = false, double factor = 0.1, int patience = 10,
        double threshold = 1e-4, int cooldown = 0, double lowest = 0, double smallestChange = 1e-8)
    {
        if (!(factor < 1))
            throw new ArgumentOutOfRangeException(nameof(factor), $"ReduceLrOnPlateau: factor is {factor}; needs a number below 1");
        (this.optimizer, this.largerIsBetter, this.factor, this.patience) = (optimizer, largerIsBetter, factor, patience);
        (this.threshold, this.cooldown, this.lowest, this.smallestChange) = (threshold, cooldown, lowest, smallestChange);
        best = largerIsBetter ? double.NegativeInfinity : double.PositiveInfinity;
    }

    /// <summary>Calls of Step() so far.</summary>
    public int LastEpoch { get; private set; }

    /// <summary>After an epoch, with the number that is watched.</summary>
    public void Step(double watched)
    {
        LastEpoch++;
        bool better = largerIsBetter ? watched > best * (1 + threshold) : watched < best * (1 - threshold);
        if (better)
            best = watched;
        badEpochs = better ? 0 : badEpochs + 1;
        if (cooling > 0)
        {
            cooling--;
            badEpochs = 0;
        }
        if (badEpochs <= patience)
            return;
        foreach (var group in optimizer.Groups)
        {
            double reduced = Math.Max(group.LearningRate * factor, lowest);
            if (group.LearningRate - reduced > smallestChange)
                group.LearningRate = reduced;
        }
        (badEpochs, cooling) = (0, cooldown);
    }

    /// <summary>What a checkpoint holds of it, beside the optimiser's state, which has the present learning rates.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict() => new Dictionary<string, Tensor>
    {
        ["last_epoch"] = ExactNumber.ToTensor(LastEpoch),
        ["best"] = ExactNumber.ToTensor(best),
        ["num_bad_epochs"] = ExactNumber.ToTensor(badEpochs),
        ["cooldown_counter"] = ExactNumber.ToTensor(cooling),
    };

    /// <summary>Goes on from a StateDict. Throws ArgumentException, changing nothing, if it is of another kind.</summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        double Number(string name) => ExactNumber.Read(state, name);
        (LastEpoch, best, badEpochs, cooling) =
            ((int)Number("last_epoch"), Number("best"), (int)Number("num_bad_epochs"), (int)Number("cooldown_counter"));
    }
}
