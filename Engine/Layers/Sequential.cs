using System.Globalization;

namespace NativeNN.Layers;

/// <summary>Modules one after the other, named "0", "1", … as in PyTorch.</summary>
public sealed class Sequential : Module
{
    private readonly Module[] modules;

    /// <summary>y = last(… second(first(x))).</summary>
    public Sequential(params Module[] modules)
    {
        this.modules = [.. modules]; // the caller's array may change
        for (int i = 0; i < modules.Length; i++)
            Register(i.ToString(CultureInfo.InvariantCulture), modules[i]);
    }

    /// <summary>The modules, in order.</summary>
    public IReadOnlyList<Module> Modules => modules;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        foreach (var module in modules)
            x = module.Forward(x);
        return x;
    }
}
