using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeNN.Checkpoints;
using NativeNN.Data;

namespace NativeNN.Experiments.Running;

/// <summary>
/// One training's state after its last whole epoch, in one safetensors file that is replaced atomically: parameters, optimiser, generator,
/// and the recording. A run killed at any moment goes on from it to the same bits.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="settings">What the numbers depend on (seed, data, …); a checkpoint made with other settings is refused.</param>
/// <param name="resume">Whether to load what is there; else a training starts afresh and overwrites it.</param>
public sealed class CheckpointFile(string path, string settings, bool resume)
{
    private string start = "";

    /// <summary>
    /// Restores the training and returns the recording; null if there is nothing to go on from. That includes a training that began with
    /// other weights or another generator state, as happens when the one before it has been given more epochs since.
    /// </summary>
    public Recording? Load(TrainingLoop loop)
    {
        start = Fingerprint(loop);
        if (!resume || !File.Exists(path))
            return null;
        var (file, recording) = Open();
        if (file.Metadata.GetValueOrDefault("start") != start)
            return null;
        loop.Net.LoadStateDict(Part(file, "model."));
        loop.Optimizer.LoadStateDict(Part(file, "optimizer."));
        loop.Generator.SetState(file["generator"].Bytes);
        return recording;
    }

    /// <summary>The recording alone, whether to resume or not; null if there is no file.</summary>
    public Recording? LoadRecording() => File.Exists(path) ? Open().Recording : null;

    public void Save(TrainingLoop loop, Recording recording)
    {
        var tensors = new Dictionary<string, SavedTensor>();
        foreach (var (name, tensor) in loop.Net.StateDict())
            tensors.Add("model." + name, new SavedTensor(tensor.Shape.ToArray(), tensor.ToArray()));
        foreach (var (name, tensor) in loop.Optimizer.StateDict())
            tensors.Add("optimizer." + name, new SavedTensor(tensor.Shape.ToArray(), tensor.ToArray()));
        byte[] generator = loop.Generator.GetState();
        tensors.Add("generator", new SavedTensor([generator.Length], generator));
        Safetensors.Write(path, tensors, new Dictionary<string, string>
        {
            ["settings"] = settings,
            ["start"] = start,
            ["recording"] = recording.ToJson(),
        });
    }

    private static string Fingerprint(TrainingLoop loop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in loop.Net.Parameters())
            hash.AppendData(MemoryMarshal.AsBytes<float>(parameter.ToArray()));
        hash.AppendData(loop.Generator.GetState());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private (Safetensors File, Recording Recording) Open()
    {
        var file = Safetensors.Read(path);
        if (!file.Metadata.TryGetValue("settings", out string? saved) || !file.Metadata.TryGetValue("recording", out string? recording))
            throw new BadInputException($"{path}: not a checkpoint of this program; remove it or use another --out");
        if (saved != settings)
            throw new BadInputException($"{path}: made with {saved}, but this run has {settings}; "
                + "use the same options, another --out, or no --resume");
        return (file, Recording.FromJson(recording));
    }

    private static Dictionary<string, Tensor> Part(Safetensors file, string prefix) => file.Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(t => t.Key[prefix.Length..], t => Tensor.From(t.Value.Floats, Shape.Of(t.Value.Shape)));
}
