using NativeNN.Backends;

namespace NativeNN;

//  Y = A + B        dA = dY        dB = dY        (summed over the repetitions of a broadcast operand)
internal sealed class AddOp(Tensor a, Tensor b) : Op(a, b)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(Broadcast.ResultShape("Add", a, b));
        Kernels.Binary(BinaryOp.Add, a.Storage, Broadcast.StridesOf(a, y.Shape), b.Storage, Broadcast.StridesOf(b, y.Shape), y.Storage,
            y.Rows, y.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (a.RequiresGrad)
            Broadcast.AddGradient(Kernels, dY.Storage, dY.Shape, a, GradientOf(a, out bool accumulate), accumulate);
        if (b.RequiresGrad)
            Broadcast.AddGradient(Kernels, dY.Storage, dY.Shape, b, GradientOf(b, out bool accumulate), accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Add", [(5, 7), (5, 7)], t => t[0] + t[1]),
        new("Add a row", [(33, 17), 17], t => t[0] + t[1]),
        new("Add a column", [(4, 19), (4, 1)], t => t[0] + t[1]),
        new("Add a number", [Shape.Scalar, (3, 5)], t => t[0] + t[1]),
        new("Add a constant, from both sides", [(3, 5)], t => 1.5f + (t[0] + 1)),
        new("Add to itself, twice", [(3, 5)], t => { var b = t[0] + t[0]; return b + b; }),
    ];
}

public sealed partial class Tensor
{
    /// <summary>a + b, elementwise; a row, a column or a number is repeated. Throws ShapeException.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Op.Apply(new AddOp(a, b));

    /// <summary>x + c.</summary>
    public static Tensor operator +(Tensor x, float c) => x + Scalar(c, x.Backend);

    /// <summary>c + x.</summary>
    public static Tensor operator +(float c, Tensor x) => Scalar(c, x.Backend) + x;
}
