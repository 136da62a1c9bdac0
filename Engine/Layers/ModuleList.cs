using System.Collections;
using System.Globalization;

namespace NativeNN.Layers;

/// <summary>
/// Modules by number, for a network that decides itself how to run them. Their parameters belong to whoever registers the list.
/// </summary>
public sealed class ModuleList : Module, IReadOnlyList<Module>
{
    /// <summary>A list of these, named "0", "1", ….</summary>
    public ModuleList(params IEnumerable<Module> modules)
    {
        foreach (var module in modules)
            Add(module);
    }

    /// <summary>How many there are.</summary>
    public int Count => NamedChildren.Count;

    /// <summary>The module of that number.</summary>
    public Module this[int index] => NamedChildren[index].Child;

    /// <summary>Adds one at the end, PyTorch's append.</summary>
    public void Add(Module module) => Register(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <inheritdoc/>
    public IEnumerator<Module> GetEnumerator() => NamedChildren.Select(c => c.Child).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) =>
        throw new InvalidOperationException("ModuleList: a list has no order of computing; call its modules, or use Sequential");
}
