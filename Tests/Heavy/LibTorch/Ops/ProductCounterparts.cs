using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Matrix products.</summary>
internal static class ProductCounterparts
{
    private static readonly Agreement Products =
        new("MKL adds the terms of a product in another order than OpenBLAS, whose order is ours", Absolute: 1e-5, OfLargest: 1e-6);

    private static readonly Agreement TwoProducts =
        new("what the first product rounds otherwise, tanh and the second pass on", OfLargest: 2e-5);

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["MatMul"] = Product(t => t[0].mm(t[1])),
        ["MatMul transposeA"] = Product(t => t[0].t().mm(t[1])),
        ["MatMul transposeB"] = Product(t => t[0].mm(t[1].t())),
        ["MatMul transposeA transposeB"] = Product(t => t[0].t().mm(t[1].t())),
        ["MatMul outer product"] = Product(t => t[0].mm(t[1])),
        ["MatMul of a tensor with itself"] = Product(t => t[0].mm(t[0])),
        ["Linear"] = Product(t => torch.nn.functional.linear(t[0], t[1], t[2])),
        ["Linear without bias"] = Product(t => torch.nn.functional.linear(t[0], t[1])),
        ["Linear of a vector"] = Product(t => torch.nn.functional.linear(t[0], t[1], t[2])),
        ["Linear twice with one weight"] =
            new(t => torch.nn.functional.linear(torch.nn.functional.linear(t[0], t[1], t[2]).tanh(), t[1], t[2]))
            {
                Value = TwoProducts,
                Gradient = TwoProducts,
            },
    };

    private static Counterpart Product(Func<torch.Tensor[], torch.Tensor> of) => new(of) { Value = Products, Gradient = Products };
}
