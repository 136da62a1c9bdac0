using NativeNN.Data;

namespace NativeNN.Checkpoints;

/// <summary>
/// Named arrays in the safetensors format, which PyTorch's world reads and writes too: 8 bytes header length (little-endian),
/// a JSON header with dtype, shape and position of every array, then the raw little-endian values without gaps.
/// </summary>
public sealed partial class Safetensors
{
    private const int LengthSize = 8;
    private const int LargestHeader = 100_000_000; // the limit of the reference implementation
    private const string MetadataKey = "__metadata__";

    private Safetensors(string path, Dictionary<string, SavedTensor> tensors, Dictionary<string, string> metadata) =>
        (Path, Tensors, Metadata) = (path, tensors, metadata);

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The arrays by name, in the header's order.</summary>
    public IReadOnlyDictionary<string, SavedTensor> Tensors { get; }

    /// <summary>Free text that came with them.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// The array called <paramref name="name"/>. Throws BadInputException if the file has none of that name; the message lists those it
    /// has.
    /// </summary>
    public SavedTensor this[string name] => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new BadInputException($"{Path}: no tensor named '{name}'; it holds {Names()}.");

    /// <summary>
    /// The float32 values of array <paramref name="name"/>, which must have the shape given. Throws BadInputException if there is no such
    /// array, or it has another type or shape.
    /// </summary>
    public float[] Floats(string name, params ReadOnlySpan<int> shape) => this[name].FloatsOf(shape, Path, name);

    /// <summary>How many values an array of the given shape holds.</summary>
    internal static long Count(ReadOnlySpan<int> shape)
    {
        if (shape.Contains(0))
            return 0; // whatever the other sizes are
        long count = 1;
        foreach (int size in shape)
            count = checked(count * size);
        return count;
    }

    private static int ItemSize(string dtype) => dtype switch { "F32" => 4, "I64" => 8, "U8" => 1, _ => 0 };

    private string Names()
    {
        const int Shown = 8;
        string list = string.Join(", ", Tensors.Keys.Take(Shown).Select(name => BadInputException.Excerpt(name)));
        return Tensors.Count == 0 ? "none" : Tensors.Count > Shown ? $"{list}, … ({Tensors.Count} in all)" : list;
    }
}
