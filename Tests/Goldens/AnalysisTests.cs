using System.Text.Json;
using NativeNN.Analysis;

namespace NativeNN.Tests.Goldens;

/// <summary>analysis.json: NumPy's and SciPy's histogram, norms, condition numbers, z-scores and spacings.</summary>
[Trait("Category", "Goldens")]
public class AnalysisTests
{
    private const string File = "analysis.json";

    public static IEnumerable<object[]> Cases => GoldenFiles.Rows(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agrees(int index, string title)
    {
        var golden = GoldenFiles.Case(File, index);
        var attributes = golden.GetProperty("attrs");
        var result = golden.GetProperty("result");
        switch (golden.GetProperty("op").GetString())
        {
            case "histogram":
                HistogramCase(golden, attributes, result);
                break;
            case "linalg":
                Linalg(golden, result);
                break;
            case "linalg_cond_nonfinite":
                Nonfinite(golden, result);
                break;
            case "zscore":
                int ddof = attributes.TryGetProperty("ddof", out var d) ? d.GetInt32() : 0;
                Close(result.Doubles(), Statistics.ZScore(Values(golden, "x"), ddof), 1e-12);
                break;
            case "diff":
                Assert.Equal(result.Doubles(), Statistics.Diff(Values(golden, "x")));
                break;
            case "linspace":
                Assert.Equal(result.Doubles(), Statistics.LinSpace(Start(), Stop(), Number()));
                break;
            case "logspace":
                Close(result.Doubles(), Statistics.LogSpace(Start(), Stop(), Number()), 1e-14);
                break;
            case "torch_linspace":
                float[] spaced = Statistics.TorchLinSpace((float)Start(), (float)Stop(), Number());
                Assert.Equal(result.GetProperty("first").Singles(), spaced[..20]);
                Assert.Equal(result.GetProperty("last").Singles(), spaced[^20..]);
                Assert.Equal(result.GetProperty("sha256_le").GetString(), GoldenFiles.Sha256<float>(spaced));
                break;
            case "mean_std":
                float[] x = golden.GetProperty("inputs").GetProperty("x").GetProperty("data").Singles();
                double[] moments = [Statistics.Mean(x), Statistics.Std(x)];
                Close([result.GetProperty("mean_f64").Double(), result.GetProperty("std_f64").Double()], moments, 1e-12);
                Close([result.GetProperty("np_mean_f32").Single(), result.GetProperty("np_std_f32").Single()], moments, 1e-6);
                break;
            default:
                Assert.Fail($"{title}: no test for this case.");
                break;
        }
        double Start() => attributes.GetProperty("start").GetDouble();
        double Stop() => attributes.GetProperty("stop").GetDouble();
        int Number() => attributes.GetProperty("num").GetInt32();
    }

    private static void HistogramCase(JsonElement golden, JsonElement attributes, JsonElement result)
    {
        var input = golden.GetProperty("inputs").GetProperty("x");
        bool single = input.GetProperty("dtype").GetString() == "float32";
        var bins = attributes.GetProperty("bins");
        (double, double)? range = attributes.TryGetProperty("range", out var r) ? (r[0].Double(), r[1].Double()) : null;
        Histogram Count()
        {
            if (bins.ValueKind == JsonValueKind.Array)
            {
                return single
                    ? Histogram.Of(input.GetProperty("data").Singles(), bins.Doubles())
                    : Histogram.Of(input.GetProperty("data").Doubles(), bins.Doubles());
            }
            return single
                ? Histogram.Of(input.GetProperty("data").Singles(), bins.GetInt32(), range)
                : Histogram.Of(input.GetProperty("data").Doubles(), bins.GetInt32(), range);
        }

        if (result.TryGetProperty("message", out var message))
        {
            var error = Assert.Throws<ArgumentException>(Count);
            Assert.Contains(message.GetString()!, error.Message);
            return;
        }
        var histogram = Count();
        if (result.GetProperty("edges_dtype").GetString() == "float32")
            Assert.Equal(result.GetProperty("edges").Singles(), histogram.Edges.Select(e => (float)e));
        else
            Assert.Equal(result.GetProperty("edges").Doubles(), histogram.Edges);
        if (attributes.TryGetProperty("density", out var density) && density.GetBoolean())
            Close(result.GetProperty("hist").Doubles(), histogram.Density(), 1e-15);
        else
            Assert.Equal(result.GetProperty("hist").EnumerateArray().Select(h => h.GetInt64()), histogram.Counts);
    }

    private static void Linalg(JsonElement golden, JsonElement result)
    {
        var (a, rows, columns, single) = Matrix(golden);
        double[] expected = result.GetProperty("singular_values_f64").Doubles();
        double[] sigma = single
            ? MatrixNorms.SingularValues([.. a.Select(v => (float)v)], rows, columns)
            : MatrixNorms.SingularValues(a, rows, columns);
        // A singular value is known to rounding of the largest one: 1e-12 of it, far above what LAPACK promises.
        Assert.Equal(expected.Length, sigma.Length);
        Assert.All(expected.Zip(sigma), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-12 * expected[0]));

        double condition = single
            ? MatrixNorms.ConditionNumber([.. a.Select(v => (float)v)], rows, columns)
            : MatrixNorms.ConditionNumber(a, rows, columns);
        double exact = result.GetProperty("cond_from_f64_svd").Double(), numpy = result.GetProperty("cond_2").Double();
        if (exact < 1e12)
        {
            // Conditioning multiplies the rounding of the smallest singular value.
            Close([exact], [condition], 1e-12 + (4e-16 * exact));
            Close([numpy], [condition], single ? 1e-5 : 1e-12 + (4e-16 * exact));
        }
        else
        {
            // The smallest singular value is rounding noise here; that it is lost is all that can be compared.
            Assert.True(condition > Math.Min(1e14, exact / 10), $"κ = {condition}, NumPy has {exact}");
        }
        double fro = single ? MatrixNorms.Frobenius([.. a.Select(v => (float)v)]) : MatrixNorms.Frobenius(a);
        double tolerance = single ? 1e-6 : 1e-12; // NumPy sums the squares of float32 in float32
        Close([result.GetProperty("fro").Double(), result.GetProperty("norm_default").Double()], [fro, fro], tolerance);
    }

