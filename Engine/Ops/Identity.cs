using NativeNN.Backends;

namespace NativeNN;

//  Y = X        dX = dY, which it shows to whoever asked: a module's AfterBackward
internal sealed class IdentityOp(Tensor x, Action<Tensor> onBackward) : Op(x)
{
    protected override Tensor Forward()
    {
        var y = NewTensor(x.Shape);
        Kernels.Copy(x.Storage, 0, y.Storage, 0, x.Length);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        onBackward(dY);
        if (x.RequiresGrad)
            Kernels.Scale(dY.Storage, Strides.Dense(x.Columns), factor: 1, GradientOf(x, out bool accumulate), x.Rows, x.Columns,
                accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Identity", [(5, 7)], t => Op.Apply(new IdentityOp(t[0], _ => { }))),
    ];
}
