using NativeNN.Layers;

namespace NativeNN.Samples.OwnOp;

//  y = x·s with s = σ(βx), β a number that is learned too (Ramachandran et al. 2017)
//  dy/dx = s + βx·s·(1 − s)        dy/dβ = x²·s·(1 − s), summed over all elements, as β is used for each
public sealed class SwishFunction(Tensor x, Tensor beta) : Function(x, beta)
{
    private Tensor? s; // forward leaves it for backward

    protected override Tensor Forward() => x * (s = (beta * x).Sigmoid());

    protected override Tensor?[] Backward(Tensor dY)
    {
        var slope = s! * (1 - s!);
        return [dY * (s! + beta * x * slope), (dY * x * x * slope).Sum()];
    }
}

/// <summary>It as a layer; β starts at 1 and is trained like any weight.</summary>
public sealed class Swish : Module
{
    private readonly Tensor beta;

    public Swish() => beta = RegisterParameter("beta", Tensor.Scalar(1));

    protected override Tensor Compute(Tensor x) => new SwishFunction(x, beta).Apply();
}
