using NativeNN.Data;

namespace NativeNN.Experiments.Running;

/// <summary>One lecture: what it trains and draws, and what it said beside what we measured.</summary>
public abstract class Lecture
{
    /// <summary>Its main training; the others are variations of it.</summary>
    public abstract Recipe Recipe { get; }

    /// <summary>The command that runs it.</summary>
    public string Name => Recipe.Name;

    /// <summary>One line for `list` and the report's heading.</summary>
    public abstract string Title { get; }

    /// <summary>What it asks, in a sentence, for the report.</summary>
    public abstract string Question { get; }

    /// <summary>The name of the figure that stands for it in the gallery.</summary>
    public abstract string Cover { get; }

    /// <summary>Epochs of the short tour (`all --quick`).</summary>
    public virtual int QuickEpochs => 2;

    /// <summary>Whether it compares ways to start the weights, so that there is no other to choose.</summary>
    public virtual bool ComparesInitializations => false;

    /// <summary>Its recipe with what the command line changes. Throws BadInputException where that makes no sense.</summary>
    public Recipe RecipeWith(Hyperparameters changes) => changes.Initialization is { } name && ComparesInitializations
        ? throw new BadInputException($"--init {name}: {Name} compares ways to initialise, so it has no other to choose")
        : changes.ApplyTo(Recipe);

    /// <summary>Trains, draws, measures.</summary>
    public abstract void Run(LectureRun run);
}
