using System.Diagnostics;
using NativeNN.Data;
using NativeNN.Layers;
using NativeNN.Optim;
using NativeNN.Random;
using NativeNN.Training;

namespace NativeNN.Experiments.Running;

/// <summary>What a training needs; Key names it within its lecture.</summary>
public sealed record TrainingSetup(string Key, Module Net, Optimizer Optimizer, Func<Tensor, Labels, Tensor> Loss, Generator Generator,
    DataLoader Train, DataLoader? Test);

/// <summary>Where a training is: Loss is the mean of the last epoch; Progress in 0–1 over all epochs.</summary>
public sealed record TrainingProgress(string Key, int Epoch, int Epochs, double Progress, double SamplesPerSecond, EpochRecord? Last);

/// <summary>The training loop every lecture shares, with a checkpoint after each epoch.</summary>
public sealed class TrainingRun(TrainingSetup setup, CheckpointFile checkpoint, Action<TrainingProgress> report)
{
    /// <summary>Called before each epoch (and not again for epochs that a checkpoint already holds).</summary>
    public Action<int, Recording>? BeforeEpoch { get; init; }

    /// <summary>Called after each epoch, before its checkpoint is written, with the loss of every step.</summary>
    public Action<int, Recording, float[]>? AfterEpoch { get; init; }

    /// <summary>Trains up to that many epochs, going on from the checkpoint if there is one to go on from.</summary>
    public Recording Run(int epochs)
    {
        var (net, optimizer) = (setup.Net, setup.Optimizer);
        var recording = checkpoint.Load(setup) ?? new Recording();
        var steps = new StepRecorder(setup.Train.Dataset.Backend, setup.Train.Count);
        for (int epoch = recording.Epochs.Count + 1; epoch <= epochs; epoch++)
        {
            BeforeEpoch?.Invoke(epoch, recording);
            var watch = Stopwatch.StartNew();
            net.Train();
            steps.Reset();
            foreach (var (x, labels) in setup.Train)
            {
                optimizer.ZeroGrad();
                var logits = net.Forward(x);
                var loss = setup.Loss(logits, labels);
                loss.Backward();
                optimizer.Step();
                steps.Record(loss, logits, labels);
                if (steps.Steps % 32 == 0)
                    Report(epoch, steps.Steps);
            }
            var losses = steps.Losses();
            double trainAccuracy = steps.Accuracy();
            double testAccuracy = setup.Test is null ? double.NaN : Evaluate(net, setup.Test);
            int firstBad = Array.FindIndex(losses, loss => !float.IsFinite(loss));
            if (firstBad >= 0)
                recording.DivergedAtStep ??= (epoch - 1) * losses.Length + firstBad + 1;
            AfterEpoch?.Invoke(epoch, recording, losses);
            recording.Epochs.Add(new(epoch, losses.Average(loss => (double)loss), trainAccuracy, testAccuracy, watch.Elapsed.TotalSeconds));
            checkpoint.Save(setup, recording);
            Report(epoch, steps.Steps);

            void Report(int at, int step) => report(new TrainingProgress(setup.Key, at, epochs,
                (at - 1 + step / (double)setup.Train.Count) / epochs, step * setup.Train.BatchSize / watch.Elapsed.TotalSeconds,
                recording.Epochs.LastOrDefault()));
        }
        return recording;
    }

    /// <summary>Right answers / all answers over the loader, without dropout and without a graph.</summary>
    public static double Evaluate(Module net, DataLoader test)
    {
        net.Eval();
        using var _ = new NoGrad();
        var steps = new StepRecorder(test.Dataset.Backend, test.Count);
        foreach (var (x, labels) in test)
            steps.Record(net.Forward(x), labels);
        return steps.Accuracy();
    }
}
