namespace NativeNN.Optim;

/// <summary>
/// Changes the learning rates of an optimiser's groups from epoch to epoch, or from step to step: call Step() after the optimiser's.
/// The numbers are those of PyTorch's schedulers of the same name.
/// </summary>
public abstract class LrScheduler
{
    private readonly double[] initial;

    /// <summary>Starts at the groups' present learning rates.</summary>
    private protected LrScheduler(Optimizer optimizer)
    {
        Optimizer = optimizer;
        initial = [.. optimizer.Groups.Select(g => g.LearningRate)];
    }

    /// <summary>Whose learning rates it changes.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Calls of Step() so far, PyTorch's last_epoch.</summary>
    public int LastEpoch { get; private set; }

    /// <summary>The next learning rates.</summary>
    public void Step()
    {
        LastEpoch++;
        Update();
    }

    /// <summary>What a checkpoint holds of it, beside the optimiser's state, which has the present learning rates.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor> { ["last_epoch"] = ExactNumber.ToTensor(LastEpoch) };
        for (int k = 0; k < initial.Length; k++)
            state.Add($"base_lrs.{k}", ExactNumber.ToTensor(initial[k]));
        return state;
    }

    /// <summary>Goes on from a StateDict. Throws ArgumentException, changing nothing, if it is not of as many groups.</summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        double[] loaded = [.. initial.Select((_, k) => ExactNumber.Read(state, $"base_lrs.{k}"))];
        LastEpoch = (int)ExactNumber.Read(state, "last_epoch");
        loaded.CopyTo(initial, 0);
    }

    /// <summary>Sets the numbers for LastEpoch in a group, whose learning rate was initial when the scheduler was made.</summary>
    private protected abstract void Update(ParameterGroup group, double initial);

    private protected void Update()
    {
        for (int k = 0; k < initial.Length; k++)
            Update(Optimizer.Groups[k], initial[k]);
    }
}
