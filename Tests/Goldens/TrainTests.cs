using System.Text.Json;
using NativeNN.Analysis;
using NativeNN.Experiments.Compare;
using NativeNN.Experiments.Running;
using NativeNN.Layers;
using NativeNN.Random;

namespace NativeNN.Tests.Goldens;

/// <summary>
/// train.json: whole trainings against PyTorch's, from the first weight to the last epoch. A class for each lecture, so that they run side
/// by side.
/// </summary>
[Trait("Category", "Goldens")]
public abstract class TrainTests
{
    private const string File = "train.json";

    /// <summary>
    /// How far rounding may carry a training from PyTorch's where the two do not round alike; the goldens' README says where from.
    /// Losses: absolute, of the first Steps and of the rest of the 200. Accuracy: absolute, or in images.
    /// </summary>
    private sealed record Tolerance(int Steps, double Loss, double LaterLoss, double Accuracy, int Images);

    /// <summary>The cases of a lecture; one row of -1 where the file has none, for xunit fails a theory without rows.</summary>
    protected static IEnumerable<object[]> RowsOf(string lecture) =>
        GoldenFiles.Rows(File, c => c.GetProperty("lecture").GetString() == lecture).DefaultIfEmpty([-1, lecture]);

    protected static void Check(int index, string title)
    {
        Skip.If(index < 0, $"{File} has no training of lecture {title}");
        var golden = GoldenFiles.Case(File, index);
        Assert.Contains(golden.GetProperty("id").GetString()!, title);
        string init = golden.TryGetProperty("how", out var how) ? how.GetString()! : "default";
        double sigma = golden.TryGetProperty("sigma", out var s) ? s.GetDouble() : 0;
        bool mkl = golden.TryGetProperty("dropout_stream", out var stream) && stream.GetString() == "mkl_mcg31_simulated";
        var training = new GoldenTraining(GoldenTraining.Recipe(golden), golden, init, sigma)
        {
            DropoutKernel = mkl ? DropoutKernel.Mkl : DropoutKernel.Default,
        };
        var trace = training.Run(golden.GetProperty("epochs").GetInt32());

        Assert.Equal(golden.GetProperty("init").EnumerateObject().Select(p => p.Value.GetProperty("sha256_le").GetString()),
            trace.Initial.Select(p => p.Sha256));
        Assert.Equal(golden.GetProperty("steps").GetInt32(), trace.Losses.Count);
        float[] losses = golden.GetProperty("loss200").Singles();
        string lecture = golden.GetProperty("lecture").GetString()!;
        if (GoldenTraining.HasPyTorchsBits(File))
        {
            Assert.Equal(losses, trace.Losses.Take(losses.Length));
            Accuracies(golden, trace, training.Data, tolerance: 0, images: 0);
            Final(golden, trace, training.Net);
        }
        else if (init is "const" or "unusual")
        {
            Relative(losses[0], trace.Losses[0], 1e-5, "first loss");
            Degenerate(golden, training);
        }
        else if (init == "randn" && sigma > 0.1)
        {
            Relative(losses[0], trace.Losses[0], 1e-5, "first loss");
            Accuracies(golden, trace, training.Data, sigma < 5 ? 0.02 : 0.05, images: 0);
        }
        else
        {
            var tolerance = lecture switch
            {
                "002" => new Tolerance(Steps: 50, Loss: 1.5e-6, LaterLoss: 5e-3, Accuracy: 0.005, Images: 0),
                "003" => new Tolerance(Steps: 200, Loss: 2e-5, LaterLoss: 0, Accuracy: 0.0003, Images: 0),
                _ => new Tolerance(Steps: 200, Loss: 1.5e-6, LaterLoss: 0, Accuracy: 0, Images: 2),
            };
            for (int step = 0; step < losses.Length; step++)
                Absolute(losses[step], trace.Losses[step], step < tolerance.Steps ? tolerance.Loss : tolerance.LaterLoss,
                    $"loss of step {step + 1}");
            Accuracies(golden, trace, training.Data, tolerance.Accuracy, tolerance.Images);
        }
    }

