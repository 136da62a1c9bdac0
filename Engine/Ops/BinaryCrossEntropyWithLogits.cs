using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  L = mean(−t·log σ(x) − (1 − t)·log(1 − σ(x))) = mean(log(1 + eˣ) − x·t)        dX = (σ(X) − T)·dL/n
    //  With log σ(x) = x − log(1 + eˣ) and log(1 − σ(x)) = −log(1 + eˣ); Softplus keeps log(1 + eˣ) stable for any x.

    internal static OpCase[] BinaryCrossEntropyWithLogitsCases =>
    [
        new("BinaryCrossEntropyWithLogits", [(5, 7), (5, 7)], t => t[0].BinaryCrossEntropyWithLogits(t[1])),
        new("BinaryCrossEntropyWithLogits none", [(4, 3), (4, 3)], t => t[0].BinaryCrossEntropyWithLogits(t[1], Reduction.None)),
    ];

    /// <summary>
    /// Cross-entropy of σ(this) against targets in [0, 1] of the same shape → [] (mean or sum) or the shape itself. Throws ShapeException.
    /// </summary>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, Reduction reduction = Reduction.Mean)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"BinaryCrossEntropyWithLogits: x is {Shape} but the target is {target.Shape}; they must be equal");
        var losses = Softplus() - this * target;
        return reduction switch { Reduction.Mean => losses.Mean(), Reduction.Sum => losses.Sum(), _ => losses };
    }
}
