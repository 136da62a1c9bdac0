using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  L = mean |X − T|        dX = sign(X − T)·dL/n, dT = −dX: what Sub, Abs and Mean give when chained

    internal static OpCase[] L1LossCases =>
    [
        new("L1Loss", [(5, 3), (5, 3)], t => (t[0] + OpCase.From(t[0], 3, -3, 3)).L1Loss(t[1])), // apart: a difference of 0 is a kink
        new("L1Loss sum", [(4, 3), (4, 3)], t => (t[0] + OpCase.From(t[0], 3, -3, 3)).L1Loss(t[1], Reduction.Sum)),
    ];

    /// <summary>
    /// Mean absolute error against a target of the same shape → [] (mean or sum) or the shape itself. Throws ShapeException.
    /// </summary>
    public Tensor L1Loss(Tensor target, Reduction reduction = Reduction.Mean)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"L1Loss: x is {Shape} but the target is {target.Shape}; they must be equal");
        var errors = (this - target).Abs();
        return reduction switch { Reduction.Mean => errors.Mean(), Reduction.Sum => errors.Sum(), _ => errors };
    }
}
