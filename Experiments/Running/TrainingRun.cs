using System.Diagnostics;
using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Running;

/// <summary>Where a training is: Last is the last whole epoch; Progress in 0–1 over all epochs.</summary>
public sealed record TrainingProgress(string Key, int Epoch, int Epochs, double Progress, double SamplesPerSecond, EpochRecord? Last);

/// <summary>
/// A training over all its epochs, with a recording and a checkpoint after each, and one inside an epoch where the run is interrupted.
/// </summary>
/// <param name="loop">What is trained.</param>
/// <param name="checkpoint">Where its state is kept.</param>
/// <param name="resume">Whether to go on from what is there; else a training starts afresh and replaces it.</param>
/// <param name="interruption">Asked after every step.</param>
/// <param name="report">Shows the progress.</param>
/// <param name="say">Shows a line.</param>
public sealed class TrainingRun(TrainingLoop loop, CheckpointFile checkpoint, bool resume, Interruption interruption,
    Action<TrainingProgress> report, Action<string> say)
{
    private const int StepsBetweenReports = 32;
    private readonly string key = checkpoint.Record.Training;
    private bool saves = true;

    /// <summary>
    /// Called before each epoch, and not again for epochs that a checkpoint already holds. Of an epoch that goes on inside it is called
    /// with the weights of its start, and what it adds to the recording is there already.
    /// </summary>
    public Action<int, Recording>? BeforeEpoch { get; init; }

    /// <summary>Called after each epoch, before its checkpoint is written, with the loss of every step.</summary>
    public Action<int, Recording, float[]>? AfterEpoch { get; init; }

    /// <summary>Called after each epoch when it is in the recording and in the checkpoint.</summary>
    public Action<Recording>? EpochRecorded { get; init; }

    /// <summary>Called before a checkpoint of a training that began elsewhere is replaced, to keep it.</summary>
    public Action? SetAside { get; init; }

    /// <summary>What the lecture counts from step to step within an epoch: saved with its part, and restored.</summary>
    public double[] Counters { get; init; } = [];

    /// <summary>Trains up to that many epochs, going on from the checkpoint if there is one to go on from.</summary>
    public Recording Run(int epochs)
    {
        interruption.ThrowIfRequested("what was trained before is saved");
        using var ours = checkpoint.Lock();
        string start = CheckpointFile.Fingerprint(loop);
        var (recording, part) = GoOn(start, epochs);
        for (int epoch = recording.Epochs.Count + 1; epoch <= epochs; epoch++)
        {
            Train(epoch, epochs, start, recording, part);
            part = null;
        }
        return recording;
    }

    /// <summary>
    /// Restores the training; an empty recording if there is nothing to go on from. That includes a training that began with other weights
    /// or another generator state, as happens when the one before it has been given more epochs since.
    /// </summary>
    private (Recording Recording, EpochPart? Part) GoOn(string start, int epochs)
    {
        var saved = resume ? checkpoint.Read() : null;
        if (saved is null)
            return (new Recording(), null);
        int done = saved.Recording.Epochs.Count;
        if (saved.Start != start)
        {
            say($"{key}: starts from other weights than its checkpoint did, as the training before it went on; trained anew");
            SetAside?.Invoke();
            return (new Recording(), null);
        }
        if (done + (saved.Part is null ? 0 : 1) > epochs)
        {
            say($"{key}: {checkpoint.Path} holds {Epochs(done)}{(saved.Part is null ? "" : " and a part of the next")}, and "
                + $"{epochs} {(epochs == 1 ? "was" : "were")} asked for: trained anew, and the checkpoint stays");
            saves = false;
            return (new Recording(), null);
        }
        saved.Restore(loop);
        if (done == epochs)
            say($"{key}: already trained, {Epochs(done)} in {checkpoint.Path}");
        else
            say($"{key}: goes on after {Epochs(done)}{(saved.Part is { } part ? $" and {part.Losses.Length} batches" : "")}");
        return (saved.Recording, saved.Part);
    }

    private void Train(int epoch, int epochs, string start, Recording recording, EpochPart? part)
    {
        var (model, generator) = (part?.Model ?? loop.Net.StateDict(), part?.Generator ?? loop.Generator.GetState());
        if (part is null)
            BeforeEpoch?.Invoke(epoch, recording);
        else
            BeginAgain(epoch, part);
        var watch = Stopwatch.StartNew();
        double Seconds() => (part?.Seconds ?? 0) + watch.Elapsed.TotalSeconds;
        int before = part?.Losses.Length ?? 0;
        loop.Epoch(from: part, afterStep: () =>
        {
            if (loop.Steps % StepsBetweenReports == 0)
                Report(epoch, loop.Steps - before, watch, epochs, recording);
            // After the last step the epoch is ended instead: what is left of it is a test.
            if (interruption.ExitCode == 0 || loop.Steps == loop.Batches.Count)
                return;
            if (saves)
                checkpoint.Save(loop, start, recording, loop.Part(model, generator, Seconds(), [.. Counters]));
            interruption.ThrowIfRequested($"{key} in epoch {epoch}, after {loop.Steps} of {loop.Batches.Count} batches, "
                + (saves ? $"is saved in {checkpoint.Path}" : "is not saved: its checkpoint holds more"));
        });
        float[] losses = loop.Losses();
        GradientNorms.AddTo(recording, loop.Net);
        double trainAccuracy = loop.Accuracy();
        var (testLoss, testAccuracy) = loop.Test();
        int firstBad = Array.FindIndex(losses, loss => !float.IsFinite(loss));
        if (firstBad >= 0)
            recording.DivergedAtStep ??= (epoch - 1) * losses.Length + firstBad + 1;
        AfterEpoch?.Invoke(epoch, recording, losses);
        recording.Epochs.Add(new(epoch, losses.Average(loss => (double)loss), trainAccuracy, testAccuracy, Seconds())
        {
            TestLoss = testLoss,
        });
        if (saves)
            checkpoint.Save(loop, start, recording);
        EpochRecorded?.Invoke(recording);
        Report(epoch, loop.Steps - before, watch, epochs, recording);
        if (epoch < epochs)
            interruption.ThrowIfRequested($"{key} is saved after {epoch} of {Epochs(epochs)} in {checkpoint.Path}");
    }

    // The lecture's hooks look at the weights of the epoch's start, then the weights are where they were.
    private void BeginAgain(int epoch, EpochPart part)
    {
        var now = loop.Net.StateDict();
        loop.Net.LoadStateDict(part.Model);
        BeforeEpoch?.Invoke(epoch, new Recording());
        loop.Net.LoadStateDict(now);
        part.Counters.CopyTo(Counters, 0);
    }

    private void Report(int epoch, int steps, Stopwatch watch, int epochs, Recording recording)
    {
        double done = loop.Steps / (double)loop.Batches.Count;
        double samplesPerSecond = steps * loop.Recipe.BatchSize / watch.Elapsed.TotalSeconds;
        report(new TrainingProgress(key, epoch, epochs, (epoch - 1 + done) / epochs, samplesPerSecond, recording.Epochs.LastOrDefault()));
    }

    /// <summary>"1 epoch", "2 epochs"</summary>
    internal static string Epochs(int count) => count == 1 ? "1 epoch" : $"{count} epochs";
}
