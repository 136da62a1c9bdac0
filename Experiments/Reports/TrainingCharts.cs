namespace NativeNN.Experiments.Reports;

/// <summary>What every lecture's page can show of its trainings: loss and accuracy, epoch by epoch.</summary>
internal static class TrainingCharts
{
    private const int BothAccuracies = 4; // with more trainings than that, one curve each

    public static IReadOnlyList<Chart> Of(IReadOnlyList<TrainingMetrics> trainings)
    {
        var trained = trainings.Where(t => t.Epochs.Count > 0).ToList();
        if (trained.Count == 0)
            return [];
        bool both = trained.Count <= BothAccuracies;
        var accuracies = new List<ChartLine>();
        foreach (var training in trained)
        {
            bool tested = !double.IsNaN(training.Epochs[0].TestAccuracy);
            if (tested)
                accuracies.Add(Line($"{training.Key}, test", training, e => 100 * e.TestAccuracy));
            if (both || !tested)
                accuracies.Add(Line($"{training.Key}, train", training, e => 100 * e.TrainAccuracy));
        }
        return
        [
            new Chart("loss", "Loss while training", "Mean loss of each epoch's steps.", "Epoch", "Loss",
                [.. trained.Select(t => Line(t.Key, t, e => e.TrainLoss))]),
            new Chart("accuracy", "Accuracy", both ? "On training and test images, where the lecture tests." : "On test images, where the "
                + "lecture tests.", "Epoch", "Accuracy (%)", accuracies),
        ];
    }

    private static ChartLine Line(string name, TrainingMetrics training, Func<EpochRecord, double> value) =>
        new(name, [.. training.Epochs.Select(e => (double)e.Epoch)], [.. training.Epochs.Select(value)]);
}
