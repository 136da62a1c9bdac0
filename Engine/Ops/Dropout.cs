using NativeNN.Backends;
using NativeNN.Random;

namespace NativeNN;

//  Y = X ∘ M        M: 0 with probability p, else 1/(1−p)        dX = dY ∘ M. Srivastava et al. 2014.
//  Why 1/(1−p): kept with probability 1−p, E[y] = (1−p)·x/(1−p) = x. The next layer meets the same mean in evaluation, where nothing is
//  dropped and so nothing is scaled ('inverted': the paper scaled there instead).
//  M is drawn once and kept: to backward it is a constant, and another draw would be the derivative of another function.
internal sealed class DropoutOp(Tensor x, double p, Generator generator) : Op(x)
{
    protected override Tensor Forward()
    {
        var mask = Workspace(x.Length);
        if (p == 1)
            Kernels.Fill(mask, 0, x.Length); // nothing is kept and, as in PyTorch, nothing is drawn
        else
            Kernels.DropoutMask(mask, x.Length, p, generator);
        var y = NewTensor(x.Shape);
        Product(x.Storage, y.Storage, accumulate: false);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (x.RequiresGrad)
            Product(dY.Storage, GradientOf(x, out bool accumulate), accumulate);
    }

    private void Product(Storage values, Storage y, bool accumulate)
    {
        var dense = Strides.Dense(x.Columns);
        Kernels.Binary(BinaryOp.Mul, values, dense, Workspace(x.Length), dense, y, x.Rows, x.Columns, accumulate);
    }

    // The generator is made anew in each call, so every call drops the same elements.
    internal static readonly OpCase[] Cases =
    [
        new("Dropout", [(5, 7)], t => t[0].Dropout(0.25, new Generator(1))),
        new("Dropout of half", [(33, 17)], t => t[0].Dropout(0.5, new Generator(2))),
    ];
}

public sealed partial class Tensor
{
    /// <summary>
    /// Each element 0 with probability p, else x/(1−p). p in [0, 1]; 0 returns the tensor itself and draws nothing.
    /// Throws ArgumentOutOfRangeException.
    /// </summary>
    public Tensor Dropout(double p, Generator generator)
    {
        if (!(p is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), $"Dropout: p is {p}; needs a probability from 0 to 1");
        return p == 0 ? this : Op.Apply(new DropoutOp(this, p, generator));
    }
}
