using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Compare;

/// <summary>A training of which every step's loss is kept.</summary>
public static class ComparedTraining
{
    /// <summary>
    /// Trains that many epochs, or stops after so many steps (then without the epoch it is in). beforeEpoch counts from 0.
    /// </summary>
    public static TrainingTrace Trace(TrainingLoop loop, int epochs, int steps = int.MaxValue, Action<int>? beforeEpoch = null)
    {
        var initial = InitialParameter.Of(loop.Net);
        var losses = new List<float>();
        var finished = new List<TraceEpoch>();
        for (int epoch = 0; epoch < epochs && losses.Count < steps; epoch++)
        {
            beforeEpoch?.Invoke(epoch);
            loop.Epoch(steps - losses.Count);
            float[] all = loop.Losses();
            losses.AddRange(all);
            if (all.Length == loop.Batches.Count)
                finished.Add(new(all.Average(loss => (double)loss), loop.Accuracy(), loop.TestBatches is null ? null : loop.Evaluate()));
        }
        return new(initial, losses, finished);
    }
}
