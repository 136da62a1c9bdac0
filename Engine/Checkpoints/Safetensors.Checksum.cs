using System.Security.Cryptography;

namespace NativeNN.Checkpoints;

public sealed partial class Safetensors
{
    /// <summary>
    /// SHA-256 of names, types, shapes, values and notes, whatever their order in a file: equal if and only if a file says the same. The
    /// format has no checksum of its own; a flipped bit in a weight is a valid file.
    /// </summary>
    public static string Checksum(IReadOnlyDictionary<string, SavedTensor> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using var sha = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, sha, CryptoStreamMode.Write))
        using (var writer = new BinaryWriter(stream)) // writes a string's length before it: "ab", "c" is not "a", "bc"
        {
            foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                writer.Write(key);
                writer.Write(value);
            }
            writer.Write(tensors.Count);
            foreach (var (name, tensor) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                writer.Write(name);
                writer.Write(tensor.Dtype);
                writer.Write(tensor.Shape.Length);
                foreach (int size in tensor.Shape)
                    writer.Write(size);
                writer.Flush();
                WriteValues(stream, tensor);
            }
        }
        return Convert.ToHexStringLower(sha.Hash!);
    }
}
