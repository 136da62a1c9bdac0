namespace NativeNN.Optim;

/// <summary>
/// Changes parameters by their gradients. The loop: ZeroGrad, Forward, Loss, Backward, Step. Parameters without a gradient are left alone.
/// One of your own overrides Update, in Tensor operations; groups, schedules, state and checkpoints come along.
/// </summary>
public abstract class Optimizer
{
    private readonly List<ParameterGroup> groups = [];
    private readonly List<Tensor> parameters = []; // of all groups, in order: their numbers in the state dict
    private readonly List<Dictionary<string, Tensor>> buffers = [];
    private readonly List<int> steps = [];

    /// <summary>
    /// An optimiser of these parameters, its first group. Throws ArgumentException if there is none, one comes twice or one is computed,
    /// ArgumentOutOfRangeException for a negative or non-finite learning rate.
    /// </summary>
    protected Optimizer(IEnumerable<Tensor> parameters, double learningRate, double weightDecay = 0, double momentum = 0) =>
        AddGroup(parameters, learningRate, weightDecay, momentum);

    /// <summary>The parameters in their groups, PyTorch's param_groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups => groups;

    /// <summary>
    /// lr of the first group; setting it sets that of every group. May be changed between steps. Throws ArgumentOutOfRangeException for a
    /// negative or non-finite number.
    /// </summary>
    public double LearningRate
    {
        get => groups[0].LearningRate;
        set
        {
            foreach (var group in groups)
                group.LearningRate = value;
        }
    }

    /// <summary>
    /// Adds parameters that are stepped with numbers of their own (biases without weight decay); what is not given is as in the first
    /// group.
    /// Returns the group. Throws ArgumentException as the constructor does.
    /// </summary>
    public ParameterGroup AddParameterGroup(IEnumerable<Tensor> parameters, double? learningRate = null, double? weightDecay = null,
        double? momentum = null) =>
        AddGroup(parameters, learningRate ?? groups[0].LearningRate, weightDecay ?? groups[0].WeightDecay, momentum ?? groups[0].Momentum);

    private ParameterGroup AddGroup(IEnumerable<Tensor> parameters, double learningRate, double weightDecay, double momentum)
    {
        Tensor[] added = [.. parameters];
        if (added.Length == 0)
            throw new ArgumentException("Optimizer: got no parameters; pass net.Parameters()", nameof(parameters));
        if (this.parameters.Concat(added).Distinct().Count() < this.parameters.Count + added.Length)
            throw new ArgumentException(
                "Optimizer: a parameter comes twice and would be stepped twice; pass each once", nameof(parameters));
        if (Array.Find(added, p => p.Op is not null) is { } computed)
            throw new ArgumentException(
                $"Optimizer: a parameter {computed.Shape} was computed by {computed.Op!.Name}; only leaves can be optimised, "
                + "cut it with Detach()", nameof(parameters));
        var group = new ParameterGroup(added, learningRate, weightDecay, momentum);
        groups.Add(group);
        this.parameters.AddRange(added);
        buffers.AddRange(added.Select(_ => new Dictionary<string, Tensor>()));
        steps.AddRange(added.Select(_ => 0));
        return group;
    }

