using NativeNN.Backends;

namespace NativeNN;

//  y = √Σ x²        dX = dY·X/y, and 0 where y = 0: there the slope depends on the direction, and 0 is PyTorch's choice
internal sealed class NormOp(Tensor x) : Op(x)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(Shape.Scalar);
        var squares = Workspace(x.Length);
        Kernels.Activate(Activation.Square, x.Storage, squares, x.Length);
        Kernels.Sum(Axis.All, squares, y.Storage, x.Rows, x.Columns);
        Kernels.Activate(Activation.Sqrt, y.Storage, y.Storage, count: 1);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        float norm = 0;
        Kernels.Read(Saved(Output), new Span<float>(ref norm));
        float factor = norm == 0 ? 0 : dY.Item() / norm;
        Kernels.Scale(Saved(x), Strides.Dense(x.Columns), factor, GradientOf(x, out bool accumulate), x.Rows, x.Columns, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Norm", [(5, 7)], t => t[0].Norm()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>√Σ x², the Frobenius (Euclidean) norm → [].</summary>
    public Tensor Norm() => Op.Apply(new NormOp(this));
}
