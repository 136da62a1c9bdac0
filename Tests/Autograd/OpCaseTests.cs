using System.Reflection;
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
        Assert.Null(opCase.Difference(ReferenceBackend.Instance, TestBackends.All[backend]));
    }

    [Fact]
    public void TheTableHoldsEveryCaseOnce()
    {
        var names = OpCase.All.Select(c => c.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        // Wherever an op's file keeps its cases: a static field or property of that type.
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var kept = typeof(Op).Assembly.GetTypes().SelectMany(t => t.GetFields(Static).Where(f => f.FieldType == typeof(OpCase[]))
            .Select(f => f.GetValue(null)).Concat(t.GetProperties(Static).Where(p => p.PropertyType == typeof(OpCase[]))
            .Select(p => p.GetValue(null)))).SelectMany(cases => (OpCase[])cases!).Select(c => c.Name);
        Assert.Equal(names.Order(), kept.Order());
    }

    [Fact]
    public void EveryOpClassHasACase()
    {
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

    // Composed ops have no class of their own: every method that computes a tensor has a case that begins with its name.
    [Fact]
    public void EveryMethodThatComputesATensorHasACase()
    {
        string[] makesOrMoves = ["From", "Scalar", "Full", "Zeros", "Ones", "Empty", "Clone", "Detach", "To", "WithGrad",
            "Rand", "Randn", "Arange", "Eye"];
        var computing = typeof(Tensor).GetMethods().Where(m => m.ReturnType == typeof(Tensor) && !m.IsSpecialName).Select(m => m.Name)
            .Distinct().Except(makesOrMoves);
        var shown = OpCase.All.Select(c => c.Name.Split(' ', ',')[0]).ToHashSet();
        Assert.Equal([], computing.Except(shown));
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

    [Fact]
    public void AtAKinkTheVerdictIsKinkUnlessTheDerivativeIsNoneOfItsSides()
    {
        var x = Tensor.From(0, 0.005f, -1, 2).WithGrad();
        var result = GradCheck.Run(t => t[0].Relu(), [x], new Generator(2));
        Assert.Equal(2, result.Kinks);
        Assert.StartsWith("kink: relative error", result.ToString());
        var tripled = GradCheck.Run(t => t[0].Relu() * 3f - t[0].Relu().Detach() * 2f, [Tensor.From(0.005f).WithGrad()], new Generator(2));
        Assert.Equal((0, "FAILED"), (tripled.Kinks, tripled.Verdict));
    }

    [Fact]
    public void ADifferenceBetweenBackendsIsASentence()
    {
        var opCase = new OpCase("Off", [(2, 3)], t => t[0].Backend is ReferenceBackend ? t[0].Square() : t[0].Square() * 1.001f);
        Assert.Null(opCase.Difference(ReferenceBackend.Instance, ReferenceBackend.Instance));
        Assert.StartsWith("Off: the value, element ", opCase.Difference(ReferenceBackend.Instance, Tensor.DefaultBackend));
    }
}
