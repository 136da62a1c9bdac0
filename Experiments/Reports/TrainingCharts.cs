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
                accuracies.Add(Line($"{training.Key}, test", training.Epochs, e => 100 * e.TestAccuracy));
            if (both || !tested)
                accuracies.Add(Line($"{training.Key}, train", training.Epochs, e => 100 * e.TrainAccuracy));
        }
        return
        [
            Of("loss", "Loss while training", "Mean loss of each epoch's steps.", "Loss", trained.Select(t => (t.Key, t.Epochs)),
                e => e.TrainLoss),
            new Chart("accuracy", "Accuracy", both ? "On training and test images, where the lecture tests." : "On test images, where the "
                + "lecture tests.", "Epoch", "Accuracy (%)", accuracies),
        ];
    }

    /// <summary>One measure, epoch by epoch, a curve for each training.</summary>
    public static Chart Of(string id, string title, string caption, string y,
        IEnumerable<(string Name, IReadOnlyList<EpochRecord> Epochs)> trainings, Func<EpochRecord, double> value) =>
        new(id, title, caption, "Epoch", y, [.. trainings.Select(t => Line(t.Name, t.Epochs, value))]);

    private static ChartLine Line(string name, IReadOnlyList<EpochRecord> epochs, Func<EpochRecord, double> value) =>
        new(name, [.. epochs.Select(e => (double)e.Epoch)], [.. epochs.Select(value)]);
}