    /// <summary>Drops all gradients, so that the next Backward() starts afresh instead of adding to them.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in parameters)
            parameter.ZeroGrad();
    }

    /// <summary>One update of every parameter that has a gradient. No graph is recorded.</summary>
    public void Step()
    {
        using var _ = WorksInKernels ? null : new NoGrad();
        int i = 0;
        foreach (var group in groups)
            foreach (var parameter in group.Parameters)
            {
                if (parameter.Grad is { } gradient)
                {
                    Update(i, parameter, gradient, ++steps[i], group);
                    parameter.MarkChanged();
                }
                i++;
            }
    }

    /// <summary>
    /// The state by name, "3.momentum_buffer" for parameter 3's, "3.step" counting its updates, and "groups.0.lr" and so on, exact to the
    /// last bit (see ExactNumber): what a checkpoint holds beside the parameters.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>();
        for (int i = 0; i < parameters.Count; i++)
        {
            state.Add($"{i}.step", Tensor.Scalar(steps[i]));
            foreach (var (name, buffer) in buffers[i])
                state.Add($"{i}.{name}", buffer.Clone());
        }
        for (int k = 0; k < groups.Count; k++)
        {
            state.Add($"groups.{k}.lr", ExactNumber.ToTensor(groups[k].LearningRate));
            state.Add($"groups.{k}.weight_decay", ExactNumber.ToTensor(groups[k].WeightDecay));
            state.Add($"groups.{k}.momentum", ExactNumber.ToTensor(groups[k].Momentum));
        }
        return state;
    }

    /// <summary>
    /// Goes on from a StateDict of the same kind of optimiser over the same parameters; one from before there were groups leaves their
    /// numbers as they are. Throws ArgumentException if it doesn't fit, changing nothing.
    /// </summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        bool hasGroups = state.Keys.Any(key => key.StartsWith("groups.", StringComparison.Ordinal));
        var numbers = groups.Select((group, k) => hasGroups
            ? (LearningRate: Number(k, "lr"), WeightDecay: Number(k, "weight_decay"), Momentum: Number(k, "momentum"))
            : (group.LearningRate, group.WeightDecay, group.Momentum)).ToList();
        string[][] names = [.. groups.SelectMany((group, k) =>
            Enumerable.Repeat(BufferNames(numbers[k].Momentum), group.Parameters.Count))];
        var expected = new Dictionary<string, Shape>();
        for (int i = 0; i < parameters.Count; i++)
        {
            if (!state.TryGetValue($"{i}.step", out var step) || step.Length != 1)
                throw new ArgumentException(
                    $"LoadStateDict: the state has no number '{i}.step'; it is not of {parameters.Count} parameters");
            expected.Add($"{i}.step", step.Shape);
            if (step.Item() > 0)
                foreach (string name in names[i])
                    expected.Add($"{i}.{name}", parameters[i].Shape);
        }
        if (hasGroups)
            for (int k = 0; k < groups.Count; k++)
                foreach (string name in new[] { "lr", "weight_decay", "momentum" })
                    expected.Add($"groups.{k}.{name}", new Shape(3));
        var missing = expected.Keys.Except(state.Keys).ToList();
        var unexpected = state.Keys.Except(expected.Keys).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new ArgumentException($"LoadStateDict: {GetType().Name} needs [{string.Join(", ", missing)}], which the state lacks, "
                + $"and knows nothing of [{string.Join(", ", unexpected)}]");
        foreach (var (name, shape) in expected)
            if (state[name].Shape != shape)
                throw new ShapeException(
                    $"LoadStateDict: {name} is for a parameter of shape {shape} but the state has {state[name].Shape}");
        for (int i = 0; i < parameters.Count; i++)
        {
            steps[i] = (int)state[$"{i}.step"].Item();
            buffers[i].Clear();
            if (steps[i] > 0)
                foreach (string name in names[i])
                    buffers[i].Add(name, Tensor.From(state[$"{i}.{name}"].ToArray(), parameters[i].Shape, parameters[i].Backend));
        }
        for (int k = 0; k < groups.Count; k++)
            (groups[k].LearningRate, groups[k].WeightDecay, groups[k].Momentum) = numbers[k];

        double Number(int k, string name) => ExactNumber.Read(state, $"groups.{k}.{name}");
    }

    /// <summary>
    /// The names of the buffers each parameter of a group with that momentum has from its first step on, as PyTorch calls them.
    /// </summary>
    protected abstract string[] BufferNames(double momentum);

    /// <summary>Whether Update calls kernels only, which record no graph: a batch of four feels what NoGrad costs.</summary>
    private protected virtual bool WorksInKernels => false;

    /// <summary>Updates parameter number i with the numbers of its group, in place (w.Set); step counts from 1.</summary>
    protected abstract void Update(int i, Tensor w, Tensor gradient, int step, ParameterGroup group);

    /// <summary>The parameter's buffer of that name, zeros at first; change it in place.</summary>
    protected Tensor Buffer(int i, string name)
    {
        if (!buffers[i].TryGetValue(name, out var buffer))
            buffers[i].Add(name, buffer = Tensor.Zeros(parameters[i].Shape, parameters[i].Backend));
        else if (buffer.Backend != parameters[i].Backend)
            buffers[i][name] = buffer = buffer.To(parameters[i].Backend); // the network moved
        return buffer;
    }

    internal static double AtLeastZero(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, $"Optimizer: {name} is {value}; needs a finite number of at least 0");

    private protected static double BelowOne(double value, string name) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, $"Optimizer: {name} is {value}; needs a number in [0, 1)");
}
