using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using NativeNN.Data;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Running;

/// <summary>
/// All that a training's numbers depend on: the recipe as it was trained, with whatever options changed, the seed, the device and the data.
/// Checkpoints, metrics.json, the pages and --resume's check read this and nothing else; a new setting of a recipe is in it by itself.
/// </summary>
public sealed record TrainingRecord
{
    /// <summary>The training's name within its lecture, which is its checkpoint's too.</summary>
    public required string Training { get; init; }

    public required Recipe Recipe { get; init; }

    public required long Seed { get; init; }

    public required string Device { get; init; }

    public required DataRecord Data { get; init; }

    /// <summary>The record of a recipe trained on that data, for that many epochs.</summary>
    public static TrainingRecord Of(string training, Recipe recipe, TrainingData data, int epochs, long seed) => new()
    {
        Training = training,
        Recipe = recipe with { Epochs = epochs },
        Seed = seed,
        Device = data.Train.Backend.Name,
        Data = DataRecord.Of(data, classes: recipe.Network.Widths[^1]),
    };

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Json);

    /// <summary>Throws JsonException if the text is no record.</summary>
    public static TrainingRecord FromJson(string json) =>
        JsonSerializer.Deserialize<TrainingRecord>(json, Json) ?? throw new JsonException("the record is null");

    /// <summary>The first setting that makes other numbers there than here; null if none does.</summary>
    public static (string Name, string There, string Here)? Difference(JsonElement there, JsonElement here) =>
        Differences(there, here).Select(d => ((string, string, string)?)d).FirstOrDefault();

    /// <summary>What the command line changed of a lecture's recipe: "--lr 0.1 instead of 0.01", an entry for each option.</summary>
    public static IReadOnlyList<string> Changes(Recipe lecture, Recipe now) =>
        [.. Differences(ToJson(lecture), ToJson(now)).Where(d => Options.ContainsValue(d.Name))
            .Select(d => $"{d.Name} {d.Here} instead of {(d.There == "" ? "nothing" : d.There)}")];

    private static JsonElement ToJson(Recipe recipe) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, Recipe> { ["recipe"] = recipe }, Json);

    private static IEnumerable<(string Name, string There, string Here)> Differences(JsonElement there, JsonElement here)
    {
        var (saved, own) = (Settings.Of(there).ToDictionary(), Settings.Of(here).ToDictionary());
        foreach (string name in own.Keys.Union(saved.Keys).Except(WithoutEffect))
            if (saved.GetValueOrDefault(name, "") is var value && own.GetValueOrDefault(name, "") is var wanted && value != wanted)
                yield return (OptionOf(name), value, wanted);
    }

    // A training may go on for more epochs, and its data may have moved: their hash tells.
    private static readonly string[] WithoutEffect = ["recipe.epochs", "data.name"];

    // The options that decide these settings.
    private static readonly Dictionary<string, string> Options = new()
    {
        ["seed"] = "--seed",
        ["device"] = "--device",
        ["recipe.optimizer.kind"] = "--optimizer",
        ["recipe.optimizer.learningRate"] = "--lr",
        ["recipe.optimizer.momentum"] = "--momentum",
        ["recipe.optimizer.weightDecay"] = "--weight-decay",
        ["recipe.batchSize"] = "--batch-size",
        ["recipe.loss"] = "--loss",
        ["recipe.initialization"] = "--init",
        ["recipe.network.dropout"] = "--dropout",
        ["recipe.network.widths"] = "--hidden",
    };

    private static string OptionOf(string name) => Options.GetValueOrDefault(name)
        ?? (name.StartsWith("data.", StringComparison.Ordinal) ? $"--data, {name["data.".Length..]}" : name);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true, // what is computed from the others
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(),
            new NamedConverter<Normalization>(n => n.Name, Normalization.Named),
            new NamedConverter<LossFunction>(l => l.Name, LossFunction.Named),
            // How a network started is in its weights: the name is all that is needed of it.
            new NamedConverter<Initialization>(i => i.Name, name => new(name, (_, _) => throw new InvalidOperationException(
                $"Initialization: '{name}' comes from a checkpoint, which tells its name only; load the checkpoint's weights"))),
            new NetworkNamesConverter(),
        },
    };

    /// <summary>What is written as its name.</summary>
    private sealed class NamedConverter<T>(Func<T, string> name, Func<string, T> named) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException();
            try
            {
                return named(text);
            }
            catch (FormatException e)
            {
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(name(value));
    }

    /// <summary>["MNISTNet", "fc1", "fc2", "out"]: the class, then its layers.</summary>
    private sealed class NetworkNamesConverter : JsonConverter<(string Class, IReadOnlyList<string> Layers)>
    {
        public override (string Class, IReadOnlyList<string> Layers) Read(
            ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<string[]>(ref reader, options) is [var name, .. var layers]
                ? (name, layers)
                : throw new JsonException();

        public override void Write(
            Utf8JsonWriter writer, (string Class, IReadOnlyList<string> Layers) names, JsonSerializerOptions options) =>
            JsonSerializer.Serialize<string[]>(writer, [names.Class, .. names.Layers], options);
    }
}

/// <summary>The images of a training: how many, how large, of how many classes, and hashes of all their bytes in their order.</summary>
public sealed record DataRecord(string Name, int Train, int Test, int Rows, int Columns, int Classes, string TrainHash, string TestHash)
{
    public static DataRecord Of(TrainingData data, int classes) => new(data.Images.Name, data.Train.Count, data.Test.Count,
        data.Images.Rows, data.Images.Columns, classes, data.Train.ContentHash, data.Test.ContentHash);
}