    private static void Accuracies(JsonElement golden, TrainingTrace trace, TrainingData data, double tolerance, int images)
    {
        foreach (var (name, actual, count) in new[]
        {
            ("train_acc", trace.Epochs.Select(e => e.TrainAccuracy).ToArray(), data.Train.Count),
            ("test_acc", trace.Epochs.Select(e => e.TestAccuracy!.Value).ToArray(), data.Test.Count),
        })
        {
            double[] expected = golden.GetProperty(name).Doubles();
            Assert.Equal(expected.Length, actual.Length);
            for (int epoch = 0; epoch < expected.Length; epoch++)
                Absolute(expected[epoch], actual[epoch], tolerance + ((images + 0.5) / count), $"{name} of epoch {epoch + 1}");
        }
    }

    // After the last step: the very weights (and, summed up in double, their norms and the losses).
    private static void Final(JsonElement golden, TrainingTrace trace, Sequential net)
    {
        double[] means = golden.GetProperty("epoch_mean_loss").Doubles();
        for (int epoch = 0; epoch < means.Length; epoch++)
            Relative(means[epoch], trace.Epochs[epoch].TrainLoss, 1e-12, $"mean loss of epoch {epoch + 1}");
        foreach (var (expected, (name, parameter)) in golden.GetProperty("final").EnumerateObject().Zip(net.NamedParameters()))
        {
            float[] weights = parameter.ToArray();
            Assert.Equal(expected.Value.GetProperty("first4").Singles(), weights[..4]);
            Relative(expected.Value.GetProperty("l2_f64").Double(), MatrixNorms.Frobenius(weights), 1e-12, $"norm of {name}");
        }
    }

    // Where everything overflows or cancels exactly, only that can be compared: all weights non-finite, or one class for every image.
    private static void Degenerate(JsonElement golden, GoldenTraining training)
    {
        if (golden.GetProperty("final").EnumerateObject().All(p => !double.IsFinite(p.Value.GetProperty("l2_f64").Double())))
        {
            Assert.All(training.Net.Parameters(), p => Assert.DoesNotContain(p.ToArray(), float.IsFinite));
            return;
        }
        using var _ = new NoGrad();
        training.Net.Eval();
        Assert.Single(training.Net.Forward(training.Data.Test.CopyInputs()).ArgMax().ToArray().Distinct());
    }

    private static void Absolute(double expected, double actual, double tolerance, string what) =>
        Assert.True(expected.Equals(actual) || Math.Abs(actual - expected) <= tolerance,
            $"{what}: {actual:R}, PyTorch has {expected:R}; off by {Math.Abs(actual - expected):E1}, more than {tolerance:E1}");

    private static void Relative(double expected, double actual, double tolerance, string what) =>
        Absolute(expected, actual, tolerance * Math.Abs(expected), what);
}

public sealed class WeightHistogramsTrainTests : TrainTests
{
    public static IEnumerable<object[]> Cases => RowsOf("000");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void TrainsAsPyTorch(int index, string title) => Check(index, title);
}

public sealed class WeightDistributionsTrainTests : TrainTests
{
    public static IEnumerable<object[]> Cases => RowsOf("001");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void TrainsAsPyTorch(int index, string title) => Check(index, title);
}

public sealed class InitVarianceTrainTests : TrainTests
{
    public static IEnumerable<object[]> Cases => RowsOf("002");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void TrainsAsPyTorch(int index, string title) => Check(index, title);
}

public sealed class WeightChangesTrainTests : TrainTests
{
    public static IEnumerable<object[]> Cases => RowsOf("003");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void TrainsAsPyTorch(int index, string title) => Check(index, title);
}

public sealed class WeightInitTrainTests : TrainTests
{
    public static IEnumerable<object[]> Cases => RowsOf("004");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void TrainsAsPyTorch(int index, string title) => Check(index, title);
}
