using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Tests.LibTorch.Lectures;

/// <summary>500 steps of each lecture here and in LibTorch: the same weights to start from, bit for bit, and losses side by side.</summary>
public class LectureTests
{
    private const int Steps = 500, FirstSteps = 20;
    private const long Seed = 42;

    // Products are added in another order, so losses differ by rounding; where a ReLU falls on the other side of 0 or Adam divides by a
    // small root, the difference grows from step to step. How far apart they were when measured: README.md.
    [Theory]
    [InlineData("000", 2e-6)]
    [InlineData("001", 2e-6)]
    [InlineData("002", 5e-3)]
    [InlineData("003", 1e-3)]
    [InlineData("004", 1e-7)]
    public void LossesOfTheFirstSteps(string document, double room)
    {
        var recipe = Course.Lectures.Single(lecture => lecture.Recipe.Document == document).Recipe;
        var data = recipe.Data.Load(new ImageSource(null, recipe.Name), Seed);
        var loop = new TrainingLoop(recipe, data, new Generator(Seed));
        var torch = new TorchTraining(recipe, data, Seed);
        Assert.Equal(torch.Parameters.Select(Values.ToArray), loop.Net.Parameters().Select(p => p.ToArray()));

        float[] theirs = torch.Losses(Steps);
        var ours = ComparedTraining.Trace(loop, epochs: 1, Steps).Losses;
        double[] distances = [.. theirs.Zip(ours, (a, b) => Math.Abs((double)a - b))];
        Assert.Equal(Steps, distances.Length);
        foreach (var (steps, most) in new[] { (FirstSteps, 1e-5), (Steps, room) })
            Assert.True(distances.Take(steps).Max() <= most,
                $"document {document}: losses differ by up to {distances.Take(steps).Max():0.0E+0} in {steps} steps");
    }
}
