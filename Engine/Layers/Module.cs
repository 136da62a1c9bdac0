using System.Globalization;
using System.Text;
using NativeNN.Backends;

namespace NativeNN.Layers;

/// <summary>
/// A network or a layer of one: parameters and child modules by name, in the order they were registered, as PyTorch's nn.Module.
/// A subclass registers them in its constructor and computes in Compute.
/// </summary>
public abstract class Module
{
    private readonly List<(string Name, Tensor Parameter)> parameters = [];
    private readonly List<(string Name, Tensor Buffer)> buffers = [];
    private readonly List<(string Name, Module Child)> children = [];

    /// <summary>
    /// Raised after every Forward of this module with its input and output: Summary and activation statistics listen here.
    /// </summary>
    public event Action<Module, Tensor, Tensor>? AfterForward;

    /// <summary>
    /// Raised in every Backward of this module with the gradients of its input (null where the input needs none) and of its output, as
    /// PyTorch's full backward hook. They are valid during the call: keep them with Clone(). The parameters' own gradients may come later.
    /// </summary>
    public event Action<Module, Tensor?, Tensor>? AfterBackward;

    /// <summary>True in training, where Dropout drops and BatchNorm1d normalises by the batch; false after Eval().</summary>
    public bool IsTraining { get; internal set; } = true;

    /// <summary>The module's own children, in order.</summary>
    public IReadOnlyList<(string Name, Module Child)> NamedChildren => children;

    /// <summary>The name in printed trees, as PyTorch spells it: the class's unless overridden.</summary>
    public virtual string TypeName => GetType().Name;

    /// <summary>y = f(x).</summary>
    public Tensor Forward(Tensor x)
    {
        var y = AfterBackward is null ? Compute(x) : ComputeObserved(x);
        AfterForward?.Invoke(this, x, y);
        return y;
    }

    /// <summary>What Forward computes.</summary>
    protected abstract Tensor Compute(Tensor x);

    // Between two ops that see the gradients pass: the output's comes by first, on its way to the input's.
    private Tensor ComputeObserved(Tensor x)
    {
        Tensor? dY = null;
        var input = Op.Apply(new IdentityOp(x, dX => AfterBackward?.Invoke(this, dX, dY!)));
        return Op.Apply(new IdentityOp(Compute(input), gradient =>
        {
            if (input.RequiresGrad)
                dY = gradient.Clone(); // its memory is reused before the input's gradient is there
            else
                AfterBackward?.Invoke(this, null, gradient);
        }));
    }

    /// <summary>
    /// Adds a child under that name and returns it. Throws ArgumentException if the name is taken or empty, or the child contains this
    /// module: a tree without end.
    /// </summary>
    protected T Register<T>(string name, T child)
        where T : Module
    {
        CheckName(name);
        if (child.NamedModules().FirstOrDefault(m => m.Module == this) is (string path, not null))
            throw new ArgumentException($"{TypeName}: cannot register '{name}': "
                + (path == "" ? "a module cannot contain itself" : $"that {child.TypeName} contains this module, as '{path}'"));
        children.Add((name, child));
        return child;
    }

    /// <summary>Adds a trainable tensor under that name and returns it. Throws ArgumentException if the name is taken or empty.</summary>
    protected Tensor RegisterParameter(string name, Tensor parameter)
    {
        CheckName(name);
        parameters.Add((name, parameter.WithGrad()));
        return parameter;
    }

    /// <summary>
    /// Adds a tensor that is state but not trained, as BatchNorm1d's running mean, under that name and returns it. Throws ArgumentException
    /// if the name is taken or empty.
    /// </summary>
    protected Tensor RegisterBuffer(string name, Tensor buffer)
    {
        CheckName(name);
        buffers.Add((name, buffer));
        return buffer;
    }

    /// <summary>
    /// All parameters, the children's included, named "fc1.weight" and so on. One that several layers share comes once, under its first
    /// name: an optimiser must not step it twice.
    /// </summary>
    public IEnumerable<(string Name, Tensor Parameter)> NamedParameters() => Names(m => m.parameters).DistinctBy(p => p.Tensor);

    /// <summary>All buffers, the children's included, each once under its first name.</summary>
    public IEnumerable<(string Name, Tensor Buffer)> NamedBuffers() => Names(m => m.buffers).DistinctBy(b => b.Tensor);

    /// <summary>All parameters, in the order of NamedParameters.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(p => p.Parameter);

    /// <summary>This module ("") and everything below it, each once, named "block.fc1" and so on, parents first.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() => children
        .SelectMany(c => c.Child.NamedModules().Select(m => (Name: m.Name == "" ? c.Name : $"{c.Name}.{m.Name}", m.Module)))
        .Prepend((Name: "", Module: this)).DistinctBy(m => m.Module);

    /// <summary>Calls it for everything below the module, children first, then for the module; returns the module.</summary>
    public Module Apply(Action<Module> action)
    {
        foreach (var (_, child) in children)
            child.Apply(action);
        action(this);
        return this;
    }

