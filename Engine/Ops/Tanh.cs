using NativeNN.Backends;

namespace NativeNN;

//  y = tanh x        dy/dx = 1 − y²
internal sealed class TanhOp(Tensor x) : ElementwiseOp(Activation.Tanh, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Tanh", [(5, 7)], t => t[0].Tanh()),
        new("Tanh, 33×17", [(33, 17)], t => t[0].Tanh()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>tanh x, elementwise.</summary>
    public Tensor Tanh() => Op.Apply(new TanhOp(this));
}
