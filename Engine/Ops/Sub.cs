using NativeNN.Backends;

namespace NativeNN;

//  Y = A − B        dA = dY        dB = −dY       (summed over the repetitions of a broadcast operand)
internal sealed class SubOp(Tensor a, Tensor b) : Op(a, b)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(Broadcast.ResultShape("Sub", a, b));
        Kernels.Binary(BinaryOp.Sub, a.Storage, Broadcast.StridesOf(a, y.Shape), b.Storage, Broadcast.StridesOf(b, y.Shape), y.Storage,
            y.Rows, y.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (a.RequiresGrad)
            Broadcast.AddGradient(Kernels, dY.Storage, dY.Shape, a, GradientOf(a, out bool accumulate), accumulate);
        if (b.RequiresGrad)
            Broadcast.AddGradient(Kernels, dY.Storage, dY.Shape, b, GradientOf(b, out bool accumulate), accumulate, factor: -1);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Sub", [(5, 7), (5, 7)], t => t[0] - t[1]),
        new("Sub from a row", [17, (33, 17)], t => t[0] - t[1]),
        new("Sub a constant, and from one", [(3, 5)], t => 1 - (t[0] - 2.5f)),
        new("Sub a column", [(4, 19), (4, 1)], t => t[0] - t[1]),
    ];
}

public sealed partial class Tensor
{
    /// <summary>a − b, elementwise; a row, a column or a number is repeated. Throws ShapeException.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Op.Apply(new SubOp(a, b));

    /// <summary>x − c.</summary>
    public static Tensor operator -(Tensor x, float c) => x - Scalar(c, x.Backend);

    /// <summary>c − x.</summary>
    public static Tensor operator -(float c, Tensor x) => Scalar(c, x.Backend) - x;
}
