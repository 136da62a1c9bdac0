using NativeNN.Random;

namespace NativeNN.Tests.Goldens;

/// <summary>external.json: dropout outputs that PyTorch wheels printed in public documents, one per kernel.</summary>
[Trait("Category", "Goldens")]
public class ExternalTests
{
    private const string File = "external.json";

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        Assert.StartsWith("nn.Dropout(0.5)(torch.ones(6,6))", golden.GetProperty("call").GetString());
        bool mkl = golden.GetProperty("build").GetString()!.Contains("MKL kernel", StringComparison.Ordinal);
        var generator = new Generator(golden.GetProperty("seed").GetInt64())
        {
            DropoutKernel = mkl ? DropoutKernel.Mkl : DropoutKernel.Default,
        };
        float[] mask = new float[36];
        generator.DropoutMask(mask, p: 0.5);
        var rows = mask.Chunk(6).Select(row => string.Concat(row.Select(m => m.ToString())));
        Assert.True(rows.SequenceEqual(golden.GetProperty("rows").EnumerateArray().Select(r => r.GetString()!)), title);
    }
}
