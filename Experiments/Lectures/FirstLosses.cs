using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Lectures;

/// <summary>The losses of a training's first steps, one by one.</summary>
internal sealed record FirstLosses(double[] Values)
{
    private const string Series = "first-losses";

    public double Start => Values[0];

    public double Highest => Values.Max();

    public int Steps => Values.Length;

    /// <summary>Records the first steps of a training's first epoch; later epochs add nothing.</summary>
    public static void AddTo(Recording recording, int epoch, float[] losses, int steps)
    {
        if (epoch == 1)
            recording.Add(Series, [.. losses.Take(steps).Select(loss => (double)loss)]);
    }

    public static FirstLosses Of(Recording recording) => new(recording.Of(Series)[0]);
}
