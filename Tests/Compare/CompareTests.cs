using System.Runtime.Intrinsics;
using NativeNN.Data;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Cli;

namespace NativeNN.Tests.Compare;

/// <summary>The compare command against a real PyTorch, where there is one, and what it says where there is none.</summary>
public sealed class CompareTests
{
    public static IEnumerable<object[]> Lectures => Course.Lectures.Select(l => new object[] { l.Name });

    [SkippableTheory]
    [MemberData(nameof(Lectures))]
    public void TheFirstStepsEqualPyTorchs(string lecture)
    {
        var python = RealPyTorch.Find();
        var recipe = Course.Lectures.Single(l => l.Name == lecture).Recipe;
        var torch = python.Run(PythonSide.ScriptOf(recipe), Mnist.BundledFolder, "--steps", "20", "--seed", "7");
        var generator = new Generator(7) { DropoutKernel = torch.DropoutKernel };
        var data = recipe.Data.Load(new ImageSource(null, lecture), seed: 7);
        var ours = ComparedTraining.Trace(new TrainingLoop(recipe, data, generator), epochs: 1, steps: 20);

        var difference = new TraceDifference(torch.Trace, ours);
        Assert.True(difference.StartsEqual);
        Assert.Equal(20, difference.Loss.Count);
        if (Vector512.IsHardwareAccelerated && torch.Blas == "openblas")
            Assert.Equal("all 20 losses equal bit for bit", difference.Lines().Last());
        else
            Assert.All(difference.Loss, d => Assert.InRange(d, 0, 1.5e-6)); // another BLAS, or fewer lanes: the same sums in another order
        Assert.Empty(ours.Epochs);
        Assert.Contains($"initial weights: {ours.Initial.Count} of {ours.Initial.Count} parameters equal bit for bit", difference.Lines());
    }

    [Fact]
    public void ATraceThatDiffersSaysWhereAndByHowMuch()
    {
        TrainingTrace Trace(string hash, params float[] losses) => new([new("fc.weight", [2], hash, [1, 2])], losses, [new(2, 0.5, null)]);
        var difference = new TraceDifference(Trace(new('a', 64), 2, 1.5f, 1), Trace(new('b', 64), 2, 1.25f, 1));
        Assert.False(difference.StartsEqual);
        Assert.Equal([0, 0.25, 0], difference.Loss);
        string text = string.Join('\n', difference.Lines());
        Assert.Contains("initial fc.weight [2]: DIFFERENT", text);
        Assert.Contains("largest difference 2.5E-1 (step 2)", text);
        Assert.Contains("2 equal bit for bit", text);
        Assert.Equal("step,pytorch,nativenn\n1,2,2\n2,1.5,1.25\n3,1,1\n", difference.Csv());
        Assert.StartsWith("<", System.Text.Encoding.UTF8.GetString(difference.Draw("two losses").Encode("svg")));
    }

    [Fact]
    public void LossesAreEqualOnlyIfAllBitsAre()
    {
        string Last(float[] torch, float[] ours) => new TraceDifference(new([], torch, []), new([], ours, [])).Lines().Last();
        Assert.Equal("all 2 losses equal bit for bit", Last([1.5f, float.NaN], [1.5f, float.NaN]));
        Assert.Contains("largest difference 0.0E+0 (step 1)", Last([0f, 1], [-0f, 1]));
        Assert.Contains("1 equal bit for bit", Last([0f, 1], [-0f, 1]));
        Assert.StartsWith("losses of 1 steps", Last([1f, 2], [1f]));
    }

    [Theory]
    [InlineData("cannot import torch and numpy", "compare", "000", "--python", "no-such-python")]
    [InlineData("no such lecture", "compare", "005")]
    [InlineData("--steps 0", "compare", "000", "--steps", "0")]
    [InlineData("--sigma -1", "compare", "002", "--sigma", "-1")]
    [InlineData("only init-variance takes a σ", "compare", "003", "--sigma", "0.1")]
    public void BadInputIsOneLineAndExitCode2(string expected, params string[] args)
    {
        var (code, _, text) = ConsoleRun.Of(args);
        Assert.Equal(2, code);
        string line = text.TrimEnd();
        Assert.DoesNotContain('\n', line);
        Assert.Contains(expected, line);
    }
}
