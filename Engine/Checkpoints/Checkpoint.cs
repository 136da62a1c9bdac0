using NativeNN.Data;
using NativeNN.Layers;

namespace NativeNN.Checkpoints;

/// <summary>
/// Saves and loads a module's parameters and buffers under PyTorch's names: in both directions with PyTorch's safetensors files, and from
/// what <c>torch.save(net.state_dict(), …)</c> wrote.
/// </summary>
public static class Checkpoint
{
    /// <summary>Writes every parameter and buffer as F32.</summary>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Save(Module module, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var tensors = Named(module).ToDictionary(t => t.Name, t => new SavedTensor(t.Tensor.Shape.ToArray(), t.Tensor.ToArray()));
        // PyTorch's side asks for this entry before it loads a file.
        var notes = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>());
        notes.TryAdd("format", "pt");
        Safetensors.Write(path, tensors, notes);
    }

    /// <summary>The tensors of a safetensors or a .pt/.pth file by name; its first bytes say which it is.</summary>
    /// <exception cref="BadInputException">The file is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, SavedTensor> Read(string path) =>
        PyTorchFile.IsOne(path) ? PyTorchFile.Read(path) : Safetensors.Read(path).Tensors;

    /// <summary>
    /// Overwrites every parameter and buffer from such a file. Names and shapes must be exactly the module's; on an error nothing changes.
    /// prefix: only tensors whose names begin with it, "model." for one, are looked at, and the rest of the name counts.
    /// </summary>
    /// <exception cref="BadInputException">The file is missing, damaged, or belongs to another network; the message says how they
    /// differ.</exception>
    public static void Load(Module module, string path, string prefix = "")
    {
        var file = Read(path).Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
        var tensors = Named(module).ToList();
        var names = tensors.Select(t => t.Name).ToHashSet();
        string[] missing = [.. names.Where(name => !file.ContainsKey(name))];
        string[] unexpected = [.. file.Keys.Where(name => !names.Contains(name))];
        if (missing.Length + unexpected.Length > 0)
        {
            throw new BadInputException(
                $"{path}: not a checkpoint of this {module.TypeName}: {Listed("lacks", missing)}"
                + $"{(missing.Length * unexpected.Length > 0 ? ", " : "")}{Listed("has unexpected", unexpected)}; "
                + "build the network it was saved from.");
        }
        // All are looked at before the first is written.
        var values = tensors.Select(t => Values(path, t.Name, file[t.Name], t.Tensor.Shape)).ToList();
        foreach (var ((_, tensor), value) in tensors.Zip(values))
            tensor.Set(value);
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Named(Module module) => module.NamedParameters().Concat(module.NamedBuffers());

    // PyTorch keeps BatchNorm1d's count of batches as a 64-bit integer.
    private static float[] Values(string path, string name, SavedTensor tensor, Shape shape) =>
        shape == Shape.Scalar && tensor is { Values: long[] count, Shape: [] } ? [count[0]] : tensor.FloatsOf(shape.ToArray(), path, name);

    private static string Listed(string what, string[] names)
    {
        const int Shown = 6;
        string more = names.Length > Shown ? $" and {names.Length - Shown} more" : "";
        string list = string.Join(", ", names.Take(Shown).Select(name => BadInputException.Excerpt(name)));
        return names.Length == 0 ? "" : $"{what} {list}{more}";
    }
}
