using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>What the figures and claims of several lectures ask of a training's epochs.</summary>
internal static class RecordingMeasures
{
    /// <summary>1, 2, … as far as the training went.</summary>
    public static double[] EpochNumbers(this Recording recording) => [.. recording.Epochs.Select(e => (double)e.Epoch)];

    /// <summary>The first epoch whose test accuracy is at least that; null if there is none.</summary>
    public static int? FirstEpochWith(this Recording recording, double testAccuracy) =>
        recording.Epochs.Find(e => e.TestAccuracy >= testAccuracy)?.Epoch;
}
