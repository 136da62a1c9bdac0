using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using NativeNN.Data;

namespace NativeNN.Tests.Goldens;

/// <summary>data.json: byte tables, normalised data sets and the unpacked MNIST files, by SHA-256.</summary>
[Trait("Category", "Goldens")]
public class DataTests
{
    private const string File = "data.json";
    private static readonly Lazy<ImageSet> Train = new(() => Mnist.LoadTrain());
    private static readonly Lazy<ImageSet> Test = new(() => Mnist.LoadTest());

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        string name = golden.GetProperty("name").GetString()!;
        switch (golden.GetProperty("op").GetString())
        {
            case "byte_table":
                float[] table = Table(name).Table.ToArray();
                Assert.Equal(golden.GetProperty("values").Singles(), table);
                Assert.Equal(golden.GetProperty("sha256_le").GetString(), GoldenFiles.Sha256<float>(table));
                break;
            case "dataset":
                DataSet(golden, name);
                break;
            case "file":
                using (var packed = System.IO.File.OpenRead(Path.Combine(Mnist.BundledFolder, name + ".gz")))
                using (var unpacked = new GZipStream(packed, CompressionMode.Decompress))
                {
                    var bytes = new MemoryStream();
                    unpacked.CopyTo(bytes);
                    Assert.Equal(golden.GetProperty("bytes").GetInt64(), bytes.Length);
                    Assert.Equal(golden.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())));
                }
                break;
            default:
                Assert.Fail($"{title}: no test for this case.");
                break;
        }
    }

    private static Normalization Table(string name) => name switch
    {
        _ when name.StartsWith("div255", StringComparison.Ordinal) => Normalization.Unit,
        "ToTensor" => Normalization.Unit,
        _ when name.Contains("(0.1307,0.3081)", StringComparison.Ordinal) => Normalization.Mnist,
        _ when name.Contains("(0.5,0.5)", StringComparison.Ordinal) => Normalization.Half,
        _ => throw new NotSupportedException($"no table for {name}"),
    };

    private static void DataSet(JsonElement golden, string name)
    {
        ImageSet train = Train.Value, test = Test.Value;
        if (name == "small")
        {
            int first = golden.GetProperty("first_row").GetInt32();
            var rows = train.Select([.. Enumerable.Range(first, 20_000)]);
            var (trainRows, testRows) = TrainTestSplit.Indices(rows.Count, testSize: 0.1, golden.GetProperty("split_seed").GetUInt32());
            (train, test) = (rows.Select(trainRows), rows.Select(testRows));
        }
        var normalization = name switch { "small" => Normalization.Unit, "std" => Normalization.Mnist, _ => Normalization.Half };
        foreach (var (set, part) in new[] { (train, "train"), (test, "test") })
        {
            float[] table = normalization.Table.ToArray(), x = Array.ConvertAll(set.Pixels, b => table[b]);
            var expected = golden.GetProperty($"x_{part}");
            Assert.Equal(expected.GetProperty("shape").Ints(), new[] { set.Count, set.PixelsPerImage });
            Assert.Equal(expected.GetProperty("sha256_le").GetString(), GoldenFiles.Sha256<float>(x));
            Assert.Equal(golden.GetProperty($"y_{part}_sha_int64").GetString(), GoldenFiles.Sha256OfInt64(set.Labels.Select(l => (int)l)));
            Assert.Equal(golden.GetProperty($"y_{part}_first32").Ints(), set.Labels[..32].Select(l => (int)l));
            Assert.Equal(golden.GetProperty($"class_counts_{part}").Ints(),
                Enumerable.Range(0, 10).Select(c => set.Labels.Count(l => l == c)));
            if (part == "train")
                Assert.Equal(golden.GetProperty("row0_slice_200_240").Singles(), x[200..240]);
        }
    }
}
