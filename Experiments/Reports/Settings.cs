using System.Text.Json;

namespace NativeNN.Experiments.Reports;

/// <summary>A training's record as a flat list: "recipe.optimizer.learningRate" and its value.</summary>
public static class Settings
{
    /// <summary>Every value with the path that leads to it, in the record's order; a list is one value.</summary>
    public static IEnumerable<(string Name, string Value)> Of(JsonElement record, string prefix = "") => record.EnumerateObject()
        .SelectMany(p => p.Value.ValueKind == JsonValueKind.Object
            ? Of(p.Value, $"{prefix}{p.Name}.")
            : [($"{prefix}{p.Name}", p.Value.ValueKind == JsonValueKind.Array ? JsonSerializer.Serialize(p.Value) : p.Value.ToString())]);
}
