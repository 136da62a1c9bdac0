using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Sums, differences, products and quotients of elements, and dropout, which is a product.</summary>
internal static class ArithmeticCounterparts
{
    private static readonly Agreement Broadcast =
        new("the gradient of what was repeated is a sum, added in another order", Absolute: 2e-5, OfLargest: 1e-6);

    private static readonly Agreement Quotients =
        new("of the divisor's gradient −dY·a/b² each takes the parts in another order", Ulps: 2, OnlyFinite: true);

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["Add"] = new(t => t[0] + t[1]) { Elementwise = true },
        ["Add a row"] = new(t => t[0] + t[1]) { Gradient = Broadcast },
        ["Add a column"] = new(t => t[0] + t[1]) { Gradient = Broadcast },
        ["Add a number"] = new(t => t[0] + t[1]) { Gradient = Broadcast },
        ["Add a constant, from both sides"] = new(t => 1.5f + (t[0] + 1)) { Elementwise = true },
        ["Add to itself, twice"] = new(t =>
        {
            var b = t[0] + t[0];
            return b + b;
        })
        { Elementwise = true },
        ["Sub"] = new(t => t[0] - t[1]) { Elementwise = true },
        ["Sub from a row"] = new(t => t[0] - t[1]) { Gradient = Broadcast },
        ["Sub a constant, and from one"] = new(t => 1 - (t[0] - 2.5f)) { Elementwise = true },
        ["Sub a column"] = new(t => t[0] - t[1]) { Gradient = Broadcast },
        ["Mul"] = new(t => t[0] * t[1]) { Elementwise = true },
        ["Mul by a row"] = new(t => t[0] * t[1]) { Gradient = Broadcast },
        ["Mul column by row"] = new(t => t[0] * t[1]) { Gradient = Broadcast },
        ["Mul by a number"] = new(t => t[0] * t[1]) { Gradient = Broadcast },
        ["Mul with itself"] = new(t => t[0] * t[0]) { Elementwise = true },
        ["Div"] = new(t => t[0] / t[1]) { Elementwise = true, Gradient = Quotients },
        ["Div of a constant"] = new(t => 2 / t[0]) { Elementwise = true, Gradient = Quotients },
        ["Div by a column"] = new(t => t[0] / t[1]) { Gradient = Broadcast },
        ["Scale"] = new(t => t[0] * -1.5f) { Elementwise = true },
        ["Function"] = new(t => t[0] * t[1]) { Elementwise = true },
        ["Dropout"] = new(t => Dropout(t[0], p: 0.25, seed: 1)),
        ["Dropout of half"] = new(t => Dropout(t[0], p: 0.5, seed: 2)),
    };

    private static torch.Tensor Dropout(torch.Tensor x, double p, long seed)
    {
        torch.manual_seed(seed);
        return torch.nn.functional.dropout(x, p, training: true);
    }
}
