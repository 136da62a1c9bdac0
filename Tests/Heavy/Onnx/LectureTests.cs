using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Tests.Onnx;

/// <summary>Each lecture's network, trained for 200 steps, with 1,000 images.</summary>
public class LectureTests
{
    private const int Steps = 200, Images = 1000;
    private const long Seed = 42;

    // A sum of 784 products, in another order.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("000", false)]
    [InlineData("001", false)]
    [InlineData("001", true)]
    [InlineData("002", false)]
    [InlineData("003", false)]
    [InlineData("004", false)]
    public void OutputsAreOnnxRuntimes(string document, bool otherNormalization)
    {
        var recipe = Course.Lectures.Single(lecture => lecture.Recipe.Document == document).Recipe;
        if (otherNormalization)
            recipe = recipe with { Network = recipe.Network with { BatchNorm = !recipe.Network.BatchNorm } };
        var data = recipe.Data.Load(new ImageSource(null, recipe.Name), Seed);
        var loop = new TrainingLoop(recipe, data, new Generator(Seed));
        Assert.Equal(Steps, ComparedTraining.Trace(loop, epochs: 1, Steps).Losses.Count);

        int features = recipe.Network.Widths[0];
        using var model = new OnnxModel(loop.Net, features);
        float[] x = data.Test.Select([.. Enumerable.Range(0, Images)]).CopyInputs().ToArray();
        Assert.InRange(model.Distance(loop.Net, x, Images, features), 0, Tolerance);
    }
}
