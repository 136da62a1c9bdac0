using NativeNN.Backends;

namespace NativeNN;

//  Y = f(X), element by element        dX = dY ∘ f'(X)
//  One file for each f holds its formula; this class is what they have in common.
internal abstract class ElementwiseOp(Activation kind, Tensor x, float alpha = 0) : Op(x)
{
    internal Activation Kind => kind;

    internal float Alpha => alpha;

    protected override Tensor Forward()
    {
        var y = NewTensor(x.Shape);
        Kernels.Activate(kind, x.Storage, y.Storage, x.Length, alpha);
        return y;
    }

    protected internal override void Backward(Tensor dY)
    {
        if (!x.RequiresGrad)
            return;
        bool readsY = ScalarActivation.GradientReadsY(kind);
        Kernels.ActivateBackward(kind, readsY ? x.Storage : Saved(x), readsY ? Saved(Output) : Output.Storage, dY.Storage,
            GradientOf(x, out bool accumulate), x.Length, alpha, accumulate);
    }
}
