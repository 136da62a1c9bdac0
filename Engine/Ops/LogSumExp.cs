using NativeNN.Backends;

namespace NativeNN;

//  y = log Σ eˣ = m + log Σ e^(x − m)        dx = e^(x − y)·dy, which is softmax(x)·dy        m: the row's largest element
//  With m taken out nothing overflows, and −∞ (a masked element) just adds nothing.
//  The second term is the cross-entropy of the label m is at: −log(e^(m − m) / Σ e^(x − m)).
internal sealed class LogSumExpOp(Tensor x) : Op(x)
{
    protected override Tensor Forward()
    {
        using var noGrad = new NoGrad();
        // ∞ − ∞ has no value; where m is infinite the second term may be anything finite.
        var finite = x.Clamp(float.MinValue, float.MaxValue);
        return x.Max() + finite.CrossEntropy(x.ArgMax(), Reduction.None);
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        var softmax = Workspace(x.Length);
        Strides dense = Strides.Dense(x.Columns), column = new(Row: 1, Column: 0);
        Kernels.Binary(BinaryOp.Sub, Saved(x), dense, Saved(Output), column, softmax, x.Rows, x.Columns);
        Kernels.Activate(Activation.Exp, softmax, softmax, x.Length);
        Kernels.Binary(BinaryOp.Mul, softmax, dense, dY.Storage, column, GradientOf(x, out bool accumulate), x.Rows, x.Columns, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("LogSumExp", [(5, 7)], t => t[0].LogSumExp()),
        new("LogSumExp of a vector", [17], t => t[0].LogSumExp()),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// log Σ eˣ of each row, stable. [n, c] → [n]; of a vector → []. Throws ShapeException if there are no columns.
    /// </summary>
    public Tensor LogSumExp()
    {
        LabelCheck.SomeColumns("LogSumExp", this);
        return Shape.Rank < 2 ? Reshape((1, Length)).LogSumExp().Reshape(Shape.Scalar) : Op.Apply(new LogSumExpOp(this));
    }
}
