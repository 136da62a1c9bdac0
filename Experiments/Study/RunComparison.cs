using NativeNN.Analysis;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;

namespace NativeNN.Experiments.Study;

/// <summary>compare-runs: the curves and the learned weights of two runs' main trainings over each other.</summary>
internal sealed class RunComparison(SavedRun a, SavedRun b)
{
    private const int Bins = 80;

    private readonly (string Name, SavedRun Run)[] runs = [(a.Folder, a), (b.Folder, b)];

    public string Title => a.Lecture == b.Lecture ? $"Two runs of {a.Lecture}" : $"{a.Lecture} and {b.Lecture}";

    /// <summary>What differs in what they were made from, and how they ended.</summary>
    public IReadOnlyList<string> Lines()
    {
        var differing = SavedRun.Differing([a, b]);
        return
        [
            .. differing.Select(name => $"{name}: {Setting(a, name)} and {Setting(b, name)}"),
            differing.Count switch { 0 => "no setting differs", 1 => "one setting differs", var n => $"{n} settings differ" },
            .. runs.Select(r => $"{r.Name}: after epoch {r.Run.Main.Epochs[^1].Epoch} loss {r.Run.Main.Epochs[^1].TrainLoss:G5}, train "
                + $"accuracy {r.Run.Main.Epochs[^1].TrainAccuracy:0.00%}{Tested(r.Run)}"),
        ];

        static string Setting(SavedRun run, string name) =>
            run.Main.Settings.GetValueOrDefault(name, "") is { Length: > 0 } value ? value : "nothing";

        static string Tested(SavedRun run) =>
            run.Main.Epochs[^1].TestAccuracy is var accuracy && double.IsNaN(accuracy) ? "" : $", test accuracy {accuracy:0.00%}";
    }

    public IEnumerable<Chart> Charts()
    {
        yield return Of("loss", "Loss while training", "Mean loss of each epoch's steps.", "Loss", e => e.TrainLoss);
        yield return Of("train", "Accuracy while training", "On the training images, each batch before its update.", "Accuracy (%)",
            e => 100 * e.TrainAccuracy);
        if (runs.Any(r => r.Run.Main.Epochs.Any(e => !double.IsNaN(e.TestAccuracy))))
            yield return Of("test", "Test accuracy", "After each epoch.", "Accuracy (%)", e => 100 * e.TestAccuracy);

        Chart Of(string id, string title, string caption, string y, Func<EpochRecord, double> value) =>
            TrainingCharts.Of(id, title, caption, y, runs.Select(r => (r.Name, r.Run.Main.Epochs)), value);
    }

    public Figure DrawCurves()
    {
        var figure = new Figure(rows: 1, columns: 3, width: 16, height: 5) { Title = Title };
        Draw(0, "Loss while training", "Loss", e => e.TrainLoss);
        Draw(1, "Accuracy while training", "Accuracy (%)", e => 100 * e.TrainAccuracy);
        Draw(2, "Test accuracy", "Accuracy (%)", e => 100 * e.TestAccuracy);
        return figure;

        void Draw(int column, string title, string y, Func<EpochRecord, double> value)
        {
            foreach (var (name, run) in runs)
                figure[0, column].Plot(Epochs(run), Values(run, value), label: name, marker: Marker.Circle, markerSize: 3);
            figure[0, column].Grid = true;
            figure[0, column].Legend(size: 8).Label(title, "Epoch", y);
        }
    }

    /// <summary>
    /// The weights of all layers together, and of each layer that both have, as their checkpoints hold them. Throws BadInputException if a
    /// checkpoint is missing.
    /// </summary>
    public Figure DrawWeights()
    {
        var weights = runs.Select(r => WeightsOf(r.Run)).ToList();
        string[] layers = ["all weights", .. weights[0].Keys.Where(weights[1].ContainsKey)];
        var figure = new Figure(rows: 1, columns: layers.Length, width: Math.Clamp(4.5 * layers.Length, 6, 18), height: 4.5)
        {
            Title = "Learned weights",
        };
        for (int i = 0; i < layers.Length; i++)
        {
            var both = weights.Select(w => i == 0 ? w.Values.SelectMany(v => v).ToArray() : w[layers[i]]).ToList();
            float limit = both.SelectMany(v => v).Where(float.IsFinite).Select(MathF.Abs).DefaultIfEmpty(1).Max();
            for (int run = 0; run < both.Count; run++)
            {
                var histogram = Histogram.Of([.. both[run].Where(float.IsFinite)], Bins, (-Math.Max(limit, 1e-6), Math.Max(limit, 1e-6)));
                figure[0, i].Steps(histogram.Edges, histogram.Density(), label: runs[run].Name);
            }
            figure[0, i].Legend(size: 8).Label(layers[i], "Weight Value", i == 0 ? "Density" : "");
        }
        return figure;
    }

    private static Dictionary<string, float[]> WeightsOf(SavedRun run)
    {
        string path = Path.Combine(run.Folder, "checkpoints", $"{run.Main.Key}.safetensors");
        if (!File.Exists(path))
            throw new BadInputException($"{path}: no such file; the weights of a run are in its checkpoints");
        var snapshot = Snapshot.Of(CheckpointFile.ReadNetwork(path).Net);
        return snapshot.ByName.Where(p => snapshot.State[p.Name].Shape.Rank == 2).ToDictionary(p => p.Name, p => p.Values);
    }

    private static double[] Epochs(SavedRun run) => [.. run.Main.Epochs.Select(e => (double)e.Epoch)];

    private static double[] Values(SavedRun run, Func<EpochRecord, double> value) => [.. run.Main.Epochs.Select(value)];
}
