using System.Diagnostics;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Running;

/// <summary>Where a training is: Last is the last whole epoch; Progress in 0–1 over all epochs.</summary>
public sealed record TrainingProgress(string Key, int Epoch, int Epochs, double Progress, double SamplesPerSecond, EpochRecord? Last);

/// <summary>A training over all its epochs, with a recording and a checkpoint after each. Key names it within its lecture.</summary>
public sealed class TrainingRun(string key, TrainingLoop loop, CheckpointFile checkpoint, Action<TrainingProgress> report)
{
    private const int StepsBetweenReports = 32;

    /// <summary>Called before each epoch (and not again for epochs that a checkpoint already holds).</summary>
    public Action<int, Recording>? BeforeEpoch { get; init; }

    /// <summary>Called after each epoch, before its checkpoint is written, with the loss of every step.</summary>
    public Action<int, Recording, float[]>? AfterEpoch { get; init; }

    /// <summary>Trains up to that many epochs, going on from the checkpoint if there is one to go on from.</summary>
    public Recording Run(int epochs)
    {
        var recording = checkpoint.Load(loop) ?? new Recording();
        for (int epoch = recording.Epochs.Count + 1; epoch <= epochs; epoch++)
        {
            BeforeEpoch?.Invoke(epoch, recording);
            var watch = Stopwatch.StartNew();
            loop.Epoch(afterStep: () =>
            {
                if (loop.Steps % StepsBetweenReports == 0)
                    Report(epoch, watch, epochs, recording);
            });
            float[] losses = loop.Losses();
            double trainAccuracy = loop.Accuracy(), testAccuracy = loop.Evaluate();
            int firstBad = Array.FindIndex(losses, loss => !float.IsFinite(loss));
            if (firstBad >= 0)
                recording.DivergedAtStep ??= (epoch - 1) * losses.Length + firstBad + 1;
            AfterEpoch?.Invoke(epoch, recording, losses);
            recording.Epochs.Add(
                new(epoch, losses.Average(loss => (double)loss), trainAccuracy, testAccuracy, watch.Elapsed.TotalSeconds));
            checkpoint.Save(loop, recording);
            Report(epoch, watch, epochs, recording);
        }
        return recording;
    }

    private void Report(int epoch, Stopwatch watch, int epochs, Recording recording)
    {
        double done = loop.Steps / (double)loop.Batches.Count;
        double samplesPerSecond = loop.Steps * loop.Recipe.BatchSize / watch.Elapsed.TotalSeconds;
        report(new TrainingProgress(key, epoch, epochs, (epoch - 1 + done) / epochs, samplesPerSecond, recording.Epochs.LastOrDefault()));
    }
}
