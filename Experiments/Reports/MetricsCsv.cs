using System.Globalization;
using System.Text;

namespace NativeNN.Experiments.Reports;

/// <summary>
/// metrics.csv, for spreadsheets: a line for each epoch of each training, with the columns that metrics.json has, and the gradient norm of
/// each layer that any of the trainings has. What is not finite, or was not measured, is empty.
/// </summary>
internal static class MetricsCsv
{
    public static string Of(IReadOnlyList<TrainingMetrics> trainings)
    {
        string[] layers = [.. trainings.SelectMany(t => t.GradientNorms.Keys).Distinct()];
        var csv = new StringBuilder("training,epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds");
        foreach (string layer in layers)
            csv.Append($",gradient_norm {layer}");
        csv.Append('\n');
        foreach (var training in trainings)
            for (int i = 0; i < training.Epochs.Count; i++)
            {
                var epoch = training.Epochs[i];
                csv.Append(CultureInfo.InvariantCulture, $"{training.Key},{epoch.Epoch}");
                foreach (double value in new[]
                    { epoch.TrainLoss, epoch.TrainAccuracy, epoch.TestLoss, epoch.TestAccuracy, Math.Round(epoch.Seconds, 4) })
                    csv.Append(',').Append(Number(value));
                foreach (string layer in layers)
                    csv.Append(',').Append(training.GradientNorms.TryGetValue(layer, out double[]? norms) ? Number(norms[i]) : "");
                csv.Append('\n');
            }
        return csv.ToString();
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
