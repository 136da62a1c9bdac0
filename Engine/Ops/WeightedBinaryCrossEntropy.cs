using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  l = −w·(q·t·log σ(x) + (1 − t)·log(1 − σ(x)))        w: a weight for each element, q: one for the positives of each column
    //    = w·((1 − t)·x + (1 + (q − 1)·t)·log(1 + e⁻ˣ)), since log σ(x) = −log(1 + e⁻ˣ) and log(1 − σ(x)) = −x − log(1 + e⁻ˣ)
    //  The mean divides by the number of elements, not by the weights.

    internal static OpCase[] WeightedBinaryCrossEntropyCases =>
    [
        new("BinaryCrossEntropyWithLogits weighted", [(4, 3), (4, 3)],
            t => t[0].BinaryCrossEntropyWithLogits(t[1], OpCase.From(t[0], 1, 2, 0.5f), OpCase.From(t[0], 3, 0.25f, 1))),
        new("BinaryCrossEntropyWithLogits with positives' weights, none", [(4, 3), (4, 3)],
            t => t[0].BinaryCrossEntropyWithLogits(t[1], weight: null, OpCase.From(t[0], 3, 0.25f, 1), Reduction.None)),
    ];

    /// <summary>
    /// BinaryCrossEntropyWithLogits with PyTorch's weight= (repeated to the shape of this) and pos_weight= ([columns] or the shape of
    /// this); null is 1. Throws ShapeException.
    /// </summary>
    public Tensor BinaryCrossEntropyWithLogits(Tensor target, Tensor? weight, Tensor? positiveWeight, Reduction reduction = Reduction.Mean)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"BinaryCrossEntropyWithLogits: x is {Shape} but the target is {target.Shape}; they must be equal");
        var losses = positiveWeight is null
            ? BinaryCrossEntropyWithLogits(target, Reduction.None) // whose gradient keeps its digits where it vanishes
            : (1 - target) * this + ((positiveWeight - 1) * target + 1) * (-this).Softplus();
        if (weight is not null)
            losses *= weight;
        if (losses.Shape != Shape)
            throw new ShapeException($"BinaryCrossEntropyWithLogits: x is {Shape} but with weight {weight?.Shape.ToString() ?? "none"} and "
                + $"positiveWeight {positiveWeight?.Shape.ToString() ?? "none"} the losses are {losses.Shape}; "
                + "weights must repeat to x's shape");
        return reduction switch { Reduction.Mean => losses.Mean(), Reduction.Sum => losses.Sum(), _ => losses };
    }
}
