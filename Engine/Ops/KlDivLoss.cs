using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  l = t·(ln t − x), 0 where t = 0        x: log-probabilities, t: probabilities        dx = −t·dl
    //  Its sum over a row is the Kullback–Leibler divergence of x from t: 0 where they agree, else above.

    internal static OpCase[] KlDivLossCases =>
    [
        new("KlDivLoss", [(5, 7), (5, 7)], t => t[0].KlDivLoss(t[1])) { Low = 0.2f, High = 1 },
        new("KlDivLoss of logarithms, sum", [(4, 3), (4, 3)], t => t[0].KlDivLoss(t[1], Reduction.Sum, logTarget: true)),
    ];

    /// <summary>
    /// Kullback–Leibler divergence of log-probabilities from target probabilities (their logarithms with logTarget) of the same shape → []
    /// or the shape itself. As in PyTorch Mean is over all elements; PyTorch's batchmean is Sum divided by Rows. Throws ShapeException.
    /// </summary>
    public Tensor KlDivLoss(Tensor target, Reduction reduction = Reduction.Mean, bool logTarget = false)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"KlDivLoss: x is {Shape} but the target is {target.Shape}; they must be equal");
        var losses = logTarget
            ? target.Exp() * (target - this)
            : Where(target, target * target.Log(), Scalar(0, Backend)) - target * this;
        return reduction switch { Reduction.Mean => losses.Mean(), Reduction.Sum => losses.Sum(), _ => losses };
    }
}
