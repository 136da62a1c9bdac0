using System.Diagnostics;
using NativeNN.Analysis;
using NativeNN.Experiments.Running;
using NativeNN.Layers;

namespace NativeNN.Experiments.Lectures;

/// <summary>
/// One layer's weights W at the end of an epoch: the Frobenius distance from its start, the norm ‖W‖, the share of weights near zero,
/// Hoyer's sparsity, and the condition number.
/// </summary>
internal readonly record struct LayerMeasure(double Distance, double Norm, double NearZero, double Sparsity, double Condition);

/// <summary>What document 003 measures in an epoch, layer by layer in the network's order.</summary>
/// <param name="Layers">The layers at the epoch's end.</param>
/// <param name="Between">‖W(start) − W(end of the last epoch)‖ of each layer.</param>
/// <param name="ConditionSeconds">How long the condition numbers took.</param>
internal sealed record EpochMeasure(LayerMeasure[] Layers, double[] Between, double ConditionSeconds)
{
    public double MeanDistance => Statistics.Mean(Layers.Select(l => l.Distance).ToArray());

    public void AddTo(Recording recording)
    {
        recording.Add("between", Between);
        recording.Add("distance", [.. Layers.Select(l => l.Distance)]);
        recording.Add("norm", [.. Layers.Select(l => l.Norm)]);
        recording.Add("near-zero", [.. Layers.Select(l => l.NearZero)]);
        recording.Add("sparsity", [.. Layers.Select(l => l.Sparsity)]);
        recording.Add("condition", [.. Layers.Select(l => l.Condition)]);
        recording.Add("condition-seconds", ConditionSeconds);
    }

    /// <summary>Every epoch's measurement.</summary>
    public static IReadOnlyList<EpochMeasure> Of(Recording recording)
    {
        var (between, distance, norm) = (recording.Of("between"), recording.Of("distance"), recording.Of("norm"));
        var (nearZero, sparsity, condition) = (recording.Of("near-zero"), recording.Of("sparsity"), recording.Of("condition"));
        var seconds = recording.Of("condition-seconds");
        return [.. Enumerable.Range(0, distance.Count).Select(t => new EpochMeasure(
            [.. Enumerable.Range(0, distance[t].Length).Select(i =>
                new LayerMeasure(distance[t][i], norm[t][i], nearZero[t][i], sparsity[t][i], condition[t][i]))],
            between[t], seconds[t][0]))];
    }
}

/// <summary>Measures every layer's weight matrix W(t) at the end of an epoch t against W(t−1), its copy from the epoch's start.</summary>
internal sealed class WeightTracker(Module net)
{
    private const float NearZero = 0.01f;

    private IReadOnlyList<LayerMatrix> atStart = [];
    private IReadOnlyList<LayerMatrix>? atLastEnd;
    private double[] between = [];

    public void EpochStarts(int epoch, Recording record)
    {
        atStart = Matrices();
        // ‖W(start of t) − W(end of t−1)‖: whether 'within an epoch' and 'from epoch to epoch' differ
        between = [.. atStart.Zip(atLastEnd ?? atStart, Distance)];
    }

    public void EpochEnds(int epoch, Recording record, float[] losses)
    {
        atLastEnd = Matrices();
        var watch = Stopwatch.StartNew();
        double[] conditions = [.. atLastEnd.Select(Condition)];
        double seconds = watch.Elapsed.TotalSeconds;
        var layers = atLastEnd.Select((w, i) => new LayerMeasure(
            Distance(w, atStart[i]), MatrixNorms.Frobenius(w.Values), ShareNearZero(w.Values), Sparsity(w.Values), conditions[i]));
        new EpochMeasure([.. layers], between, seconds).AddTo(record);
    }

    /// <summary>Hoyer's sparsity (√n − ‖w‖₁/‖w‖₂)/(√n − 1): 0 if all |w| are equal, 1 if only one is not zero.</summary>
    public static double Sparsity(float[] weights)
    {
        double root = Math.Sqrt(weights.Length);
        return (root - weights.Sum(w => (double)MathF.Abs(w)) / MatrixNorms.Frobenius(weights)) / (root - 1);
    }

    private IReadOnlyList<LayerMatrix> Matrices() => LayerMatrix.Of(Snapshot.Of(net));

    private static double Distance(LayerMatrix now, LayerMatrix before) => MatrixNorms.FrobeniusDistance(now.Values, before.Values);

    private static double ShareNearZero(float[] weights) => weights.Count(w => MathF.Abs(w) < NearZero) / (double)weights.Length;

    //  κ = σ_max/σ_min; NaN for weights that are no longer finite
    private static double Condition(LayerMatrix w) =>
        Array.TrueForAll(w.Values, float.IsFinite) ? MatrixNorms.ConditionNumber(w.Values, w.Rows, w.Columns) : double.NaN;
}

/// <summary>The singular values of one layer's weights, largest first; none if the weights are no longer finite.</summary>
internal sealed record Spectrum(string Layer, double[] Values)
{
    public bool IsFinite => Values.Length > 0;

    public double Largest => Values[0];

    public double Smallest => Values[^1];

    /// <summary>κ = σ_max/σ_min.</summary>
    public double Condition => IsFinite ? Largest / Smallest : double.NaN;

    /// <summary>‖W‖²_F/σ₁²: 1 if one direction holds everything.</summary>
    public double StableRank => IsFinite ? Values.Sum(s => s * s) / (Largest * Largest) : double.NaN;

    /// <summary>The share of ‖W‖²_F in the first 1, 2, … directions, Σσᵢ²/‖W‖²_F.</summary>
    public double[] Cumulative
    {
        get
        {
            double all = Values.Sum(s => s * s), sum = 0;
            return [.. Values.Select(s => (sum += s * s) / all)];
        }
    }

    /// <summary>How many directions it takes to hold that share of ‖W‖²_F; 0 if the weights are no longer finite.</summary>
    public int DirectionsFor(double share) => Cumulative.TakeWhile(held => held < share).Count() + (IsFinite ? 1 : 0);

    /// <summary>Every layer's spectrum in the network's order.</summary>
    public static IReadOnlyList<Spectrum> Of(Snapshot snapshot) =>
        [.. LayerMatrix.Of(snapshot).Select(w => Of(w, w.Values))];

    /// <summary>The same of what training added to each layer, W − W₀.</summary>
    public static IReadOnlyList<Spectrum> OfChange(Snapshot initial, Snapshot final) =>
        [.. LayerChange.Between(initial, final).Select(layer =>
            Of(layer.After, [.. layer.After.Values.Zip(layer.Before.Values, (after, before) => after - before)]))];

    private static Spectrum Of(LayerMatrix shape, float[] values) =>
        new(shape.Layer, Array.TrueForAll(values, float.IsFinite) ? MatrixNorms.SingularValues(values, shape.Rows, shape.Columns) : []);
}

/// <summary>How fast it learns beside how far the weights move, both z-scored over epochs 2, 3, …, as the lecture aligns them.</summary>
internal sealed record Dynamics(double[] Gain, double[] Change, double[] GainZ, double[] ChangeZ, double Correlation)
{
    public static Dynamics Of(Recording recording)
    {
        double[] gain = Statistics.Diff([.. recording.TrainAccuracies]);
        double[] change = [.. EpochMeasure.Of(recording).Skip(1).Select(e => e.MeanDistance)];
        return new Dynamics(gain, change, Statistics.ZScore(gain), Statistics.ZScore(change), Statistics.Correlation(gain, change));
    }
}
