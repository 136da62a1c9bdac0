using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    /// <summary>The index of the largest element of each row, the first of equals; a NaN counts as largest. [n, c] → n indices.</summary>
    public Labels ArgMax()
    {
        var indices = Backend.Allocate(Rows);
        Backend.ArgMax(Storage, indices, Rows, Columns);
        return new Labels(indices, Rows, range: (0, Columns - 1));
    }

    //  y_r = x[r, argmax_r]: the likelihood loss picks one element a row, −(−x) = x; the gradient goes to the element picked

    /// <summary>The largest element of each row. [n, c] → [n]; of a vector → [].</summary>
    public Tensor Max() => Shape.Rank < 2 ? Reshape((1, Length)).Max().Reshape(Shape.Scalar) : -NllLoss(ArgMax(), Reduction.None);

    //  log Σ eˣ = m + log Σ e^(x − m) with m the row's largest element: no overflow, and −∞ (a masked element) just adds nothing.
    //  The second term is the cross-entropy of the label m is at.

    /// <summary>log Σ eˣ of each row, stable. [n, c] → [n]; of a vector → [].</summary>
    public Tensor LogSumExp() =>
        Shape.Rank < 2 ? Reshape((1, Length)).LogSumExp().Reshape(Shape.Scalar) : Max() + CrossEntropy(ArgMax(), Reduction.None);

    /// <summary>How many rows have their largest element at the row's label. this: [n, classes]. Throws ShapeException.</summary>
    public int CountCorrect(Labels labels)
    {
        LabelsOfLoss.CheckCount("CountCorrect", this, labels);
        var count = Backend.Allocate(1);
        Backend.CountCorrect(Storage, labels.Storage, Rows, Columns, count, index: 0);
        int correct = 0;
        Backend.ReadInts(count, new Span<int>(ref correct));
        Backend.Recycle(count);
        return correct;
    }
}
