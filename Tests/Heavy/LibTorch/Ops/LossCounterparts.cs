using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Losses. The labels and class weights are those of the cases in Engine/Ops.</summary>
internal static class LossCounterparts
{
    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["NllLoss"] = Labelled(5, t => functional.nll_loss(t[0], Labels(1, 0, 9, 4, 4))),
        ["NllLoss none"] = Labelled(5, t => functional.nll_loss(t[0], Labels(1, 0, 6, 4, 4), reduction: Reduction.None)),
        ["NllLoss sum"] = Labelled(3, t => functional.nll_loss(t[0], Labels(1, -100, 6), reduction: Reduction.Sum)),
        ["CrossEntropy"] = Labelled(5, t => functional.cross_entropy(t[0], Labels(1, 0, 9, 4, 4))),
        ["CrossEntropy none"] = Labelled(5, t => functional.cross_entropy(t[0], Labels(1, 0, 6, 4, 4), reduction: Reduction.None)),
        ["CrossEntropy sum"] = Labelled(3, t => functional.cross_entropy(t[0], Labels(1, 16, 6), reduction: Reduction.Sum)),
        ["CrossEntropy ignoring a row"] = Labelled(3, t => functional.cross_entropy(t[0], Labels(1, -100, 6))),
        ["CrossEntropy smoothed"] = Labelled(4, t => functional.cross_entropy(t[0], Labels(1, 3, 6, 6), label_smoothing: 0.1)),
        ["CrossEntropy weighted"] = Weighted(t => functional.cross_entropy(t[0], Labels(1, 0, -100, 2), Weights())),
        ["CrossEntropy smoothed and weighted, none"] = Weighted(t => functional.cross_entropy(t[0], Labels(1, 0, -100, 2), Weights(),
            reduction: Reduction.None, label_smoothing: 0.2)),
        ["BinaryCrossEntropyWithLogits"] = new(t => functional.binary_cross_entropy_with_logits(t[0], t[1])),
        ["BinaryCrossEntropyWithLogits none"] =
            new(t => functional.binary_cross_entropy_with_logits(t[0], t[1], reduction: Reduction.None)) { Elementwise = true },
        ["MseLoss"] = new(t => functional.mse_loss(t[0], t[1])),
        ["MseLoss sum"] = new(t => functional.mse_loss(t[0], t[1], Reduction.Sum)),
    };

    // As many rows as labels, and at least as many classes as the case has.
    private static Counterpart Labelled(int rows, Func<torch.Tensor[], torch.Tensor> of) =>
        new(of) { FixedSizes = [rows], OnlyGrows = true };

    private static Counterpart Weighted(Func<torch.Tensor[], torch.Tensor> of) => new(of) { FixedSizes = [4, 3] };

    private static torch.Tensor Labels(params long[] labels) => torch.tensor(labels);

    private static torch.Tensor Weights() => torch.tensor(new[] { 1, 2, 0.5f });
}
