using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  L = mean((X − T)²)        dX = 2(X − T)·dL/n, dT = −dX: what Sub, Square and Mean give when chained

    internal static OpCase[] MseLossCases =>
    [
        new("MseLoss", [(5, 7), (5, 7)], t => t[0].MseLoss(t[1])),
        new("MseLoss sum", [(4, 19), (4, 19)], t => t[0].MseLoss(t[1], Reduction.Sum)),
    ];

    /// <summary>
    /// Mean squared error against a target of the same shape → [] (mean or sum) or the shape itself. Throws ShapeException.
    /// </summary>
    public Tensor MseLoss(Tensor target, Reduction reduction = Reduction.Mean)
    {
        if (target.Shape != Shape)
            throw new ShapeException($"MseLoss: x is {Shape} but the target is {target.Shape}; they must be equal");
        var squares = (this - target).Square();
        return reduction switch { Reduction.Mean => squares.Mean(), Reduction.Sum => squares.Sum(), _ => squares };
    }
}
