using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Training;

namespace NativeNN.Experiments.Running;

/// <summary>The training loop, the only one: a recipe's network, optimiser and batches, and what a step does with them.</summary>
public sealed class TrainingLoop
{
    private readonly StepRecorder recorder;

    /// <summary>Trains that network; its parameters move to where the data live.</summary>
    public TrainingLoop(Recipe recipe, Module net, TrainingData data, Generator generator)
    {
        (Recipe, Net, Data, Generator) = (recipe, net, data, generator);
        net.To(data.Train.Backend);
        Optimizer = recipe.Optimizer.Build(net.Parameters());
        Batches = new DataLoader(data.Train, recipe.BatchSize, recipe.Shuffle, recipe.DropLast, generator);
        if (recipe.Evaluation is { } test)
            TestBatches = new DataLoader(data.Test, Math.Min(test.BatchSize, data.Test.Count), shuffle: false, test.DropLast, generator);
        recorder = new StepRecorder(data.Train.Backend, Batches.Count);
    }

    /// <summary>Trains the recipe's own network, drawn from the generator.</summary>
    public TrainingLoop(Recipe recipe, TrainingData data, Generator generator)
        : this(recipe, recipe.NewNetwork(generator), data, generator)
    {
    }

    public Recipe Recipe { get; }

    public Module Net { get; }

    public TrainingData Data { get; }

    public Optimizer Optimizer { get; }

    public Generator Generator { get; }

    public DataLoader Batches { get; }

    /// <summary>Null where the recipe has no evaluation.</summary>
    public DataLoader? TestBatches { get; }

    /// <summary>Steps since the epoch began.</summary>
    public int Steps => recorder.Steps;

    /// <summary>Loss of every step since the epoch began.</summary>
    public float[] Losses() => recorder.Losses();

    /// <summary>Right answers / all answers of the steps since the epoch began, each from before its update.</summary>
    public double Accuracy() => recorder.Accuracy();

    /// <summary>One update.</summary>
    public void Step(Batch batch)
    {
        var (x, labels) = batch;
        Optimizer.ZeroGrad();
        var logits = Net.Forward(x);
        var loss = Recipe.Loss.Of(logits, labels);
        loss.Backward();
        Optimizer.Step();
        recorder.Record(loss, logits, labels);
    }

    /// <summary>One pass over the training set, or the first so many steps of it; or the rest of a pass that was interrupted.</summary>
    public void Epoch(int steps = int.MaxValue, Action? afterStep = null, EpochPart? from = null)
    {
        Begin();
        byte[] now = Generator.GetState();
        if (from is not null)
            Generator.SetState(from.Generator); // the same order of images is drawn again
        using var batches = Batches.From(from?.Losses.Length ?? 0);
        for (bool drawn = false; batches.MoveNext(); drawn = true)
        {
            if (from is not null && !drawn)
            {
                Generator.SetState(now);
                recorder.Restore(from.Losses, [.. from.Correct.Select(n => (int)n)], from.Samples);
            }
            Step(batches.Current);
            afterStep?.Invoke();
            if (Steps == steps)
                break;
        }
    }

    /// <summary>The epoch as far as it is, which began with that network and generator, for <see cref="Epoch"/> to go on from.</summary>
    public EpochPart Part(IReadOnlyDictionary<string, Tensor> model, byte[] generator, double seconds, double[] counters) =>
        new(model, generator, recorder.Losses(), [.. recorder.Correct().Select(n => (long)n)], recorder.Samples, seconds, counters);

    /// <summary>Steps without end, for measuring: a pass begins where the last one ended.</summary>
    public IEnumerator<Batch> EndlessSteps()
    {
        while (true)
        {
            Begin();
            foreach (var batch in Batches)
            {
                Step(batch);
                yield return batch;
            }
        }
    }

    /// <summary>Right answers / all answers over the test set; NaN where there is no evaluation.</summary>
    public double Evaluate() => Test().Accuracy;

    /// <summary>
    /// The mean loss of the test set's examples, and right answers / all answers, without dropout and without a graph; NaN where there is
    /// no evaluation.
    /// </summary>
    public (double Loss, double Accuracy) Test()
    {
        if (TestBatches is null)
            return (double.NaN, double.NaN);
        Net.Eval();
        using var _ = new NoGrad();
        var answers = new StepRecorder(TestBatches.Dataset.Backend, TestBatches.Count);
        var sizes = new List<int>();
        foreach (var (x, labels) in TestBatches)
        {
            var logits = Net.Forward(x);
            answers.Record(Recipe.Loss.Of(logits, labels), logits, labels);
            sizes.Add(labels.Count);
        }
        // The last batch may be a short one: it counts by its examples.
        return (answers.Losses().Zip(sizes, (loss, size) => (double)loss * size).Sum() / answers.Samples, answers.Accuracy());
    }

    private void Begin()
    {
        Net.Train();
        recorder.Reset();
    }
}
