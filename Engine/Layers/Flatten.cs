namespace NativeNN.Layers;

/// <summary>Each batch row as one vector: [n, …] → [n, rest]. Images here are rows already, so [n, d] stays as it is.</summary>
public sealed class Flatten : Module
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x) => x.Shape.Rank == 2 ? x : x.Reshape((1, x.Length));

    /// <inheritdoc/>
    protected override string ExtraRepr() => "start_dim=1, end_dim=-1";
}
