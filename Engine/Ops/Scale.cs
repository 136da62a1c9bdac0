using NativeNN.Backends;

namespace NativeNN;

//  Y = c·X          dX = c·dY
internal sealed class ScaleOp(Tensor x, float factor) : Op(x)
{
    internal float Factor => factor;

    protected override Tensor Forward()
    {
        var y = NewTensor(x.Shape);
        Kernels.Scale(x.Storage, Strides.Dense(x.Columns), factor, y.Storage, x.Rows, x.Columns);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (x.RequiresGrad)
            Kernels.Scale(dY.Storage, Strides.Dense(x.Columns), factor, GradientOf(x, out bool accumulate), x.Rows, x.Columns, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Scale", [(5, 7)], t => t[0] * -1.5f),
    ];
}

public sealed partial class Tensor
{
    /// <summary>c·x.</summary>
    public static Tensor operator *(Tensor x, float factor) => Op.Apply(new ScaleOp(x, factor));

    /// <summary>c·x.</summary>
    public static Tensor operator *(float factor, Tensor x) => x * factor;

    /// <summary>x / c: divided, not multiplied by 1/c, which would be rounded twice.</summary>
    public static Tensor operator /(Tensor x, float divisor) => x / Full(Shape.Scalar, divisor, x.Backend);

    /// <summary>−x.</summary>
    public static Tensor operator -(Tensor x) => x * -1;
}
