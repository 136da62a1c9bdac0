using NativeNN.Backends;

namespace NativeNN;

public sealed partial class Tensor
{
    //  y = log Σ eˣ = m + log Σ e^(x − m)        dx = softmax(x)·dy        m: the row's largest element
    //  With m taken out nothing overflows, and −∞ (a masked element) just adds nothing.
    //  The second term is the cross-entropy of the label m is at: −log(e^(m − m) / Σ e^(x − m)).

    internal static OpCase[] LogSumExpCases =>
    [
        new("LogSumExp", [(5, 7)], t => t[0].LogSumExp()),
        new("LogSumExp of a vector", [17], t => t[0].LogSumExp()),
    ];

    /// <summary>log Σ eˣ of each row, stable. [n, c] → [n]; of a vector → [].</summary>
    public Tensor LogSumExp() =>
        Shape.Rank < 2 ? Reshape((1, Length)).LogSumExp().Reshape(Shape.Scalar) : Max() + CrossEntropy(ArgMax(), Reduction.None);
}
