using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  L = mean(log(1 + eˣ) − x·t)        dX = (σ(x) − t)·dL/n: Softplus keeps it stable for any x

    /// <summary>Cross-entropy of σ(this) against targets in [0, 1] of the same shape → [] (mean or sum) or the shape. Throws ShapeException.</summary>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, Reduction reduction = Reduction.Mean)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"BinaryCrossEntropyWithLogits: x is {Shape} but the target is {target.Shape}; they must be equal");
        var losses = Softplus() - this * target;
        return reduction switch { Reduction.Mean => losses.Mean(), Reduction.Sum => losses.Sum(), _ => losses };
    }
}
