using System.Text.Json;
using NativeNN.Data;

namespace NativeNN.Experiments.Reports;

/// <summary>A run of a lecture as its metrics.json tells it.</summary>
public sealed record SavedRun(string Folder, string Lecture, string Date, IReadOnlyList<SavedRun.Training> Trainings)
{
    private const string File = "metrics.json";

    /// <summary>One of its trainings; the first is the lecture's main one. Settings are its record's, by path.</summary>
    public sealed record Training(string Key, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<EpochRecord> Epochs);

    public Training Main => Trainings[0];

    /// <summary>Reads a run's folder, or the file itself. Throws BadInputException if there is no run's metrics.json.</summary>
    public static SavedRun Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, File) : path;
        if (!System.IO.File.Exists(file))
            throw new BadInputException($"{path}: holds no {File}; needs the folder of a finished run, as out/weight-changes");
        try
        {
            using var json = JsonDocument.Parse(System.IO.File.ReadAllBytes(file));
            var root = json.RootElement;
            List<Training> trainings = [.. new[] { root }
                .Concat(root.GetProperty("trainings").EnumerateObject().Select(t => t.Value))
                .Where(t => t.GetProperty("record").ValueKind == JsonValueKind.Object && t.GetProperty("epochs").GetArrayLength() > 0)
                .Select(Read)];
            if (trainings.Count == 0)
                throw new BadInputException($"{file}: no epoch of this run is done");
            return new(Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".", root.GetProperty("lecture").GetString()!,
                root.GetProperty("date").GetString()!, trainings);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{file}: no {File} of this version ({e.Message.TrimEnd('.')}); run the lecture again", e);
        }
    }

    /// <summary>All runs below the folder, and what is wrong with each file that is none.</summary>
    public static (IReadOnlyList<SavedRun> Runs, IReadOnlyList<string> Faults) Below(string folder)
    {
        if (!Directory.Exists(folder))
            throw new BadInputException($"--out {folder}: no such folder");
        var (runs, faults) = (new List<SavedRun>(), new List<string>());
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (string file in Directory.GetFiles(folder, File, all).Order(StringComparer.Ordinal))
            try
            {
                runs.Add(Read(file));
            }
            catch (BadInputException e)
            {
                faults.Add(e.Message);
            }
        return (runs, faults);
    }

    /// <summary>Settings in which these runs' main trainings are not all alike, in the records' order.</summary>
    public static IReadOnlyList<string> Differing(IReadOnlyList<SavedRun> runs) =>
        [.. runs.SelectMany(r => r.Main.Settings.Keys).Distinct().Where(name => name != "data.name" && !name.EndsWith(".epochs")
            && runs.Select(r => r.Main.Settings.GetValueOrDefault(name, "")).Distinct().Count() > 1)];

    private static Training Read(JsonElement training)
    {
        var record = training.GetProperty("record");
        return new(record.GetProperty("training").GetString()!, Reports.Settings.Of(record).ToDictionary(),
            [.. training.GetProperty("epochs").EnumerateArray().Select(e => new EpochRecord(e.GetProperty("epoch").GetInt32(),
                Number(e, "train_loss"), Number(e, "train_accuracy"), Number(e, "test_accuracy"), Number(e, "seconds")))]);
    }

    private static double Number(JsonElement epoch, string name) =>
        epoch.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;
}
