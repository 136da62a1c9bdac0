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

    /// <summary>An optimiser of these parameters. Throws ArgumentOutOfRangeException for a negative or non-finite learning rate.</summary>
    protected Optimizer(IEnumerable<Tensor> parameters, double learningRate)
    {
        this.parameters = [.. parameters];
        buffers = [.. this.parameters.Select(_ => new Dictionary<string, Tensor>())];
        steps = new int[this.parameters.Length];
        LearningRate = AtLeastZero(learningRate, nameof(learningRate));
    }

    /// <summary>lr; may be changed between steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>Drops all gradients, so that the next Backward() starts afresh instead of adding to them.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in parameters)
        {
            parameter.Grad?.Release();
            parameter.Grad = null;
        }
    }

    /// <summary>One update of every parameter that has a gradient.</summary>
    public void Step()
    {
        for (int i = 0; i < parameters.Length; i++)
            if (parameters[i].Grad is { } gradient)
                Update(i, parameters[i], gradient, ++steps[i]);
    }

    /// <summary>
    /// The state by name, "3.momentum_buffer" for parameter 3's, and "3.step" counting its updates: what a checkpoint holds beside the parameters.
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

    /// <summary>Goes on from a StateDict of the same kind of optimiser over the same parameters. Throws ArgumentException if it doesn't fit.</summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        foreach (var (name, _) in state)
            if (!int.TryParse(name.Split('.')[0], out int index) || (uint)index >= (uint)parameters.Length)
                throw new ArgumentException($"LoadStateDict: '{name}' does not belong to one of the optimiser's {parameters.Length} parameters");
        for (int i = 0; i < parameters.Length; i++)
        {
            buffers[i].Clear();
            foreach (var (name, value) in state.Where(s => s.Key.StartsWith($"{i}.", StringComparison.Ordinal)))
            {
                if (name == $"{i}.step")
                    steps[i] = (int)value.Item();
                else
                    buffers[i].Add(name[(name.IndexOf('.') + 1)..], value.To(parameters[i].Backend).Clone());
            }
        }
    }

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
