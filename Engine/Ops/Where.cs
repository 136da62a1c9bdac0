using NativeNN.Backends;

namespace NativeNN;

//  Y = A where C is not 0, else 0        dA = dY where C is not 0, else 0        (unless: where C is 0)
//  A choice, not a product with C: what is not chosen may be NaN or ∞, and no gradient comes back to it. C is a constant.
internal sealed class WhereOp(Tensor a, Tensor condition, bool unless) : Op(a, condition)
{
    private readonly BinaryOp choice = unless ? BinaryOp.Unless : BinaryOp.Where;

    protected override Tensor Forward()
    {
        var y = NewTensor(Broadcast.ResultShape("Where", a, condition));
        Kernels.Binary(choice, a.Storage, Broadcast.StridesOf(a, y.Shape), condition.Storage, Broadcast.StridesOf(condition, y.Shape),
            y.Storage, y.Rows, y.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!a.RequiresGrad)
            return;
        var chosen = Workspace(dY.Length);
        Kernels.Binary(choice, dY.Storage, Strides.Dense(dY.Columns), Saved(condition), Broadcast.StridesOf(condition, dY.Shape), chosen,
            dY.Rows, dY.Columns);
        Broadcast.AddGradient(Kernels, chosen, dY.Shape, a, GradientOf(a, out bool accumulate), accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Where", [(4, 3), (4, 3)], t => Tensor.Where(OpCase.From(t[0], 1, 0, 1), t[0], t[1])),
        new("Where, a row or a number", [(4, 19), 19, Shape.Scalar],
            t => Tensor.Where(Tensor.Arange(4, backend: t[0].Backend).Reshape((4, 1)) > 1, t[0] + t[1], t[2])),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// a where the condition is not 0, else b, elementwise; each of the three may be repeated to the common shape. Throws ShapeException.
    /// </summary>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b)
    {
        if (condition.RequiresGrad)
            condition = condition.Detach();
        return Op.Apply(new WhereOp(a, condition, unless: false)) + Op.Apply(new WhereOp(b, condition, unless: true));
    }

    /// <summary>1 where a &gt; b, else 0: a condition for Where, without a gradient. Repeated as in a + b. Throws ShapeException.</summary>
    public static Tensor operator >(Tensor a, Tensor b)
    {
        if (a.Backend != b.Backend)
            throw new InvalidOperationException(
                $"Greater: a {a.Shape} is on '{a.Backend}' but b {b.Shape} is on '{b.Backend}'; move one of them with To(backend)");
        var y = Empty(Broadcast.ResultShape("Greater", a, b), a.Backend);
        y.Backend.Binary(BinaryOp.Greater, a.Storage, Broadcast.StridesOf(a, y.Shape), b.Storage, Broadcast.StridesOf(b, y.Shape),
            y.Storage, y.Rows, y.Columns);
        return y;
    }

    /// <summary>1 where a &lt; b, else 0.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => b > a;

    /// <summary>1 where x &gt; c, else 0.</summary>
    public static Tensor operator >(Tensor x, float c) => x > Scalar(c, x.Backend);

    /// <summary>1 where x &lt; c, else 0.</summary>
    public static Tensor operator <(Tensor x, float c) => Scalar(c, x.Backend) > x;
}
