using NativeNN.Backends;

namespace NativeNN;

//  Y = X·Wᵀ + b     X: [n, in]   W: [out, in]   b: [out]   Y: [n, out]
//  dX = dY·W   [n, out]·[out, in]        dW = dYᵀ·X   [out, n]·[n, in]        db = Σ_rows dY
internal sealed class LinearOp(Tensor x, Tensor w, Tensor? b) : Op(b is null ? [x, w] : [x, w, b])
{
    protected override Tensor Forward()
    {
        if (w.Shape.Rank != 2 || x.Columns != w.Columns)
            throw new ShapeException($"Linear: x is {x.Shape} but w is {w.Shape}; x's columns must equal w's columns (w is [out, in])");
        if (b is not null && b.Shape != w.Rows)
            throw new ShapeException($"Linear: w is {w.Shape} but b is {b.Shape}; b must be [{w.Rows}], one bias for each row of w");
        var y = NewTensor(x.Shape.Rank == 2 ? (x.Rows, w.Rows) : w.Rows);
        Kernels.Gemm(transposeA: false, x.Storage, transposeB: true, w.Storage, y.Storage,
            m: x.Rows, n: w.Rows, k: w.Columns, bias: b?.Storage);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (w.RequiresGrad)
            Kernels.Gemm(transposeA: true, dY.Storage, transposeB: false, Saved(x), GradientOf(w, out bool accumulate),
                m: w.Rows, n: w.Columns, k: x.Rows, accumulate);
        if (b is { RequiresGrad: true })
            Kernels.Sum(Axis.Rows, dY.Storage, GradientOf(b, out bool accumulate), x.Rows, w.Rows, accumulate: accumulate);
        if (x.RequiresGrad)
            Kernels.Gemm(transposeA: false, dY.Storage, transposeB: false, Saved(w), GradientOf(x, out bool accumulate),
                m: x.Rows, n: w.Columns, k: w.Rows, accumulate);
    }

    internal static readonly OpCase[] Cases =
    [
        new("Linear", [(5, 7), (3, 7), 3], t => t[0].Linear(t[1], t[2])),
        new("Linear without bias", [(4, 19), (33, 19)], t => t[0].Linear(t[1])),
        new("Linear, ten outputs", [(32, 64), (10, 64), 10], t => t[0].Linear(t[1], t[2])),
        new("Linear of a vector", [7, (3, 7), 3], t => t[0].Linear(t[1], t[2])),
        new("Linear twice with one weight", [(4, 9), (9, 9), 9], t => t[0].Linear(t[1], t[2]).Tanh().Linear(t[1], t[2])),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// y = x·Wᵀ + b. this: [n, in] or [in], weight: [out, in], bias: [out] or null → [n, out] or [out]. Throws ShapeException.
    /// </summary>
    public Tensor Linear(Tensor weight, Tensor? bias = null) => Op.Apply(new LinearOp(this, weight, bias));
}
