using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Sums, means, the norm, the largest element. (sum(0) takes a type, not a dimension: that is sum([0L]).)</summary>
internal static class ReductionCounterparts
{
    private static readonly Agreement Sums = new("the terms are added in another order", Absolute: 2e-5, OfLargest: 1e-6);

    private static readonly Agreement Picked = Agreement.BitsButForTheSignOfZero;

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["Sum"] = new(t => t[0].sum()),
        ["Sum over rows"] = new(t => t[0].sum([0L])),
        ["Sum over columns"] = new(t => t[0].sum([1L])),
        ["Mean"] = new(t => t[0].mean()),
        ["Mean over rows"] = new(t => t[0].mean([0L])),
        ["Mean over columns"] = new(t => t[0].mean([1L])),
        ["Norm"] = new(t => t[0].norm()) { Value = Sums, Gradient = Sums },
        ["Max"] = new(t => (t[0] * Row(1, 2, 3) + Row(0, 4, 9)).max(1L).values) { FixedSizes = [3], Gradient = Picked },
        ["Max of a vector"] = new(t => (t[0] + Row(3, 9, 0)).max()) { FixedSizes = [3], Gradient = Picked },
        ["Min"] = new(t => (t[0] * Row(1, 2, 3) + Row(0, 4, 9)).min(1L).values) { FixedSizes = [3], Gradient = Picked },
        ["Min of a vector"] = new(t => (t[0] + Row(3, 9, 0)).min()) { FixedSizes = [3], Gradient = Picked },
        ["LogSumExp"] = new(t => t[0].logsumexp(1)) { Value = Sums, Gradient = Sums },
        ["LogSumExp of a vector"] = new(t => t[0].logsumexp(0)) { Value = Sums, Gradient = Sums },
    };

    private static torch.Tensor Row(params float[] values) => torch.tensor(values);
}
