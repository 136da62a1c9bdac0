using System.Text.Json;
using System.Text.Json.Serialization;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Running;

/// <summary>
/// All that a training leaves for the figures: its epochs, and whatever the lecture measured per epoch, by name. It is saved with every
/// checkpoint, so figures are drawn again without training again.
/// </summary>
public sealed class Recording
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public List<EpochRecord> Epochs { get; init; } = [];

    public Dictionary<string, List<double[]>> Series { get; init; } = [];

    /// <summary>The step, counted from 1 over the whole training, whose loss was the first NaN or ∞; null if none was.</summary>
    public int? DivergedAtStep { get; set; }

    [JsonIgnore]
    public IReadOnlyList<double> TrainLosses => [.. Epochs.Select(e => e.TrainLoss)];

    [JsonIgnore]
    public IReadOnlyList<double> TrainAccuracies => [.. Epochs.Select(e => e.TrainAccuracy)];

    [JsonIgnore]
    public IReadOnlyList<double> TestAccuracies => [.. Epochs.Select(e => e.TestAccuracy)];

    /// <summary>Adds this epoch's measurement to the series of that name.</summary>
    public void Add(string series, params double[] values)
    {
        if (!Series.TryGetValue(series, out var list))
            Series.Add(series, list = []);
        list.Add(values);
    }

    /// <summary>The measurements of that name, one for each epoch.</summary>
    public IReadOnlyList<double[]> Of(string series) => Series[series];

    /// <summary>What metrics.json tells of it: a copy, as the training may go on.</summary>
    public TrainingMetrics Metrics(TrainingRecord record) => new(record.Training, [.. Epochs], DivergedAtStep, record.ToJson())
    {
        GradientNorms = GradientNorms.Of(this),
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Throws JsonException if the text is no recording.</summary>
    public static Recording FromJson(string json) =>
        JsonSerializer.Deserialize<Recording>(json, Json) is { Epochs: not null, Series: not null } recording
            ? recording
            : throw new JsonException("the recording has no epochs or series");
}
