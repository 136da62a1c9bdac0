using NativeNN.Data;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;
using NativeNN.Training;

namespace NativeNN.Experiments.Compare;

/// <summary>One training whose every step is kept, with the random draws of the PyTorch script in their order.</summary>
public sealed class ComparedTraining(TrainingRecipe recipe, ComparedData data, Module net, Generator generator)
{
    /// <summary>Whether each epoch has a new order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Called before each epoch, which counts from 0.</summary>
    public Action<int>? BeforeEpoch { get; init; }

    /// <summary>Trains that many epochs, or stops after so many steps (then without the epoch it is in).</summary>
    public TrainingTrace Run(int epochs, int steps = int.MaxValue)
    {
        var initial = InitialParameter.Of(net);
        var optimizer = recipe.Optimizer(net);
        var train = new DataLoader(data.Train, recipe.BatchSize, Shuffle, recipe.DropLast, generator);
        var test = recipe.TestBatchSize == 0
            ? null
            : new DataLoader(data.Test, recipe.TestBatchSize, shuffle: false, recipe.TestDropLast, generator);
        var recorder = new StepRecorder(data.Train.Backend, train.Count);
        var losses = new List<float>();
        var finished = new List<TraceEpoch>();
        for (int epoch = 0; epoch < epochs && losses.Count < steps; epoch++)
        {
            BeforeEpoch?.Invoke(epoch);
            net.Train();
            recorder.Reset();
            foreach (var (x, labels) in train)
            {
                optimizer.ZeroGrad();
                var output = net.Forward(x);
                var loss = recipe.Loss(output, labels);
                loss.Backward();
                optimizer.Step();
                recorder.Record(loss, output, labels);
                if (losses.Count + recorder.Steps == steps)
                    break;
            }
            float[] all = recorder.Losses();
            losses.AddRange(all);
            if (all.Length == train.Count)
            {
                double accuracy = recorder.Accuracy();
                finished.Add(new(all.Average(loss => (double)loss), accuracy, test is null ? null : TrainingRun.Evaluate(net, test)));
            }
        }
        return new(initial, losses, finished);
    }
}
