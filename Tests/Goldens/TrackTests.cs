using System.Text.Json;
using NativeNN.Analysis;
using NativeNN.Tests.Compare;

namespace NativeNN.Tests.Goldens;

/// <summary>track.json: what the lectures measure on the weights before each epoch and after the last, while they train.</summary>
[Trait("Category", "Goldens")]
public class TrackTests
{
    private const string File = "track.json";

    private static readonly bool SameBits = GoldenTraining.HasPyTorchsBits(File);

    // The goldens' README: what rounding may move where the two do not round alike. Of one bin, in weights; where the bins reach from the
    // smallest to the largest weight, the edges move too.
    private const int Few = 5;

    // Adam's training is chaotic: then only the shape of its histogram can be compared, as the share of all weights in another bin.
    private const double ChaoticShare = 0.02;

    // Lecture 003, relative; with the same bits in the weights, only NumPy's float32 sums and SVD differ from ours.
    private static readonly double Distance = SameBits ? 1e-5 : 1e-4, Condition = SameBits ? 1e-12 : 1e-3;

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void MeasuresAsPython(int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        string lecture = golden.GetProperty("lecture").GetString()!;
        Assert.StartsWith(lecture, title);
        var records = golden.GetProperty("records").EnumerateArray().ToList();
        var training = lecture == "002"
            ? new GoldenTraining(LectureData.Recipe(lecture), golden, "randn", Statistics.LogSpace(-4, 1, 25)[13])
            : new GoldenTraining(LectureData.Recipe(lecture), golden);
        float[][]? before = null;
        var trace = training.Run(epochs: records.Count - 1, beforeEpoch: Measure);
        Measure(records.Count - 1);

        // The last accuracies show that it is the same training; train.json holds the tolerances.
        double tolerance = SameBits ? 1e-12 : lecture switch { "002" => 0.005, "003" => 0.0003, _ => 0.0015 };
        Assert.Equal(golden.GetProperty("test_acc").Doubles()[..trace.Epochs.Count], trace.Epochs.Select(e => e.TestAccuracy!.Value),
            (a, b) => Math.Abs(a - b) <= tolerance);

        void Measure(int epoch)
        {
            var parameters = training.Net.NamedParameters()
                .Select(p => (p.Name, p.Parameter.Shape, Values: p.Parameter.ToArray())).ToList();
            var weights = parameters.Where(p => p.Name.EndsWith("weight", StringComparison.Ordinal)).ToList();
            var record = records[epoch];
            switch (lecture)
            {
                case "000":
                    float[] all = [.. weights.SelectMany(w => w.Values)];
                    Counts(record.GetProperty("hist"), Histogram.Of(all, bins: 100, (-0.8, 0.8)).Counts, epoch);
                    var input = Histogram.Of(weights[0].Values, bins: 40);
                    Counts(record.GetProperty("input40"), input.Counts, epoch);
                    Edges(record.GetProperty("input40_edges_first_last"), input, epoch);
                    break;
                case "001":
                    double[] everything = [.. parameters.SelectMany(p => p.Values).Select(v => (double)v)];
                    var narrow = Histogram.Of(everything, Statistics.LinSpace(-0.3, 0.3, 101));
                    Counts(record.GetProperty("counts"), narrow.Counts, epoch);
                    Assert.Equal(record.GetProperty("density_max").GetDouble(), narrow.Density().Max(), IsExact(epoch) ? 1e-12 : 0.02);
                    Assert.Equal(record.GetProperty("n_total").GetInt32(), everything.Length);
                    double[] wide = Statistics.LinSpace(-0.7, 0.7, 101);
                    foreach (var (expected, weight) in record.GetProperty("per_layer_0.7").EnumerateArray().Zip(weights))
                        Counts(expected, Histogram.Of(weight.Values, wide).Counts, epoch);
                    break;
                case "002":
                    double[] parametersOf = [.. parameters.SelectMany(p => p.Values).Select(v => (double)v)];
                    var spread = Histogram.Of(parametersOf, bins: 80);
                    if (IsExact(epoch))
                    {
                        Counts(record.GetProperty("hist"), spread.Counts, epoch);
                        Edges(record.GetProperty("edges_first_last"), spread, epoch);
                        break;
                    }
                    long moved = record.GetProperty("hist").EnumerateArray()
                        .Zip(spread.Counts, (a, b) => Math.Abs(a.GetInt64() - b)).Sum() / 2;
                    Assert.InRange(moved / (double)parametersOf.Length, 0, ChaoticShare);
                    break;
                case "003":
                    for (int layer = 0; layer < weights.Count; layer++)
                    {
                        var (_, shape, values) = weights[layer];
                        double condition = MatrixNorms.ConditionNumber(values, shape.Rows, shape.Columns);
                        Relative(record, "cond_f64", layer, condition, epoch == 0 ? 1e-12 : Condition);
                        Relative(record, "cond", layer, condition, IsExact(epoch) ? 1e-5 : Condition);
                        Relative(record, "fro", layer, MatrixNorms.Frobenius(values), IsExact(epoch) ? 1e-5 : 1e-4);
                        if (before is not null)
                            Relative(record, "dist", layer, MatrixNorms.FrobeniusDistance(values, before[layer]), Distance);
                    }
                    before = [.. weights.Select(w => w.Values)];
                    break;
                default:
                    Assert.Fail($"{title}: no test for this case.");
                    break;
            }
        }
    }

    // The first record depends on the random numbers alone.
    private static bool IsExact(int epoch) => epoch == 0 || SameBits;

    private static void Counts(JsonElement expected, long[] actual, int epoch)
    {
        long[] counts = [.. expected.EnumerateArray().Select(e => e.GetInt64())];
        Assert.Equal(counts.Length, actual.Length);
        for (int bin = 0; bin < counts.Length; bin++)
            Assert.True(Math.Abs(counts[bin] - actual[bin]) <= (IsExact(epoch) ? 0 : Few),
                $"record {epoch}, bin {bin}: {actual[bin]}, Python has {counts[bin]}");
    }

    private static void Edges(JsonElement expected, Histogram histogram, int epoch)
    {
        double[] ends = expected.Doubles();
        double tolerance = IsExact(epoch) ? 0 : 1e-5;
        Assert.InRange(Math.Abs((float)ends[0] - (float)histogram.Edges[0]), 0, tolerance);
        Assert.InRange(Math.Abs((float)ends[1] - (float)histogram.Edges[^1]), 0, tolerance);
    }

    private static void Relative(JsonElement record, string name, int layer, double actual, double tolerance)
    {
        double expected = record.GetProperty(name)[layer].GetDouble();
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected),
            $"{name} of layer {layer}: {actual:R}, NumPy has {expected:R}");
    }
}
