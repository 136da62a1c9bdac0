using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  d = |x − t|:   l = d²/2β for d < β, else d − β/2        dx = (x − t)/β·dl for d < β, else sign(x − t)·dl. Girshick 2015.
    //  With c = min(d, β) both are c·(d − c/2)/β: a parabola at first, then the straight line that touches it.

    internal static OpCase[] SmoothL1LossCases =>
    [
        new("SmoothL1Loss near", [(5, 7), (5, 7)], t => t[0].SmoothL1Loss(t[1], beta: 2.5f)),
        new("SmoothL1Loss far", [(4, 3), (4, 3)], t => (t[0] + OpCase.From(t[0], 4, -4, 5)).SmoothL1Loss(t[1])),
    ];

    /// <summary>
    /// Squared error up to a distance of β, absolute error beyond, against a target of the same shape → [] (mean or sum) or the shape
    /// itself. β = 0 is L1Loss. Throws ShapeException.
    /// </summary>
    public Tensor SmoothL1Loss(Tensor target, float beta = 1, Reduction reduction = Reduction.Mean)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"SmoothL1Loss: x is {Shape} but the target is {target.Shape}; they must be equal");
        if (!(beta >= 0))
            throw new ArgumentOutOfRangeException(nameof(beta), $"SmoothL1Loss: beta is {beta}; needs a number of at least 0");
        if (beta == 0)
            return L1Loss(target, reduction);
        var distance = (this - target).Abs();
        var near = distance.ClampMax(beta);
        var losses = near * (distance - near * 0.5f) / beta;
        return reduction switch { Reduction.Mean => losses.Mean(), Reduction.Sum => losses.Sum(), _ => losses };
    }
}
