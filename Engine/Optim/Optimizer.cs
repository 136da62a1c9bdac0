using NativeNN.Backends;

namespace NativeNN.Optim;

/// <summary>
/// Changes parameters by their gradients. The loop: ZeroGrad, Forward, Loss, Backward, Step. Parameters without a gradient are left alone.
/// </summary>
public abstract class Optimizer
{
    private readonly Tensor[] parameters;
    private readonly Dictionary<string, Tensor>[] buffers;
    private readonly int[] steps;

    /// <summary>
    /// An optimiser of these parameters. Throws ArgumentException if there is none, one comes twice or one is computed,
    /// ArgumentOutOfRangeException for a negative or non-finite learning rate.
    /// </summary>
    protected Optimizer(IEnumerable<Tensor> parameters, double learningRate)
    {
        this.parameters = [.. parameters];
        if (this.parameters.Length == 0)
            throw new ArgumentException("Optimizer: got no parameters; pass net.Parameters()", nameof(parameters));
        if (this.parameters.Distinct().Count() < this.parameters.Length)
            throw new ArgumentException(
                "Optimizer: a parameter comes twice and would be stepped twice; pass each once", nameof(parameters));
        if (Array.Find(this.parameters, p => p.Op is not null) is { } computed)
            throw new ArgumentException(
                $"Optimizer: a parameter {computed.Shape} was computed by {computed.Op!.Name}; only leaves can be optimised, "
                + "cut it with Detach()", nameof(parameters));
        buffers = [.. this.parameters.Select(_ => new Dictionary<string, Tensor>())];
        steps = new int[this.parameters.Length];
        LearningRate = learningRate;
    }

    /// <summary>lr; may be changed between steps. Throws ArgumentOutOfRangeException for a negative or non-finite number.</summary>
    public double LearningRate { get; set => field = AtLeastZero(value, nameof(LearningRate)); }

    /// <summary>Drops all gradients, so that the next Backward() starts afresh instead of adding to them.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in parameters)
            parameter.ZeroGrad();
    }

    /// <summary>One update of every parameter that has a gradient.</summary>
    public void Step()
    {
        for (int i = 0; i < parameters.Length; i++)
            if (parameters[i].Grad is { } gradient)
                Update(i, parameters[i], gradient, ++steps[i]);
    }

    /// <summary>
    /// The state by name, "3.momentum_buffer" for parameter 3's, and "3.step" counting its updates: what a checkpoint holds beside the
    /// parameters.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> StateDict()
    {
        var state = new Dictionary<string, Tensor>();
        for (int i = 0; i < parameters.Length; i++)
        {
            state.Add($"{i}.step", Tensor.Scalar(steps[i]));
            foreach (var (name, buffer) in buffers[i])
                state.Add($"{i}.{name}", buffer.Clone());
        }
        return state;
    }

    /// <summary>
    /// Goes on from a StateDict of the same kind of optimiser over the same parameters. Throws ArgumentException if it doesn't fit,
    /// changing nothing.
    /// </summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        string[] names = BufferNames;
        var expected = new Dictionary<string, Shape>();
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!state.TryGetValue($"{i}.step", out var step) || step.Length != 1)
                throw new ArgumentException(
                    $"LoadStateDict: the state has no number '{i}.step'; it is not of {parameters.Length} parameters");
            expected.Add($"{i}.step", step.Shape);
            if (step.Item() > 0)
                foreach (string name in names)
                    expected.Add($"{i}.{name}", parameters[i].Shape);
        }
        var missing = expected.Keys.Except(state.Keys).ToList();
        var unexpected = state.Keys.Except(expected.Keys).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new ArgumentException($"LoadStateDict: {GetType().Name} needs [{string.Join(", ", missing)}], which the state lacks, "
                + $"and knows nothing of [{string.Join(", ", unexpected)}]");
        foreach (var (name, shape) in expected)
            if (state[name].Shape != shape)
                throw new ShapeException(
                    $"LoadStateDict: {name} is for a parameter of shape {shape} but the state has {state[name].Shape}");
        for (int i = 0; i < parameters.Length; i++)
        {
            steps[i] = (int)state[$"{i}.step"].Item();
            buffers[i].Clear();
            if (steps[i] > 0)
                foreach (string name in names)
                    buffers[i].Add(name, Tensor.From(state[$"{i}.{name}"].ToArray(), parameters[i].Shape, parameters[i].Backend));
        }
    }

    /// <summary>The names of the buffers each parameter has from its first step on, as PyTorch calls them.</summary>
    private protected abstract string[] BufferNames { get; }

    /// <summary>Updates parameter number i; step counts from 1.</summary>
    private protected abstract void Update(int i, Tensor w, Tensor gradient, int step);

    /// <summary>The parameter's buffer of that name, zeros at first.</summary>
    private protected Storage Buffer(int i, string name)
    {
        if (!buffers[i].TryGetValue(name, out var buffer))
            buffers[i].Add(name, buffer = Tensor.Zeros(parameters[i].Shape, parameters[i].Backend));
        else if (buffer.Backend != parameters[i].Backend)
            buffers[i][name] = buffer = buffer.To(parameters[i].Backend); // the network moved
        return buffer.Storage;
    }

    private protected static double AtLeastZero(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, $"Optimizer: {name} is {value}; needs a finite number of at least 0");

    private protected static double BelowOne(double value, string name) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, $"Optimizer: {name} is {value}; needs a number in [0, 1)");
}
