using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NativeNN.Tests.Goldens;

/// <summary>
/// The reference data of PyTorch, NumPy and scikit-learn. The folder is the environment variable NATIVENN_GOLDENS, or the
/// Goldens folder beside the tests; nothing here or in the tests depends on how many cases a file has.
/// </summary>
internal static partial class GoldenFiles
{
    private static readonly ConcurrentDictionary<string, JsonDocument> Loaded = new();

    public static string Folder =>
        Environment.GetEnvironmentVariable("NATIVENN_GOLDENS") is { Length: > 0 } folder ? folder : BesideTheTests;

    private static string BesideTheTests => Path.Combine(AppContext.BaseDirectory, "Goldens");

    public static JsonElement Root(string file) => Loaded.GetOrAdd(
        file, name => JsonDocument.Parse(BareNonFinite().Replace(File.ReadAllText(PathOf(name)), "\"$0\""))).RootElement;

    // A folder made before a file was thought of lacks it.
    private static string PathOf(string name) =>
        File.Exists(Path.Combine(Folder, name)) ? Path.Combine(Folder, name) : Path.Combine(BesideTheTests, name);

    public static JsonElement Case(string file, int index) => Root(file).GetProperty("cases")[index];

    /// <summary>One theory row per case: its index and a few words to read in the test list.</summary>
    public static IEnumerable<object[]> Rows(string file, Func<JsonElement, bool>? wanted = null) =>
        Root(file).GetProperty("cases").EnumerateArray()
            .Select((value, index) => (value, index))
            .Where(x => wanted is null || wanted(x.value))
            .Select(x => new object[] { x.index, Title(x.value) });

    /// <summary>SHA-256 of the raw little-endian bytes, as the files' <c>sha256_le</c>.</summary>
    public static string Sha256<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values)));

    public static string Sha256OfInt64(IEnumerable<int> values) => Sha256<long>(values.Select(v => (long)v).ToArray());

    // Non-finite numbers are the strings NaN, Infinity, -Infinity.
    public static float Single(this JsonElement e) =>
        e.ValueKind == JsonValueKind.String ? float.Parse(e.GetString()!, CultureInfo.InvariantCulture) : e.GetSingle();

    public static double Double(this JsonElement e) =>
        e.ValueKind == JsonValueKind.String ? double.Parse(e.GetString()!, CultureInfo.InvariantCulture) : e.GetDouble();

    public static float[] Singles(this JsonElement e) => e.EnumerateArray().Select(Single).ToArray();

    public static double[] Doubles(this JsonElement e) => e.EnumerateArray().Select(Double).ToArray();

    public static int[] Ints(this JsonElement e) => e.EnumerateArray().Select(x => x.GetInt32()).ToArray();

    // Python writes sums that are not finite bare, which JSON does not know.
    [GeneratedRegex(@"(?<=[:,\[]\s*)(NaN|-?Infinity)(?=\s*[,\]}])")]
    private static partial Regex BareNonFinite();

    private static string Title(JsonElement value)
    {
        string[] names = ["id", "op", "call", "optimizer", "name", "lecture", "seed", "n"];
        return string.Join(" ", names.Where(n => value.TryGetProperty(n, out _)).Select(n => value.GetProperty(n).ToString()));
    }
}
