using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Matrix products and what moves elements without computing.</summary>
internal static class ProductCounterparts
{
    private static readonly Agreement Products = new("MKL adds the terms of a product in another order than OpenBLAS, whose order is ours",
        OfLargest: 1e-6);

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
            Product(t => torch.nn.functional.linear(torch.nn.functional.linear(t[0], t[1], t[2]).tanh(), t[1], t[2])),
        ["Transpose"] = new(t => t[0].t()),
        ["Transpose plus itself"] = new(t => t[0].t() + t[0]),
        ["Reshape"] = new(t => t[0].reshape(3, 10)) { FixedSizes = [5, 6] },
        ["Flatten"] = new(t => t[0].flatten()),
    };

    private static Counterpart Product(Func<torch.Tensor[], torch.Tensor> of) => new(of) { Value = Products, Gradient = Products };
}
