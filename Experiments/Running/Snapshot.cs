using NativeNN.Layers;

namespace NativeNN.Experiments.Running;

/// <summary>A copy of a network's parameters at one moment.</summary>
public sealed class Snapshot
{
    private Snapshot(IReadOnlyDictionary<string, Tensor> state, IReadOnlyList<(string Name, float[] Values)> byName) =>
        (State, ByName) = (state, byName);

    /// <summary>For LoadStateDict.</summary>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Every parameter with its values, in the network's order.</summary>
    public IReadOnlyList<(string Name, float[] Values)> ByName { get; }

    /// <summary>All weight matrices of all layers in one vector; the factors of a normalisation are none.</summary>
    public float[] Weights => [.. ByName.Where(p => State[p.Name].Shape.Rank == 2).SelectMany(p => p.Values)];

    /// <summary>All biases of all layers in one vector.</summary>
    public float[] Biases => Join("bias");

    /// <summary>All parameters in one vector.</summary>
    public float[] All => Join("");

    public static Snapshot Of(Module net)
    {
        var state = net.StateDict();
        return new Snapshot(state, [.. net.NamedParameters().Select(p => (p.Name, state[p.Name].ToArray()))]);
    }

    private float[] Join(string suffix) =>
        [.. ByName.Where(p => p.Name.EndsWith(suffix, StringComparison.Ordinal)).SelectMany(p => p.Values)];
}
