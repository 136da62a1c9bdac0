using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Functions of one element, and softmax, which is one of a row.</summary>
internal static class ActivationCounterparts
{
    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["Relu"] = Elementwise(x => x.relu()),
        ["LeakyRelu"] = Elementwise(x => functional.leaky_relu(x, 0.01)),
        ["LeakyRelu 0.3"] = Elementwise(x => functional.leaky_relu(x, 0.3)),
        ["Elu"] = Elementwise(x => functional.elu(x, 1)),
        ["Elu 0.3"] = Elementwise(x => functional.elu(x, 0.3)),
        ["Gelu"] = Elementwise(x => functional.gelu(x)),
        ["Sigmoid"] = Elementwise(x => x.sigmoid()),
        ["Tanh"] = Elementwise(x => x.tanh()),
        ["Softplus"] = Elementwise(x => functional.softplus(x)),
        ["Exp"] = Elementwise(x => x.exp()),
        ["Abs"] = Elementwise(x => x.abs()),
        ["Square"] = Elementwise(x => x.square()),
        ["Sqrt"] = Elementwise(x => x.sqrt()),
        ["Softmax"] = new(t => t[0].softmax(1)),
        ["Softmax over rows"] = new(t => t[0].softmax(0)),
        ["LogSoftmax"] = new(t => t[0].log_softmax(1)),
    };

    private static Counterpart Elementwise(Func<torch.Tensor, torch.Tensor> of) => new(t => of(t[0])) { Elementwise = true };
}
