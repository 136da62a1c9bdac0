using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  y_r = x[r, argmax_r]        dx[r, argmax_r] = dy_r, 0 elsewhere
    //  The likelihood loss picks one element a row and turns its sign, so −NllLoss(x, argmax) is the maximum, gradient included.

    internal static OpCase[] MaxCases =>
    [
        // Columns and numbers kept apart, so that no step of the gradient check changes which is largest: a tie is a kink.
        new("Max", [(5, 3)], t => (t[0] * OpCase.From(t[0], 1, 2, 3) + OpCase.From(t[0], 0, 4, 9)).Max()),
        new("Max of a vector", [3], t => (t[0] + OpCase.From(t[0], 3, 9, 0)).Max()),
    ];

    /// <summary>The largest element of each row. [n, c] → [n]; of a vector → [].</summary>
    public Tensor Max() => Shape.Rank < 2 ? Reshape((1, Length)).Max().Reshape(Shape.Scalar) : -NllLoss(ArgMax(), Reduction.None);
}
