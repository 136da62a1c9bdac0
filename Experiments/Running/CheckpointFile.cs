using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeNN.Checkpoints;
using NativeNN.Data;
using NativeNN.Experiments.Reports;
using NativeNN.Layers;

namespace NativeNN.Experiments.Running;

/// <summary>
/// One training's state, in one safetensors file that is replaced atomically: parameters, optimiser, generator, the record of what it
/// depends on, and the recording. A run that ends at any moment goes on from it to the same bits.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="record">What the training's numbers depend on; a checkpoint made from anything else is refused.</param>
public sealed class CheckpointFile(string path, TrainingRecord record)
{
    /// <summary>Of the file's content; a program refuses any other. To be raised also when the engine's numbers change.</summary>
    public const string Version = "3";

    /// <summary>The trained network, in evaluation mode, and what it was trained from: all from the file alone.</summary>
    public static (Module Net, TrainingRecord Record) ReadNetwork(string path)
    {
        var saved = SavedTraining.Read(path);
        return (saved.NewNetwork(), saved.Record);
    }

    public string Path => path;

    public TrainingRecord Record => record;

    /// <summary>Keeps other runs from this file until it is disposed. Throws BadInputException if one has it.</summary>
    public IDisposable Lock() => Lock(path);

    /// <summary>The same for any checkpoint.</summary>
    internal static IDisposable Lock(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path)!;
        ResultFile.MakeFolder(folder);
        return RunLock.Take(System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileNameWithoutExtension(path)}.lock"), path);
    }

    /// <summary>What is there; null if nothing is. Throws BadInputException if it is of no use here; the message says why.</summary>
    public SavedTraining? Read()
    {
        if (!File.Exists(path))
            return null;
        var saved = SavedTraining.Read(path);
        if (TrainingRecord.Difference(saved.RecordJson, record.ToJson()) is var (name, there, here))
            throw new BadInputException($"{path}: made with {name} {Named(there)}, but this run has {Named(here)}; "
                + "use the same, or another --out, or leave --resume out to set it aside");
        return saved;
    }

    /// <summary>Writes the training as it is after the recording's epochs and, if there is one, a part of the next.</summary>
    public void Save(TrainingLoop loop, string start, Recording recording, EpochPart? part = null)
    {
        var tensors = new Dictionary<string, SavedTensor>();
        Add("model.", loop.Net.StateDict());
        Add("optimizer.", loop.Optimizer.StateDict());
        AddBytes("generator", loop.Generator.GetState());
        var notes = new Dictionary<string, string>
        {
            ["version"] = Version,
            ["record"] = record.ToJson().GetRawText(),
            ["start"] = start,
            ["recording"] = recording.ToJson(),
        };
        if (part is not null)
        {
            Add("epoch.model.", part.Model);
            AddBytes("epoch.generator", part.Generator);
            tensors.Add("epoch.losses", new SavedTensor([part.Losses.Length], part.Losses));
            AddLongs("epoch.correct", part.Correct);
            AddLongs("epoch.samples", [part.Samples]);
            AddLongs("epoch.counters", [.. part.Counters.Select(BitConverter.DoubleToInt64Bits)]);
            notes.Add("epoch-seconds", part.Seconds.ToString("R", CultureInfo.InvariantCulture));
        }
        notes.Add("checksum", Safetensors.Checksum(tensors, notes));
        ResultFile.MakeFolder(System.IO.Path.GetDirectoryName(path)!); // someone may have removed it since
        Safetensors.Write(path, tensors, notes);

        void Add(string prefix, IReadOnlyDictionary<string, Tensor> state)
        {
            foreach (var (name, tensor) in state)
                tensors.Add(prefix + name, new SavedTensor(tensor.Shape.ToArray(), tensor.ToArray()));
        }

        void AddBytes(string name, byte[] bytes) => tensors.Add(name, new SavedTensor([bytes.Length], bytes));

        void AddLongs(string name, long[] values) => tensors.Add(name, new SavedTensor([values.Length], values));
    }

    /// <summary>Tells apart trainings that begin with other weights, or from another place in the random stream.</summary>
    public static string Fingerprint(TrainingLoop loop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in loop.Net.Parameters())
            hash.AppendData(MemoryMarshal.AsBytes<float>(parameter.ToArray()));
        hash.AppendData(loop.Generator.GetState());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Named(string value) => value == "" ? "nothing" : value;
}
