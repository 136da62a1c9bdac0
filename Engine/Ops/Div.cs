using NativeNN.Backends;

namespace NativeNN;

//  Y = A / B        dA = dY / B    dB = −dY ∘ Y / B    (summed over the repetitions of a broadcast operand)
internal sealed class DivOp(Tensor a, Tensor b) : Op(a, b)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(Broadcast.ResultShape("Div", a, b));
        Kernels.Binary(BinaryOp.Div, a.Storage, Broadcast.StridesOf(a, y.Shape), b.Storage, Broadcast.StridesOf(b, y.Shape), y.Storage,
            y.Rows, y.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        // q = dY / B serves both: dA = q, dB = −q∘Y.
        var q = Workspace(dY.Length);
        var dense = Strides.Dense(dY.Columns);
        Kernels.Binary(BinaryOp.Div, dY.Storage, dense, Saved(b), Broadcast.StridesOf(b, dY.Shape), q, dY.Rows, dY.Columns);
        if (a.RequiresGrad)
            Broadcast.AddGradient(Kernels, q, dY.Shape, a, GradientOf(a, out bool accumulate), accumulate);
        if (!b.RequiresGrad)
            return;
        Kernels.Binary(BinaryOp.Mul, q, dense, Saved(Output), dense, q, dY.Rows, dY.Columns);
        Broadcast.AddGradient(Kernels, q, dY.Shape, b, GradientOf(b, out bool accumulateB), accumulateB, factor: -1);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Div", [(5, 7), (5, 7)], t => t[0] / t[1]) { Low = 0.5f, High = 2 },
        new("Div of a constant", [(3, 5)], t => 2 / t[0]) { Low = 0.5f, High = 2 },
        new("Div by a column", [(4, 19), (4, 1)], t => t[0] / t[1]) { Low = 0.5f, High = 2 },
    ];
}

public sealed partial class Tensor
{
    /// <summary>a / b, elementwise; a row, a column or a number is repeated. Throws ShapeException.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Op.Apply(new DivOp(a, b));

    /// <summary>c / x.</summary>
    public static Tensor operator /(float c, Tensor x) => Scalar(c, x.Backend) / x;
}
