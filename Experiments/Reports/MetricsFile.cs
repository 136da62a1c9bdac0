using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// metrics.json, as metrics.schema.json beside this file describes it, and the same epochs as metrics.csv. Accuracies in 0–1; a number that
/// is not finite is null.
/// </summary>
public static class MetricsFile
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(LectureReport report)
    {
        var main = report.Trainings.FirstOrDefault() ?? new TrainingMetrics("", [], DivergedAtStep: null);
        var root = new JsonObject
        {
            ["lecture"] = report.Lecture,
            ["date"] = report.Date.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["quick"] = report.Quick,
            ["versions"] = new JsonObject { ["nativenn"] = Machine.Version, ["dotnet"] = Environment.Version.ToString() },
            ["settings"] = JsonObject.Create(report.Settings),
            ["seed"] = report.Seed,
            ["device"] = report.Device,
            ["dataset"] = new JsonObject
            {
                ["name"] = report.Dataset.Name,
                ["train"] = report.Dataset.Train,
                ["test"] = report.Dataset.Test,
            },
            ["epochs"] = Epochs(main),
            ["diverged_at_step"] = main.DivergedAtStep,
            ["record"] = Record(main),
            ["trainings"] = new JsonObject(report.Trainings.Skip(1).Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key,
                new JsonObject { ["epochs"] = Epochs(t), ["diverged_at_step"] = t.DivergedAtStep, ["record"] = Record(t) }))),
            ["claims"] = new JsonArray([.. report.Claims.Select(c =>
                new JsonObject { ["claim"] = c.Said, ["measured"] = c.Measured, ["verdict"] = c.VerdictText })]),
            ["results"] = new JsonArray([.. report.Items.OfType<ResultLine>().Select(r => JsonValue.Create(r.Text))]),
            ["figures"] = new JsonArray([.. report.Figures.SelectMany(f => f.Files).Select(f => JsonValue.Create(f))]),
            ["seconds"] = Math.Round(report.Seconds, 3),
        };
        ResultFile.Write(Path.Combine(report.Folder, "metrics.csv"), Encoding.UTF8.GetBytes(MetricsCsv.Of(report.Trainings)));
        ResultFile.Write(Path.Combine(report.Folder, "metrics.json"), Encoding.UTF8.GetBytes(root.ToJsonString(Indented) + "\n"));
    }

    private static JsonObject? Record(TrainingMetrics training) => training.Record is { } record ? JsonObject.Create(record) : null;

    private static JsonArray Epochs(TrainingMetrics training) => new([.. training.Epochs.Select((e, i) => new JsonObject
    {
        ["epoch"] = e.Epoch,
        ["train_loss"] = Finite(e.TrainLoss),
        ["train_accuracy"] = Finite(e.TrainAccuracy),
        ["test_loss"] = Finite(e.TestLoss),
        ["test_accuracy"] = Finite(e.TestAccuracy),
        ["gradient_norms"] = new JsonObject(training.GradientNorms.Select(n => KeyValuePair.Create(n.Key, Finite(n.Value[i])))),
        ["seconds"] = Math.Round(e.Seconds, 4),
    })]);

    private static JsonNode? Finite(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