    private static void Nonfinite(JsonElement golden, JsonElement result)
    {
        var (a, rows, columns, _) = Matrix(golden);
        if (result.TryGetProperty("message", out var message))
        {
            var error = Assert.Throws<ArgumentException>(() => MatrixNorms.ConditionNumber(a, rows, columns));
            Assert.Contains(message.GetString()!, error.Message);
        }
        else
        {
            Assert.Equal(result.GetProperty("cond").Double(), MatrixNorms.ConditionNumber(a, rows, columns));
        }
    }

    private static (double[] Values, int Rows, int Columns, bool Single) Matrix(JsonElement golden)
    {
        var input = golden.GetProperty("inputs").GetProperty("A");
        int[] shape = input.GetProperty("shape").Ints();
        bool single = input.GetProperty("dtype").GetString() == "float32";
        var data = input.GetProperty("data");
        return (single ? [.. data.Singles().Select(v => (double)v)] : data.Doubles(), shape[0], shape[1], single);
    }

    private static double[] Values(JsonElement golden, string input) =>
        golden.GetProperty("inputs").GetProperty(input).GetProperty("data").Doubles();

    private static void Close(double[] expected, double[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            bool same = expected[k].Equals(actual[k]) || Math.Abs(expected[k] - actual[k]) <= relative * Math.Abs(expected[k]);
            Assert.True(same, $"[{k}]: {actual[k]:R} is not {expected[k]:R}");
        }
    }
}
