using NativeNN.Backends;
using NativeNN.Backends.Reference;
using NativeNN.Backends.Simd;

namespace NativeNN.Tests.Backends.Scalar;

/// <summary>
/// What computes one element is defined once, in Backends/Scalar: nothing is missing there, and the vector forms equal it bit for bit.
/// </summary>
public class ScalarTests
{
    public static TheoryData<Activation> Kinds => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryActivationHasAnOpAndItsTwoLines(Activation kind)
    {
        var op = typeof(Tensor).Assembly.GetType($"NativeNN.{kind}Op");
        Assert.True(op is not null, $"Ops/{kind}.cs with its {kind}Op is missing");
        Assert.Equal("ElementwiseOp", op.BaseType!.Name);
        float y = ScalarActivation.Value(kind, x: 0.5f, alpha: 0.3f);
        Assert.False(float.IsNaN(y), $"{kind} has no line in ScalarActivation.Value");
        Assert.False(float.IsNaN(ScalarActivation.Gradient(kind, x: 0.5f, y, dY: 1, alpha: 0.3f)),
            $"{kind} has no line in ScalarActivation.Gradient");
    }

    // Backward asks only for what is read: the other may have changed meanwhile.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void AGradientReadsXOrYAndSaysWhich(Activation kind)
    {
        foreach (float x in new[] { -0.7f, 0.2f, 0.5f })
        {
            float y = ScalarActivation.Value(kind, x, alpha: 0.3f);
            float expected = ScalarActivation.Gradient(kind, x, y, dY: 1, alpha: 0.3f);
            bool readsY = ScalarActivation.GradientReadsY(kind);
            Assert.Equal(expected, ScalarActivation.Gradient(kind, readsY ? float.NaN : x, readsY ? y : float.NaN, dY: 1, alpha: 0.3f));
        }
    }

    [Fact]
    public void AnUnknownActivationIsNoNumberHereAndRefusedThere()
    {
        const Activation unknown = (Activation)99;
        Assert.Equal(float.NaN, ScalarActivation.Value(unknown, x: 0.5f, alpha: 0));
        Assert.Equal(float.NaN, ScalarActivation.Gradient(unknown, x: 0.5f, y: 0.5f, dY: 1, alpha: 0));
        var x = SimdBackend.Default.Allocate(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => SimdBackend.Default.Activate(unknown, x, x, count: 1));
    }

    // One in 100,003 of all floats, infinities and NaNs among them.
    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public void VectorActivationsEqualTheScalarOnes(Activation kind)
    {
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        float[] x = [.. Enumerable.Range(0, (int)(uint.MaxValue / 100_003)).Select(i =>
            BitConverter.UInt32BitsToSingle((uint)i * 100_003))];
        float[] dY = [.. x.Select((_, i) => (i % 13 - 6) / 3f)];
        float[] expected = Outputs(ReferenceBackend.Instance);
        foreach (var backend in TestBackends.Widths)
        {
            float[] actual = Outputs(backend);
            for (int i = 0; i < expected.Length; i++)
            {
                string f = i < x.Length ? "f" : "f'";
                Assert.True(Same(expected[i], actual[i]),
                    $"{kind}, {backend.LaneCount} lanes, {f}({x[i % x.Length]:R}): {actual[i]:R}, the scalar has {expected[i]:R}");
            }
        }

        float[] Outputs(Backend backend)
        {
            var rig = new Rig(backend);
            Storage xs = rig.Put(x), y = backend.Allocate(x.Length), dX = backend.Allocate(x.Length);
            backend.Activate(kind, xs, y, x.Length, alpha: 0.3f);
            backend.ActivateBackward(kind, xs, y, rig.Put(dY), dX, x.Length, alpha: 0.3f);
            return [.. rig.Get(y, x.Length), .. rig.Get(dX, x.Length)];
        }
    }

    [SkippableTheory]
    [InlineData("Sgd")]
    [InlineData("Adam")]
    [InlineData("RmsProp")]
    [InlineData("Adagrad")]
    [InlineData("Binary")]
    public void VectorUpdatesEqualTheScalarOnes(string kernel)
    {
        Skip.IfNot(SimdBackend.FusesMultiplyAdd, TestBackends.NoFma);
        var cases = KernelCases.All.Where(one => one.Name.StartsWith(kernel, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
            foreach (var backend in TestBackends.Widths)
                Assert.All(one.Outputs(new Rig(ReferenceBackend.Instance)).Zip(one.Outputs(new Rig(backend))),
                    pair => Assert.True(Same(pair.First, pair.Second),
                        $"{backend.LaneCount} lanes: {one.Name}: {pair.Second:R}, not {pair.First:R}"));
    }

    private static bool Same(float a, float b) =>
        BitConverter.SingleToInt32Bits(a) == BitConverter.SingleToInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));
}
