using NativeNN.Backends;

namespace NativeNN;

//  l = −t·log σ(x) − (1 − t)·log(1 − σ(x)) = (1 − t)·x + log(1 + e⁻ˣ)        dx = (σ(x) − t)·dl        dt = −x·dl
//  With log σ(x) = −log(1 + e⁻ˣ) and log(1 − σ(x)) = −x − log(1 + e⁻ˣ). Softplus keeps log(1 + e⁻ˣ) stable for any x, and a small loss its
//  digits: log(1 + eˣ) − t·x, the same number, is a small difference of large ones. PyTorch 2.x's form; 1.13's loses digits where x > 8.
internal sealed class BinaryCrossEntropyWithLogitsOp(Tensor x, Tensor target) : Op(x, target)
{
    private readonly Strides dense = Strides.Dense(x.Columns);

    protected override Tensor Forward()
    {
        if (target.Shape != x.Shape)
            throw new ShapeException($"BinaryCrossEntropyWithLogits: x is {x.Shape} but the target is {target.Shape}; they must be equal");
        var loss = NewTensor(x.Shape);
        Kernels.Fill(loss.Storage, 1, x.Length);
        Combine(BinaryOp.Sub, loss.Storage, target.Storage, loss.Storage);
        Combine(BinaryOp.Mul, loss.Storage, x.Storage, loss.Storage);
        var softplus = Workspace(x.Length);
        Kernels.Scale(x.Storage, dense, factor: -1, softplus, x.Rows, x.Columns);
        Kernels.Activate(Activation.Softplus, softplus, softplus, x.Length);
        Combine(BinaryOp.Add, loss.Storage, softplus, loss.Storage);
        return loss;
    }

    protected internal override void Backward(Tensor dY)
    {
        var work = Workspace(x.Length);
        if (x.RequiresGrad)
        {
            Kernels.Activate(Activation.Sigmoid, Saved(x), work, x.Length);
            Combine(BinaryOp.Sub, work, Saved(target), work);
            Combine(BinaryOp.Mul, work, dY.Storage, GradientOf(x, out bool accumulate), accumulate);
        }
        if (target.RequiresGrad)
        {
            Kernels.Scale(Saved(x), dense, factor: -1, work, x.Rows, x.Columns);
            Combine(BinaryOp.Mul, work, dY.Storage, GradientOf(target, out bool accumulate), accumulate);
        }
    }

    private void Combine(BinaryOp op, Storage a, Storage b, Storage y, bool accumulate = false) =>
        Kernels.Binary(op, a, dense, b, dense, y, x.Rows, x.Columns, accumulate);

    internal static readonly OpCase[] Cases =
    [
        new("BinaryCrossEntropyWithLogits", [(5, 7), (5, 7)], t => t[0].BinaryCrossEntropyWithLogits(t[1])),
        new("BinaryCrossEntropyWithLogits none", [(4, 3), (4, 3)], t => t[0].BinaryCrossEntropyWithLogits(t[1], Reduction.None)),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// Cross-entropy of σ(this) against targets in [0, 1] of the same shape → [] (mean or sum) or the shape itself. Throws ShapeException.
    /// </summary>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, Reduction reduction = Reduction.Mean)
    {
        var losses = Op.Apply(new BinaryCrossEntropyWithLogitsOp(this, target));
        return reduction switch { Reduction.Mean => losses.Mean(), Reduction.Sum => losses.Sum(), _ => losses };
    }
}
