using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Losses. The labels and class weights are those of the cases in Engine/Ops.</summary>
internal static class LossCounterparts
{
    private static readonly Agreement Sums = new("the terms are added in another order", Absolute: 1e-6, OfLargest: 1e-6);

    private static readonly Agreement Composed =
        new("composed of other operations here than there", Ulps: 3, Absolute: 1e-6, OfLargest: 1e-6);

    private static readonly Agreement Logistic =
        new("exp and log are other polynomials here; a gradient of p − t cancels", Ulps: 3, Absolute: 5e-7);

    private static readonly Agreement ToTargets =
        Composed with { Why = "composed otherwise: ∞·0 on the way to a target's gradient", OnlyFinite = true };

    private static readonly Agreement Ignored =
        new("an ignored row that holds NaN or ∞ has the gradient 0 here, NaN in PyTorch, whose softmax it passes", OnlyFinite: true);

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["NllLoss"] = Labelled(5, t => functional.nll_loss(t[0], Labels(1, 0, 9, 4, 4))),
        ["NllLoss none"] = Labelled(5, t => functional.nll_loss(t[0], Labels(1, 0, 6, 4, 4), reduction: Reduction.None)),
        ["NllLoss sum"] = Labelled(3, t => functional.nll_loss(t[0], Labels(1, -100, 6), reduction: Reduction.Sum)),
        ["NllLoss weighted"] = Weighted(t => functional.nll_loss(t[0], Labels(1, 0, -100, 2), Weights())) with { Value = Composed },
        ["NllLoss weighted, none"] = Weighted(t => functional.nll_loss(t[0], Labels(1, 0, -100, 2), Weights(), Reduction.None)),
        ["CrossEntropy"] = Labelled(5, t => functional.cross_entropy(t[0], Labels(1, 0, 9, 4, 4))),
        ["CrossEntropy none"] = Labelled(5, t => functional.cross_entropy(t[0], Labels(1, 0, 6, 4, 4), reduction: Reduction.None)) with
        {
            Value = Agreement.BitsButForTheSignOfZero,
            Gradient = Agreement.BitsButForTheSignOfZero,
        },
        ["CrossEntropy sum"] = Labelled(3, t => functional.cross_entropy(t[0], Labels(1, 16, 6), reduction: Reduction.Sum)),
        ["CrossEntropy ignoring a row"] = Labelled(3, t => functional.cross_entropy(t[0], Labels(1, -100, 6))) with { Gradient = Ignored },
        ["CrossEntropy smoothed"] = Labelled(4, t => functional.cross_entropy(t[0], Labels(1, 3, 6, 6), label_smoothing: 0.1)) with
        {
            Value = Composed,
            Gradient = Composed,
        },
        ["CrossEntropy weighted"] = Weighted(t => functional.cross_entropy(t[0], Labels(1, 0, -100, 2), Weights())) with
        {
            Value = Composed,
            Gradient = Composed with { Why = Ignored.Why, OnlyFinite = true },
        },
        ["CrossEntropy smoothed and weighted, none"] = Weighted(t => functional.cross_entropy(t[0], Labels(1, 0, -100, 2), Weights(),
            reduction: Reduction.None, label_smoothing: 0.2)) with
        {
            Value = Composed with { Why = "an ignored row that holds NaN or ∞ has the loss NaN here, 0 in PyTorch", OnlyFinite = true },
            Gradient = Composed with { Why = Ignored.Why, OnlyFinite = true },
        },
        ["BinaryCrossEntropyWithLogits"] = Binary(t => functional.binary_cross_entropy_with_logits(t[0], t[1])) with { Value = Sums },
        ["BinaryCrossEntropyWithLogits none"] =
            Binary(t => functional.binary_cross_entropy_with_logits(t[0], t[1], reduction: Reduction.None)) with { Elementwise = true },
        ["BinaryCrossEntropyWithLogits weighted"] = Binary(t => functional.binary_cross_entropy_with_logits(t[0], t[1], Weights(),
            pos_weights: PositiveWeights())) with
        { FixedSizes = [3], Value = Sums, Gradient = ToTargets },
        ["BinaryCrossEntropyWithLogits with positives' weights, none"] = Binary(t => functional.binary_cross_entropy_with_logits(t[0], t[1],
            reduction: Reduction.None, pos_weights: PositiveWeights())) with
        { FixedSizes = [3], Gradient = ToTargets },
        ["KlDivLoss"] = Distance(t => functional.kl_div(t[0], t[1], log_target: false)) with { OrdinaryInputs = [1] },
        ["KlDivLoss of logarithms, sum"] = Distance(t => functional.kl_div(t[0], t[1], log_target: true, Reduction.Sum)),
        ["L1Loss"] = Distance(t => functional.l1_loss(t[0] + torch.tensor([3f, -3, 3]), t[1])) with { FixedSizes = [3] },
        ["L1Loss sum"] = Distance(t => functional.l1_loss(t[0] + torch.tensor([3f, -3, 3]), t[1], Reduction.Sum)) with { FixedSizes = [3] },
        ["SmoothL1Loss near"] = Distance(t => functional.smooth_l1_loss(t[0], t[1], beta: 2.5)),
        ["SmoothL1Loss far"] = Distance(t => functional.smooth_l1_loss(t[0] + torch.tensor([4f, -4, 5]), t[1])) with { FixedSizes = [3] },
        ["MseLoss"] = Distance(t => functional.mse_loss(t[0], t[1])),
        ["MseLoss sum"] = Distance(t => functional.mse_loss(t[0], t[1], Reduction.Sum)),
    };

    // As many rows as labels, and at least as many classes as the case has.
    private static Counterpart Labelled(int rows, Func<torch.Tensor[], torch.Tensor> of) =>
        new(of) { FixedSizes = [rows], OnlyGrows = true };

    private static Counterpart Binary(Func<torch.Tensor[], torch.Tensor> of) =>
        new(of) { OrdinaryInputs = [1], Value = Logistic, Gradient = Logistic };

    private static Counterpart Distance(Func<torch.Tensor[], torch.Tensor> of) => new(of) { Value = Sums, Gradient = Composed };

    private static Counterpart Weighted(Func<torch.Tensor[], torch.Tensor> of) => new(of) { FixedSizes = [4, 3] };

    private static torch.Tensor Labels(params long[] labels) => torch.tensor(labels);

    private static torch.Tensor PositiveWeights() => torch.tensor([3, 0.25f, 1]);

    private static torch.Tensor Weights() => torch.tensor(new[] { 1, 2, 0.5f });
}
