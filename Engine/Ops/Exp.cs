using NativeNN.Backends;

namespace NativeNN;

//  y = eˣ        dy/dx = y
internal sealed class ExpOp(Tensor x) : ElementwiseOp(Activation.Exp, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Exp", [(5, 7)], t => t[0].Exp()),
        new("Exp, 33×17", [(33, 17)], t => t[0].Exp()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>eˣ, elementwise.</summary>
    public Tensor Exp() => Op.Apply(new ExpOp(this));
}
