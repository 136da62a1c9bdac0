using TorchSharp;
using static TorchSharp.torch.nn;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Variances, and what is divided by their roots.</summary>
internal static class NormalizationCounterparts
{
    private static readonly Agreement Moments =
        new("means and squares around them are added in another order", Absolute: 1e-5, OfLargest: 2e-6);

    private static readonly Agreement Slopes =
        Moments with { Why = "added in another order, and of infinite deviations ∞ in PyTorch, NaN here", OnlyFinite = true };

    public static Dictionary<string, Counterpart> All { get; } = new()
    {
        ["Var"] = Of(t => t[0].var()),
        ["Var over rows"] = Of(t => t[0].var([0L])),
        ["Var over columns, biased"] = Of(t => t[0].var([1L], unbiased: false)),
        ["Std"] = Of(t => t[0].std()),
        ["Std over rows"] = Of(t => t[0].std([0L])),
        ["Std over columns, biased"] = Of(t => t[0].std([1L], unbiased: false)),
        ["BatchNorm"] = Of(t => functional.batch_norm(t[0], null!, null!, t[1], t[2], training: true)) with { OnlyGrows = true },
        ["BatchNorm with given statistics"] =
            Of(t => functional.batch_norm(t[0], torch.tensor([0.1f, -1, 2]), torch.tensor([1, 4, 0.5f]))) with { FixedSizes = [3] },
        ["LayerNorm"] = Of(t => functional.layer_norm(t[0], [t[0].shape[1]], t[1], t[2])) with { OnlyGrows = true },
        ["LayerNorm of a vector"] = Of(t => functional.layer_norm(t[0], [t[0].shape[0]])) with { OnlyGrows = true },
    };

    private static Counterpart Of(Func<torch.Tensor[], torch.Tensor> of) => new(of) { Value = Moments, Gradient = Slopes };
}
