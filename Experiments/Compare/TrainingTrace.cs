using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeNN.Layers;

namespace NativeNN.Experiments.Compare;

/// <summary>A parameter before training. Sha256 is over its raw little-endian bytes; First are its first values.</summary>
public sealed record InitialParameter(string Name, int[] Shape, string Sha256, float[] First)
{
    private const int Shown = 4;

    public static IReadOnlyList<InitialParameter> Of(Module net) => [.. net.NamedParameters().Select(p =>
    {
        float[] values = p.Parameter.ToArray();
        string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)));
        return new InitialParameter(p.Name, p.Parameter.Shape.ToArray(), hash, values[..Math.Min(Shown, values.Length)]);
    })];
}

/// <summary>A whole epoch. Accuracies in 0–1; TestAccuracy is null where there is no test.</summary>
public sealed record TraceEpoch(double TrainLoss, double TrainAccuracy, double? TestAccuracy);

/// <summary>What two trainings are compared by: initial parameters, the loss of every step, and the epochs that were finished.</summary>
public sealed record TrainingTrace(IReadOnlyList<InitialParameter> Initial, IReadOnlyList<float> Losses, IReadOnlyList<TraceEpoch> Epochs);
