using NativeNN.Backends;

namespace NativeNN;

//  Y = A ∘ B        dA = dY ∘ B    dB = dY ∘ A    (summed over the repetitions of a broadcast operand)
internal sealed class MulOp(Tensor a, Tensor b) : Op(a, b)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(Broadcast.ResultShape("Mul", a, b));
        Kernels.Binary(BinaryOp.Mul, a.Storage, Broadcast.StridesOf(a, y.Shape), b.Storage, Broadcast.StridesOf(b, y.Shape), y.Storage,
            y.Rows, y.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (a.RequiresGrad)
            AddProduct(dY, b, to: a);
        if (b.RequiresGrad)
            AddProduct(dY, a, to: b);
    }

    private void AddProduct(Tensor dY, Tensor other, Tensor to)
    {
        var gradient = GradientOf(to, out bool accumulate);
        bool repeated = to.Length != dY.Length;
        var product = repeated ? Workspace(dY.Length) : gradient;
        Kernels.Binary(BinaryOp.Mul, dY.Storage, Strides.Dense(dY.Columns), Saved(other), Broadcast.StridesOf(other, dY.Shape), product,
            dY.Rows, dY.Columns, accumulate && !repeated);
        if (repeated)
            Broadcast.AddGradient(Kernels, product, dY.Shape, to, gradient, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Mul", [(5, 7), (5, 7)], t => t[0] * t[1]),
        new("Mul by a row", [(33, 17), 17], t => t[0] * t[1]),
        new("Mul column by row", [(9, 1), (1, 4)], t => t[0] * t[1]),
        new("Mul by a number", [(3, 5), Shape.Scalar], t => t[0] * t[1]),
        new("Mul with itself", [(3, 5)], t => t[0] * t[0]),
    ];
}

public sealed partial class Tensor
{
    /// <summary>a ∘ b, elementwise; a row, a column or a number is repeated. Throws ShapeException.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Op.Apply(new MulOp(a, b));
}
