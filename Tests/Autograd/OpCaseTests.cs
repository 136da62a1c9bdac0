using NativeNN.Backends.Reference;
using NativeNN.Random;

namespace NativeNN.Tests.Autograd;

public class OpCaseTests
{
    public static TheoryData<string, string> CasesOnBackends()
    {
        var data = new TheoryData<string, string>();
        foreach (string backend in TestBackends.All.Keys)
            foreach (var opCase in OpCase.All)
                data.Add(opCase.Name, backend);
        return data;
    }

    [Theory]
    [MemberData(nameof(CasesOnBackends))]
    public void BackwardIsTheMeasuredSlope(string name, string backend)
    {
        var opCase = OpCase.All.Single(c => c.Name == name);
        var generator = new Generator(7);
        var result = GradCheck.Run(opCase.Build, opCase.MakeInputs(generator, TestBackends.All[backend]), generator);
        Assert.True(result.Passed, result.ToString());
    }

    [Theory]
    [MemberData(nameof(CasesOnBackends))]
    public void EveryBackendAgreesWithTheReferenceLoops(string name, string backend)
    {
        var opCase = OpCase.All.Single(c => c.Name == name);
        var expected = ValuesAndGradients(opCase, ReferenceBackend.Instance);
        var actual = ValuesAndGradients(opCase, TestBackends.All[backend]);
        for (int i = 0; i < expected.Length; i++)
        {
            float scale = expected[i].Select(MathF.Abs).DefaultIfEmpty(0).Max();
            for (int j = 0; j < expected[i].Length; j++)
                Assert.True(MathF.Abs(expected[i][j] - actual[i][j]) <= 1e-5f * MathF.Max(scale, 1e-3f),
                    $"{name}: tensor {i}, element {j}: {expected[i][j]} on reference, {actual[i][j]} on {backend}");
        }
    }

    [Fact]
    public void TheNamesAreUniqueAndEveryOpHasACase()
    {
        Assert.Equal(OpCase.All.Count, OpCase.All.Select(c => c.Name).Distinct().Count());
        var ops = typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract).Select(t => t.Name).ToHashSet();
        var seen = new HashSet<string>();
        foreach (var opCase in OpCase.All)
        {
            var pending = new Stack<Tensor>([opCase.Build(opCase.MakeInputs(new Generator(1), ReferenceBackend.Instance))]);
            while (pending.TryPop(out var tensor))
            {
                if (tensor.Op is not { } op)
                    continue;
                seen.Add(op.GetType().Name);
                foreach (var input in op.Inputs)
                    pending.Push(input);
            }
        }
        Assert.Equal(ops.Order(), seen.Order());
    }

    // The check must be able to fail: the planted bugs of a wrong derivative.
    [Fact]
    public void GradCheckFindsADroppedFactorAndAMissingTerm()
    {
        var x = new OpCase("x", [(5, 7)], t => t[0]).MakeInputs(new Generator(1), ReferenceBackend.Instance);
        var dropped = GradCheck.Run(t => t[0].Square() + t[0].Detach(), x, new Generator(2));
        Assert.False(dropped.Passed);
        Assert.True(dropped.Error > 0.1, dropped.ToString());
        var missing = GradCheck.Run(t => t[0] * t[0].Detach(), x, new Generator(2));
        Assert.True(missing.Error > 0.3, missing.ToString());
    }

    private static float[][] ValuesAndGradients(OpCase opCase, NativeNN.Backends.Backend backend)
    {
        var inputs = opCase.MakeInputs(new Generator(3), backend);
        var y = opCase.Build(inputs);
        var dY = new float[y.Length];
        new Generator(4).Uniform(dY, -1, 1);
        y.Backward(Tensor.From(dY, y.Shape, backend));
        return [y.ToArray(), .. inputs.Select(x => x.Grad!.ToArray())];
    }
}