    /// <summary>Training mode for the module and everything below it; returns the module.</summary>
    public Module Train(bool training = true)
    {
        foreach (var (_, module) in NamedModules())
            module.IsTraining = training;
        return this;
    }

    /// <summary>Evaluation mode: Dropout passes everything, BatchNorm1d normalises by what it has seen.</summary>
    public Module Eval() => Train(training: false);

    /// <summary>What compute gives in evaluation mode; then every module is in its own mode again.</summary>
    internal T InEvaluation<T>(Func<T> compute)
    {
        var modes = NamedModules().Select(m => (m.Module, m.Module.IsTraining)).ToList();
        try
        {
            Eval();
            return compute();
        }
        finally
        {
            foreach (var (module, training) in modes)
                module.IsTraining = training;
        }
    }

    /// <summary>Drops all gradients, so that the next Backward() starts afresh instead of adding to them.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters())
            parameter.ZeroGrad();
    }

    /// <summary>
    /// Moves every parameter and buffer to that backend, in place; optimisers made before keep working. Returns the module.
    /// </summary>
    public Module To(Backend backend)
    {
        foreach (var (_, tensor) in EveryName())
            tensor.MoveTo(backend);
        return this;
    }

    /// <summary>
    /// A copy of every parameter and buffer by name (a shared one under each of its names, as PyTorch's): what a checkpoint holds.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> StateDict() => EveryName().ToDictionary(p => p.Name, p => p.Tensor.Clone());

    /// <summary>
    /// Overwrites every parameter and buffer, and returns what the state lacked and what it had besides. Strict: names must be exactly the
    /// module's, else those that both have are taken. Throws ArgumentException, also for another shape, changing nothing.
    /// </summary>
    public IncompatibleKeys LoadStateDict(IReadOnlyDictionary<string, Tensor> state, bool strict = true)
    {
        var own = EveryName().ToDictionary(p => p.Name, p => p.Tensor);
        List<string> missing = [.. own.Keys.Except(state.Keys)], unexpected = [.. state.Keys.Except(own.Keys)];
        if (strict && missing.Count + unexpected.Count > 0)
            throw new ArgumentException($"LoadStateDict: {TypeName} needs [{string.Join(", ", missing)}], which the state lacks, "
                + $"and knows nothing of [{string.Join(", ", unexpected)}]");
        foreach (string name in missing)
            own.Remove(name);
        foreach (var (name, tensor) in own)
            if (state[name].Shape != tensor.Shape)
                throw new ShapeException($"LoadStateDict: {name} is {tensor.Shape} but the state has {state[name].Shape}");
        foreach (var (name, tensor) in own)
            tensor.Set(state[name].ToArray());
        return new IncompatibleKeys(missing, unexpected);
    }

    /// <summary>What stands between the brackets of a printed layer: "in_features=784, out_features=64, bias=True".</summary>
    protected virtual string ExtraRepr() => "";

    /// <summary>The layer tree as PyTorch's print(net) shows it.</summary>
    public override string ToString()
    {
        string extra = ExtraRepr();
        if (children.Count == 0 && !extra.Contains('\n'))
            return $"{TypeName}({extra})";
        var text = new StringBuilder($"{TypeName}(\n");
        if (extra != "")
            text.Append($"  {extra.Replace("\n", "\n  ")}\n");
        foreach (var (name, child) in children)
            text.Append($"  ({name}): {child.ToString().Replace("\n", "\n  ")}\n");
        return text.Append(')').ToString();
    }

    /// <summary>The module's own parameters, without the children's.</summary>
    internal IEnumerable<Tensor> OwnParameters => parameters.Select(p => p.Parameter);

    // A number as Python prints a float: 0.5, 1.0, 1e-05.
    private protected static string Number(IFormattable value)
    {
        string text = value.ToString(null, CultureInfo.InvariantCulture);
        return text.Contains('E') ? text.Replace('E', 'e') : text.Contains('.') ? text : text + ".0";
    }

    // Parameters before buffers, the module's own before the children's.
    private IEnumerable<(string Name, Tensor Tensor)> EveryName() => Names(m => m.parameters.Concat(m.buffers));

    private IEnumerable<(string Name, Tensor Tensor)> Names(Func<Module, IEnumerable<(string Name, Tensor Tensor)>> of) =>
        of(this).Concat(children.SelectMany(c => c.Child.Names(of).Select(t => ($"{c.Name}.{t.Name}", t.Tensor))));

    private void CheckName(string name)
    {
        if (name.Length == 0 || name.Contains('.') || parameters.Exists(p => p.Name == name) || buffers.Exists(b => b.Name == name)
            || children.Exists(c => c.Name == name))
            throw new ArgumentException($"{TypeName}: cannot register '{name}': a name must be new, not empty and without dots");
    }
}
