using NativeNN.Random;

namespace NativeNN.Tests.LibTorch.Ops;

/// <summary>Every op beside LibTorch's, forward and backward.</summary>
public class OpCaseTests
{
    private const int Shapes = 20;

    public static TheoryData<string> Names => [.. OpCase.All.Select(c => c.Name)];

    [Fact]
    public void EveryCaseHasACounterpartAndEveryCounterpartACase()
    {
        foreach (var opCase in OpCase.All)
            Counterpart.Find(opCase.Name);
        var used = OpCase.All.SelectMany(c => new[] { c.Name, c.Name.Split(',')[0] });
        Assert.Empty(Counterpart.All.Keys.Except(used));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ValueAndGradientsOfRandomShapes(string name)
    {
        var (opCase, counterpart, random) = Case(name);
        Same(opCase, opCase.MakeInputs(random, Tensor.DefaultBackend));
        for (int i = 0; i < Shapes; i++)
        {
            var resized = CaseInputs.Resized(opCase, counterpart, random);
            Same(resized, resized.MakeInputs(random, Tensor.DefaultBackend));
        }

        void Same(OpCase one, Tensor[] inputs) => Agree(one, counterpart, inputs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ValueAndGradientsOfSpecialValues(string name)
    {
        var (opCase, counterpart, random) = Case(name);
        for (int i = 0; i < Shapes; i++)
        {
            var resized = CaseInputs.Resized(opCase, counterpart, random);
            Agree(resized, counterpart, CaseInputs.WithCorners(resized, counterpart, random), slope: i % 2 == 0 ? 1 : null);
        }
    }

    private static (OpCase, Counterpart, Generator) Case(string name) =>
        (OpCase.All.Single(c => c.Name == name), Counterpart.Find(name), new Generator(11));

    private static void Agree(OpCase opCase, Counterpart counterpart, Tensor[] inputs, float? slope = null)
    {
        if (BothSides.Of(opCase, counterpart, inputs, slope).Difference(counterpart) is { } difference)
            Assert.Fail($"{opCase.Name} of {string.Join(", ", inputs.Select(x => x.Shape))}: {difference}");
    }
}
