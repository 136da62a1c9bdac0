using System.Text.Json;

namespace NativeNN.Experiments.Reports;

/// <summary>One epoch of a training. Accuracies in 0–1; TestAccuracy is NaN where the lecture doesn't test.</summary>
public sealed record EpochRecord(int Epoch, double TrainLoss, double TrainAccuracy, double TestAccuracy, double Seconds)
{
    /// <summary>Mean over the test images, after the epoch; NaN where the lecture doesn't test.</summary>
    public double TestLoss { get; init; } = double.NaN;
}

/// <summary>
/// What metrics.json tells of one training of a lecture. DivergedAtStep counts from 1 over the whole training; null if it never did. Record
/// is what it was made from (seed, data, recipe), null before it has begun.
/// </summary>
public sealed record TrainingMetrics(
    string Key, IReadOnlyList<EpochRecord> Epochs, int? DivergedAtStep, JsonElement? Record = null)
{
    /// <summary>Of each layer, the norm of its gradient at each epoch's last step.</summary>
    public IReadOnlyDictionary<string, double[]> GradientNorms { get; init; } = new Dictionary<string, double[]>();
}
