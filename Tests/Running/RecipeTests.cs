using System.Globalization;
using System.Text.RegularExpressions;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;
using NativeNN.Tests.Compare;
using NativeNN.Tests.Goldens;

namespace NativeNN.Tests.Running;

/// <summary>
/// A lecture's numbers stand in its recipe alone. The oracles (golden trainings, PyTorch scripts) have numbers of their own: here they
/// are compared.
/// </summary>
public sealed partial class RecipeTests
{
    public static TheoryData<string> Documents => [.. Course.Lectures.Select(l => l.Recipe.Document)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void TheGoldenTrainingsAreTheLectures(string document)
    {
        var recipe = LectureData.Recipe(document);
        var golden = GoldenTraining.Recipe(GoldenFiles.Root("train.json").GetProperty("cases").EnumerateArray()
            .First(c => c.GetProperty("lecture").GetString() == document && !c.TryGetProperty("drop", out _)));
        Assert.Equal(golden.Network.Widths, recipe.Network.Widths);
        Assert.Equal((golden.Network.Activation, golden.Network.Dropout, golden.Network.LogSoftmax),
            (recipe.Network.Activation, recipe.Network.Dropout, recipe.Network.LogSoftmax));
        Assert.Equal((golden.BatchSize, golden.DropLast, golden.Shuffle, golden.Loss, golden.Optimizer, golden.Epochs),
            (recipe.BatchSize, recipe.DropLast, recipe.Shuffle, recipe.Loss, recipe.Optimizer, recipe.Epochs));
        // 001's document gives its split no seed.
        Assert.Equal(golden.Data, recipe.Data with
        {
            SplitSeed = document == "001" ? golden.Data.SplitSeed : recipe.Data.SplitSeed,
            ShareWithoutTestPart = null, // MNIST has its test part
        });
        // The goldens test 001 on all of its 2,000 test images at once; 004 does not test.
        if (recipe.Evaluation is { } evaluation)
            Assert.Equal(golden.Evaluation,
                evaluation.BatchSize == Evaluation.WholeSet ? evaluation with { BatchSize = 2_000 } : evaluation);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void ThePyTorchScriptsAreTheLectures(string document)
    {
        var recipe = LectureData.Recipe(document);
        string script = File.ReadAllText(Path.Combine(PythonSide.ScriptFolder, PythonSide.ScriptOf(recipe)));
        var layers = LayerOfScript().Matches(script).Select(m => (In: Int(m, "in"), Out: Int(m, "out"))).ToList();
        Assert.Equal(recipe.Network.Widths, [layers[0].In, .. layers.Select(l => l.Out)]);
        Assert.Equal(recipe.BatchSize, Int(Regex.Match(script, @"batch_size=(?<n>\d+), shuffle=True"), "n"));
        Assert.Equal(recipe.DropLast, Regex.IsMatch(script, "shuffle=True, drop_last=True"));
        Assert.Equal(recipe.Epochs, Int(Regex.Match(script, @"epochs=(?<n>\d+)"), "n"));
        Assert.Contains($"torch.optim.{(recipe.Optimizer.Kind == OptimizerKind.Adam ? "Adam" : "SGD")}(net.parameters(), "
            + $"lr={recipe.Optimizer.LearningRate.ToString(CultureInfo.InvariantCulture)})", script);
        Assert.Contains($"nn.{recipe.Loss.Name}()", script);
        Assert.Equal(recipe.Network.Dropout > 0, script.Contains("dropout(", StringComparison.Ordinal));
        Assert.Equal(recipe.Network.LogSoftmax, script.Contains("log_softmax", StringComparison.Ordinal));

        static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    // Widths of a lecture's network in a row, or a learning rate given to an optimiser as a number.
    [SkippableFact]
    public void NobodyElseSpellsALecturesNumbers()
    {
        var widths = Course.Lectures.Select(l => string.Join(@"\s*,\s*", l.Recipe.Network.Widths));
        var spelled = new Regex($@"{string.Join('|', widths)}|\bnew (Sgd|Adam\w*)\([^;]*?,\s*(learningRate:\s*)?\d");
        Assert.Matches(spelled, "new Sgd(net.Parameters(), 0.01)"); // the scan can find one
        var files = SourceFiles.Of("Experiments", "Bench", "Tests/Compare", "Tests/Lectures")
            .Where(f => !f.Name.StartsWith("Experiments/Lectures/", StringComparison.Ordinal));
        Assert.Empty(files.SelectMany(f => spelled.Matches(f.Code).Select(m => $"{f.Name}: {m.Value}")));
    }

    [Fact]
    public void ANamedNetworkComputesWhatTheSequenceOfItsLayersDoes()
    {
        foreach (var network in Course.Lectures.Select(l => l.Recipe.Network))
        {
            var (named, sequence) = (network.Build(new Generator(3)), network.BuildSequential(new Generator(3)));
            Assert.Equal(named.Parameters().Select(p => p.Shape), sequence.Parameters().Select(p => p.Shape));
            var x = Tensor.Zeros((5, network.Widths[0]));
            Init.Normal(x, new Generator(4));
            Assert.Equal(sequence.Forward(x).ToArray(), named.Forward(x).ToArray()); // in training, so with the same dropout masks
        }
    }

    [Fact]
    public void AStepIsAStepWhoeverAsksForIt()
    {
        var recipe = LectureData.Recipe("000");
        var data = LectureData.Of(recipe.Data);
        var (byEpoch, stepwise) = (new TrainingLoop(recipe, data, new Generator(1)), new TrainingLoop(recipe, data, new Generator(1)));
        byEpoch.Epoch(steps: 7);
        var steps = stepwise.EndlessSteps();
        for (int i = 0; i < 7; i++)
            steps.MoveNext();
        Assert.Equal(7, byEpoch.Steps);
        Assert.Equal(byEpoch.Losses(), stepwise.Losses());
    }

    [GeneratedRegex(@"nn\.Linear\((?<in>\d+), (?<out>\d+)\)")]
    private static partial Regex LayerOfScript();
}
