using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Random;

namespace NativeNN.Tests.Gpu;

/// <summary>Every op's value and gradients on every device against the reference loops.</summary>
[Collection(DeviceTests.Name)]
public sealed class OpCaseTests
{
    public static TheoryData<string> Kinds => [.. TestDevices.Kinds];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void Every_op_agrees_with_the_reference(string kind)
    {
        foreach (var device in TestDevices.Require(kind))
            Compare(device);
    }

    internal static void Compare(Backend device)
    {
        foreach (var opCase in OpCase.All)
        {
            float[][] expected = ValuesAndGradients(opCase, ReferenceBackend.Instance), actual = ValuesAndGradients(opCase, device);
            for (int i = 0; i < expected.Length; i++)
            {
                float scale = MathF.Max(1e-3f, expected[i].Select(MathF.Abs).DefaultIfEmpty(0).Max());
                for (int j = 0; j < expected[i].Length; j++)
                    Assert.True(MathF.Abs(expected[i][j] - actual[i][j]) <= 1e-5f * scale,
                        $"{opCase}: tensor {i}, element {j}: {expected[i][j]} on reference, {actual[i][j]} on {device}");
            }
        }
    }

    private static float[][] ValuesAndGradients(OpCase opCase, Backend backend)
    {
        var inputs = opCase.MakeInputs(new Generator(3), backend);
        var y = opCase.Build(inputs);
        var dY = new float[y.Length];
        new Generator(4).Uniform(dY, -1, 1);
        y.Backward(Tensor.From(dY, y.Shape, backend));
        return [y.ToArray(), .. inputs.Select(x => x.Grad!.ToArray())];
    }
}
