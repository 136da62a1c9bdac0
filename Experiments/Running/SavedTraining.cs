using System.Globalization;
using System.Text.Json;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Experiments.Running;

/// <summary>
/// How far an interrupted epoch is. Model and Generator are from its start, from which its order of images and its hooks begin again;
/// Losses and Correct have a number for each step done; Counters are the lecture's own.
/// </summary>
public sealed record EpochPart(IReadOnlyDictionary<string, Tensor> Model, byte[] Generator, float[] Losses, long[] Correct, int Samples,
    double Seconds, double[] Counters);

/// <summary>A checkpoint as it was read: whole, of this version, and as it was written, which its checksum says.</summary>
public sealed class SavedTraining
{
    private readonly Safetensors file;

    private SavedTraining(Safetensors file)
    {
        this.file = file;
        Record = TrainingRecord.FromJson(file.Metadata["record"]);
        RecordJson = JsonElement.Parse(file.Metadata["record"]);
        Recording = Recording.FromJson(file.Metadata["recording"]);
        Start = file.Metadata["start"];
        if (file.Metadata.TryGetValue("epoch-seconds", out string? seconds))
            Part = new EpochPart(Tensors("epoch.model."), file["epoch.generator"].Bytes, file["epoch.losses"].Floats,
                file["epoch.correct"].Longs, checked((int)file["epoch.samples"].Longs[0]),
                double.Parse(seconds, CultureInfo.InvariantCulture),
                [.. file["epoch.counters"].Longs.Select(BitConverter.Int64BitsToDouble)]);
    }

    public TrainingRecord Record { get; }

    /// <summary>The record as the file spells it, with what a later program may have added to it.</summary>
    public JsonElement RecordJson { get; }

    public Recording Recording { get; }

    /// <summary>Fingerprint of the weights and the generator that the training began with.</summary>
    public string Start { get; }

    /// <summary>The epoch that was interrupted; null if the training was saved after a whole one.</summary>
    public EpochPart? Part { get; }

    /// <summary>
    /// Reads a checkpoint. Throws BadInputException, which names the file, if there is none, it is another version's, or its content is not
    /// what was written.
    /// </summary>
    public static SavedTraining Read(string path)
    {
        var file = Safetensors.Read(path);
        var notes = file.Metadata;
        if (!notes.TryGetValue("version", out string? version))
            throw new BadInputException(notes.ContainsKey("settings")
                ? $"{path}: a checkpoint of an earlier version of this program, which can't be gone on from; leave --resume out"
                : $"{path}: not a checkpoint of this program; remove it or use another --out");
        if (version != CheckpointFile.Version)
            throw new BadInputException($"{path}: a checkpoint of version {Shorten(version)}, this program has {CheckpointFile.Version}; "
                + "leave --resume out to train anew");
        string checksum = Safetensors.Checksum(file.Tensors, notes.Where(n => n.Key != "checksum"));
        if (notes.GetValueOrDefault("checksum") != checksum)
            throw new BadInputException($"{path}: damaged, its content does not fit its checksum; leave --resume out to train anew");
        return Checked(path, () => new SavedTraining(file));
    }

    /// <summary>Puts a training of the same recipe where this one was.</summary>
    public void Restore(TrainingLoop loop) => Checked(file.Path, () =>
    {
        loop.Net.LoadStateDict(Tensors("model."));
        loop.Optimizer.LoadStateDict(Tensors("optimizer."));
        loop.Generator.SetState(file["generator"].Bytes);
        return loop;
    });

    /// <summary>The trained network, in evaluation mode.</summary>
    public Module NewNetwork() => Checked(file.Path, () =>
    {
        var net = Record.Recipe.Network.Build(new Generator(Record.Seed));
        net.LoadStateDict(Tensors("model."));
        return net.Eval();
    });

    private Dictionary<string, Tensor> Tensors(string prefix) => file.Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => Tensor.From(t.Value.Floats, Shape.Of(t.Value.Shape)));

    // A file with a right checksum that doesn't fit all the same: written by something else.
    private static T Checked<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or KeyNotFoundException or ArgumentException
            or ShapeException or FormatException or OverflowException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new BadInputException($"{path}: not a checkpoint that this program can use ({Shorten(e.Message)}); "
                + "leave --resume out to train anew", e);
        }
    }

    private static string Shorten(string text)
    {
        const int Most = 200;
        string line = new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= Most ? line.TrimEnd('.') : line[..Most] + "…";
    }
}
