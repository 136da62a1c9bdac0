using NativeNN.Data;
using NativeNN.Layers;

namespace NativeNN.Checkpoints;

/// <summary>Saves and loads a module's parameters under PyTorch's names, in both directions with PyTorch's safetensors files.</summary>
public static class Checkpoint
{
    /// <summary>Writes every parameter as F32. Throws BadInputException if the file cannot be written.</summary>
    public static void Save(Module module, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var tensors = module.NamedParameters().ToDictionary(
            p => p.Name, p => new SavedTensor(p.Parameter.Shape.ToArray(), p.Parameter.ToArray()));
        // PyTorch's side asks for this entry before it loads a file.
        var notes = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>());
        notes.TryAdd("format", "pt");
        Safetensors.Write(path, tensors, notes);
    }

    /// <summary>
    /// Overwrites every parameter. Names and shapes must be exactly the module's; on an error nothing changes. Throws BadInputException if
    /// the file is missing, damaged, or belongs to another network; the message says how they differ.
    /// </summary>
    public static void Load(Module module, string path)
    {
        var file = Safetensors.Read(path);
        var parameters = module.NamedParameters().ToList();
        var names = parameters.Select(p => p.Name).ToHashSet();
        string[] missing = [.. names.Where(name => !file.Tensors.ContainsKey(name))];
        string[] unexpected = [.. file.Tensors.Keys.Where(name => !names.Contains(name))];
        if (missing.Length + unexpected.Length > 0)
        {
            throw new BadInputException(
                $"{path}: not a checkpoint of this {module.TypeName}: {Listed("lacks", missing)}"
                + $"{(missing.Length * unexpected.Length > 0 ? ", " : "")}{Listed("has unexpected", unexpected)}; "
                + "build the network it was saved from.");
        }
        // All are looked at before the first is written.
        var values = parameters.Select(p => file.Floats(p.Name, p.Parameter.Shape.ToArray())).ToList();
        foreach (var ((_, parameter), value) in parameters.Zip(values))
            parameter.Set(value);
    }

    private static string Listed(string what, string[] names)
    {
        const int Shown = 6;
        string more = names.Length > Shown ? $" and {names.Length - Shown} more" : "";
        return names.Length == 0 ? "" : $"{what} {string.Join(", ", names.Take(Shown))}{more}";
    }
}
