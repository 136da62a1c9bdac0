using TorchSharp;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>What an <see cref="OpCase"/> is in LibTorch, and how near the two must be.</summary>
internal sealed record Counterpart(Func<torch.Tensor[], torch.Tensor> Of)
{
    public Agreement Value { get; init; } = Agreement.Bits;

    public Agreement Gradient { get; init; } = Agreement.Bits;

    /// <summary>Each element of the result depends on the elements in its place alone.</summary>
    public bool Elementwise { get; init; }

    /// <summary>Sizes that the case's constants (labels, weights) fix; others are drawn at random, alike where they are alike.</summary>
    public int[] FixedSizes { get; init; } = [];

    /// <summary>Inputs that keep to the case's own range: targets, which are probabilities.</summary>
    public int[] OrdinaryInputs { get; init; } = [];

    /// <summary>Sizes may grow, but not shrink: labels and slices must stay inside.</summary>
    public bool OnlyGrows { get; init; }

    /// <summary>Of the case of that name, or of the name before its comma: "Relu, 33×17" is "Relu" in another shape.</summary>
    public static Counterpart Find(string name)
    {
        foreach (string known in new[] { name, name.Split(',')[0] })
            if (All.TryGetValue(known, out var counterpart))
                return counterpart;
        throw new KeyNotFoundException($"OpCase '{name}' has no counterpart in LibTorch: add one to a table in Tests/Heavy/LibTorch/Ops");
    }

    /// <summary>All of them, by the names of the cases.</summary>
    public static IReadOnlyDictionary<string, Counterpart> All { get; } = new[]
    {
        MovementCounterparts.All, ProductCounterparts.All, ArithmeticCounterparts.All, ReductionCounterparts.All,
        ActivationCounterparts.All, NormalizationCounterparts.All, LossCounterparts.All,
    }.SelectMany(table => table).ToDictionary();
}
