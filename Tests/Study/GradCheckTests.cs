using NativeNN.Backends.Reference;
using NativeNN.Experiments.Study;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Study;

public class GradCheckTests
{
    public static TheoryData<string> Mistakes => [.. PlantedMistake.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void EveryPlantedMistakeIsCaughtAndItsRightFormIsNot(string name)
    {
        var mistake = PlantedMistake.All.Single(m => m.Name == name);
        var right = mistake.Check(mistake.Right, ReferenceBackend.Instance);
        var planted = mistake.Check(mistake.Planted, ReferenceBackend.Instance);
        Assert.True(right.Passed, right.ToString());
        Assert.True(planted.Error > 0.1, planted.ToString());
    }

    [Fact]
    public void TheTableShowsCasesKinksAndMistakes()
    {
        var (exitCode, output, _) = ConsoleRun.Of("gradcheck", "--op", "Relu", "--device", "reference");
        Assert.Equal(0, exitCode);
        Assert.Equal(2, output.Split("passed").Length - 1);
        Assert.Contains("max(x, 0), elementwise", output);
        (exitCode, output, _) = ConsoleRun.Of("gradcheck", "--op", "Relu", "--kinks");
        Assert.Equal(0, exitCode);
        Assert.Equal(2, output.Split(" kink ").Length - 1);
        (exitCode, output, _) = ConsoleRun.Of("gradcheck", "--break", "all");
        Assert.Equal(0, exitCode);
        Assert.Equal(PlantedMistake.All.Count, output.Split(" caught ").Length - 1);
    }

    [Theory]
    [InlineData("--op", "Nothing")]
    [InlineData("--break", "everything")]
    [InlineData("--threads", "0")]
    public void WhatThereIsNotIsRefused(string option, string value)
    {
        var (exitCode, _, error) = ConsoleRun.Of("gradcheck", option, value);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"error: {option} {value}: ", error);
    }

    [Fact]
    public void EveryCaseOfAPublicOpHasAFormula() =>
        Assert.Equal(["Function", "Identity"], OpCase.All.Where(c => Formulas.Of(c) == "").Select(c => c.Name).Order());
}
