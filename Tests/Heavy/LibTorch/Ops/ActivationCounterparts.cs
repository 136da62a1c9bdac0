using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Functions of one element, and softmax, which is one of a row.</summary>
internal static class ActivationCounterparts
{
    private static readonly Agreement Within1 = new("exp, log and erf are other polynomials here", Ulps: 1);

    private static readonly Agreement Within2 = Within1 with { Ulps = 2 };

    private static readonly Agreement Within3 = Within1 with { Ulps = 3 };

    private static readonly Agreement NoSignOfZero = Within2 with { Why = "eˣ − 1 of −0 is 0 here", Absolute = double.Epsilon };

    private static readonly Agreement OfNaN =
        Within3 with { Why = "LibTorch's gradient of NaN is NaN in a vector, dY in what is left over; here dY", OnlyFinite = true };

    private static readonly Agreement Vanishing =
        Within3 with { Why = "1/(1 + eˣ) is 0 here where eˣ is infinite", Absolute = 1.17549435e-38 };

    private static readonly Agreement Crosses0 = new("near where it is 0, larger numbers cancel", Ulps: 4, Absolute: 5e-7);

    private static readonly Agreement Limits =
        new("LibTorch's 1 + erf cancels below 0, and of ∞ its GELU is NaN", Ulps: 4, Absolute: 2e-6, OnlyFinite: true);

    private static readonly Agreement Roots = new("MKL's square root is up to an ulp off", Ulps: 1);

    private static readonly Agreement Rows =
        new("a row's terms are added in another order, then cancel", Ulps: 2, Absolute: 1e-6, OfLargest: 1e-6);

    private static readonly Agreement Powers =
        new("e^(p·ln x) is relatively |p·ln x|·6e-8 off; of −∞ PyTorch has powers that are not whole", Ulps: 150, OnlyFinite: true);

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["Relu"] = Elementwise(x => x.relu()),
        ["LeakyRelu"] = Elementwise(x => functional.leaky_relu(x, 0.01)),
        ["LeakyRelu 0.3"] = Elementwise(x => functional.leaky_relu(x, 0.3)),
        ["Elu"] = Elementwise(x => functional.elu(x, 1), NoSignOfZero, OfNaN),
        ["Elu 0.3"] = Elementwise(x => functional.elu(x, 0.3), NoSignOfZero, OfNaN),
        ["Gelu"] = Elementwise(x => functional.gelu(x), Limits, Crosses0),
        ["Sigmoid"] = Elementwise(x => x.sigmoid(), Within2, Within2),
        ["Tanh"] = Elementwise(x => x.tanh(), Within1, Crosses0),
        ["Softplus"] = Elementwise(x => functional.softplus(x), Within2, Vanishing),
        ["Silu"] = Elementwise(x => functional.silu(x), Within2, Crosses0),
        ["Log"] = Elementwise(x => x.log(), Within1, Agreement.Bits),
        ["Pow"] = Elementwise(x => x.pow(1.7f), Powers, Powers),
        ["Pow, negative"] = Elementwise(x => x.pow(-0.4f), Powers, Powers),
        ["Pow, half"] = Elementwise(x => x.pow(0.5f), Roots, Roots),
        ["Pow, whole"] = Elementwise(x => x.pow(3), Within1, Within3),
        ["Pow, whole and negative"] = Elementwise(x => x.pow(-3), Powers, Powers),
        ["Pow, 0"] = Elementwise(x => x.pow(0)),
        ["Clamp"] = Elementwise(x => x.clamp(-3, 0.5f)),
        ["Clamp from below"] = Elementwise(x => x.clamp(-0.25f, 3)),
        ["ClampMax"] = Elementwise(x => x.clamp_max(0.2f)),
        ["ClampMax, 33×17"] = Elementwise(x => x.clamp_max(-0.5f)),
        ["ClampMin"] = Elementwise(x => x.clamp_min(0.2f)),
        ["ClampMin, 33×17"] = Elementwise(x => x.clamp_min(-0.5f)),
        ["Exp"] = Elementwise(x => x.exp(), Within1, Within2),
        ["Abs"] = Elementwise(x => x.abs()),
        ["Square"] = Elementwise(x => x.square()),
        ["Sqrt"] = Elementwise(x => x.sqrt(), Roots, Within3),
        ["Softmax"] = new(t => t[0].softmax(1)),
        ["Softmax over rows"] = new(t => t[0].softmax(0)) { Value = Rows, Gradient = Rows },
        ["LogSoftmax"] = new(t => t[0].log_softmax(1)),
    };

    private static Counterpart Elementwise(Func<torch.Tensor, torch.Tensor> of, Agreement? value = null, Agreement? gradient = null) =>
        new(t => of(t[0])) { Elementwise = true, Value = value ?? Agreement.Bits, Gradient = gradient ?? Agreement.Bits };
}
