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
    private readonly List<(string Name, Module Child)> children = [];

    /// <summary>
    /// Raised after every Forward of this module with its input and output: Summary and activation statistics listen here.
    /// </summary>
    public event Action<Module, Tensor, Tensor>? AfterForward;

    /// <summary>True in training, where Dropout drops; false after Eval().</summary>
    public bool IsTraining { get; internal set; } = true;

    /// <summary>The module's own children, in order.</summary>
    public IReadOnlyList<(string Name, Module Child)> NamedChildren => children;

    /// <summary>The name in printed trees, as PyTorch spells it: the class's unless overridden.</summary>
    public virtual string TypeName => GetType().Name;

    /// <summary>y = f(x).</summary>
    public Tensor Forward(Tensor x)
    {
        var y = Compute(x);
        AfterForward?.Invoke(this, x, y);
        return y;
    }

    /// <summary>What Forward computes.</summary>
    protected abstract Tensor Compute(Tensor x);

    /// <summary>Adds a child under that name and returns it. Throws ArgumentException if the name is taken or empty.</summary>
    protected T Register<T>(string name, T child)
        where T : Module
    {
        CheckName(name);
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
    /// All parameters, the children's included, named "fc1.weight" and so on. One that several layers share comes once, under its first
    /// name: an optimiser must not step it twice.
    /// </summary>
    public IEnumerable<(string Name, Tensor Parameter)> NamedParameters() => EveryName().DistinctBy(p => p.Parameter);

    /// <summary>All parameters, in the order of NamedParameters.</summary>
    public IEnumerable<Tensor> Parameters() => NamedParameters().Select(p => p.Parameter);

    /// <summary>This module ("") and everything below it, each once, named "block.fc1" and so on, parents first.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() => children
        .SelectMany(c => c.Child.NamedModules().Select(m => (Name: m.Name == "" ? c.Name : $"{c.Name}.{m.Name}", m.Module)))
        .Prepend((Name: "", Module: this)).DistinctBy(m => m.Module);

    /// <summary>Training mode for the module and everything below it; returns the module.</summary>
    public Module Train(bool training = true)
    {
        foreach (var (_, module) in NamedModules())
            module.IsTraining = training;
        return this;
    }

    /// <summary>Evaluation mode: Dropout passes everything.</summary>
    public Module Eval() => Train(training: false);

    /// <summary>Drops all gradients, so that the next Backward() starts afresh instead of adding to them.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters())
            parameter.ZeroGrad();
    }

    /// <summary>Moves every parameter to that backend, in place; optimisers made before keep working. Returns the module.</summary>
    public Module To(Backend backend)
    {
        foreach (var parameter in Parameters())
            parameter.MoveTo(backend);
        return this;
    }

    /// <summary>A copy of every parameter by name (a shared one under each of its names, as PyTorch's): what a checkpoint holds.</summary>
    public IReadOnlyDictionary<string, Tensor> StateDict() => EveryName().ToDictionary(p => p.Name, p => p.Parameter.Clone());

    /// <summary>
    /// Overwrites every parameter. Names and shapes must be exactly the module's. Throws ArgumentException, changing nothing.
    /// </summary>
    public void LoadStateDict(IReadOnlyDictionary<string, Tensor> state)
    {
        var own = EveryName().ToDictionary(p => p.Name, p => p.Parameter);
        var missing = own.Keys.Except(state.Keys).ToList();
        var unexpected = state.Keys.Except(own.Keys).ToList();
        if (missing.Count + unexpected.Count > 0)
            throw new ArgumentException($"LoadStateDict: {TypeName} needs [{string.Join(", ", missing)}], which the state lacks, "
                + $"and knows nothing of [{string.Join(", ", unexpected)}]");
        foreach (var (name, parameter) in own)
            if (state[name].Shape != parameter.Shape)
                throw new ShapeException($"LoadStateDict: {name} is {parameter.Shape} but the state has {state[name].Shape}");
        foreach (var (name, parameter) in own)
            parameter.Set(state[name].ToArray());
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

    private IEnumerable<(string Name, Tensor Parameter)> EveryName() =>
        parameters.Concat(children.SelectMany(c => c.Child.EveryName().Select(p => ($"{c.Name}.{p.Name}", p.Parameter))));

    private void CheckName(string name)
    {
        if (name.Length == 0 || name.Contains('.') || parameters.Exists(p => p.Name == name) || children.Exists(c => c.Name == name))
            throw new ArgumentException($"{TypeName}: cannot register '{name}': a name must be new, not empty and without dots");
    }
}
