using NativeNN.Backends;
using NativeNN.Data;
using NativeNN.Experiments.Lectures;
using NativeNN.Experiments.Running;
using NativeNN.Random;

namespace NativeNN.Bench;

/// <summary>A lecture's own training, from its recipe, one step at a time: what Bench measures is what the lecture does.</summary>
internal sealed class LectureTraining
{
    private const long Seed = 42;
    private readonly IEnumerator<Batch> steps;

    public LectureTraining(Recipe recipe, TrainingData data)
    {
        Loop = new TrainingLoop(recipe, data, NewGenerator(data.Train.Backend));
        steps = Loop.EndlessSteps();
    }

    public TrainingLoop Loop { get; }

    /// <summary>The recipes of all lectures, or of the one of that name. Throws BadInputException for a name that is none's.</summary>
    public static IReadOnlyList<Recipe> Recipes(string? lecture)
    {
        var recipes = Course.Lectures.Select(l => l.Recipe).Where(r => lecture is null || r.Name == lecture).ToList();
        return recipes.Count > 0
            ? recipes
            : throw new BadInputException($"--lecture {lecture}: needs one of {string.Join(", ", Course.Lectures.Select(l => l.Name))}");
    }

    /// <summary>The lecture's images on that backend, from the MNIST that comes along.</summary>
    public static TrainingData Load(Recipe recipe, Backend backend) => recipe.Data.Load(new ImageSource(null, recipe.Name), Seed, backend);

    public static Generator NewGenerator(Backend backend) => new(Seed) { DropoutKernel = backend.DropoutKernel };

    /// <summary>The next batch and one update; a new pass over the data begins where the last ended.</summary>
    public void Step() => steps.MoveNext();
}
