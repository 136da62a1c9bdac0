using NativeNN.Backends;
using NativeNN.Backends.Simd;
using NativeNN.Random;

namespace NativeNN.Tests.Goldens;

/// <summary>
/// Every setting of optim_bits.json at every vector width: after 200 steps with PyTorch's gradients, the parameters and the optimiser's
/// state are PyTorch 1.13's, bit for bit. Where a case says lerp, they are those of PyTorch 2.x's form.
/// </summary>
[Trait("Category", "Goldens")]
public class OptimBitsTests
{
    private const string File = "optim_bits.json";

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Agrees(int index, string title)
    {
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        foreach (var (name, backend) in TestBackends.ReferenceAndWidths)
            Train(index, backend, $"{title} on {name}");
    }

    private static void Train(int index, Backend backend, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        int n = golden.GetProperty("n").GetInt32();
        var generator = new Generator(golden.GetProperty("seed").GetInt64());
        float[] unit = [.. Enumerable.Range(0, n).Select(i => i % 17 == 3 ? 0 : (float)Math.Pow(10, -(i % 5)))];
        var values = new float[n];
        generator.Normal(values, 0, 1);
        var w = Tensor.From(values, n, backend).WithGrad();
        var optimizer = OptimTests.Create(golden, [w]);
        int step = 0;
        foreach (var check in golden.GetProperty("steps").EnumerateObject())
        {
            for (; step < int.Parse(check.Name); step++)
            {
                generator.Normal(values, 0, 1);
                w.Grad = Tensor.From([.. values.Zip(unit, (g, scale) => g * scale)], n, backend);
                optimizer.Step();
            }
            Assert.True(GoldenFiles.Sha256<float>(w.ToArray()) == check.Value.GetProperty("sha256_le").GetString(),
                $"{title}, step {step}: [{string.Join(", ", w.ToArray().Take(8))}], PyTorch has {check.Value.GetProperty("first")}");
        }
        Assert.NotEqual(0, step);
        var state = optimizer.StateDict();
        foreach (var buffer in golden.GetProperty("state").EnumerateObject())
            Assert.True(GoldenFiles.Sha256<float>(state["0." + buffer.Name].ToArray()) == buffer.Value.GetString(),
                $"{title}: {buffer.Name}");
    }
}
