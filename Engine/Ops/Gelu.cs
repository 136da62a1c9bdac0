using NativeNN.Backends;

namespace NativeNN;

//  y = x·Φ(x), Φ the normal distribution function        dy/dx = Φ(x) + x·φ(x). Hendrycks & Gimpel 2016.
internal sealed class GeluOp(Tensor x) : ElementwiseOp(Activation.Gelu, x)
{
    internal static readonly OpCase[] Cases =
    [
        new("Gelu", [(5, 7)], t => t[0].Gelu()),
        new("Gelu, 33×17", [(33, 17)], t => t[0].Gelu()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>x·Φ(x), Φ the normal distribution function, by erf, elementwise.</summary>
    public Tensor Gelu() => Op.Apply(new GeluOp(this));
}
