using NativeNN.Experiments.Reports;

namespace NativeNN.Experiments.Study;

/// <summary>runs: a line for each run of a lecture, in which settings it is another than its neighbours, and how it ended.</summary>
internal static class RunTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<SavedRun> runs)
    {
        foreach (var lecture in runs.GroupBy(r => r.Lecture))
        {
            List<SavedRun> same = [.. lecture];
            var differing = SavedRun.Differing(same);
            yield return $"{lecture.Key}: {(same.Count == 1 ? "1 run" : $"{same.Count} runs")}";
            foreach (var run in same)
            {
                var last = run.Main.Epochs[^1];
                string test = double.IsNaN(last.TestAccuracy) ? "" : $", test {last.TestAccuracy:0.00%}";
                yield return $"  {run.Folder} ({run.Date}): epoch {last.Epoch}, loss {last.TrainLoss:G5}, "
                    + $"train {last.TrainAccuracy:0.00%}{test}"
                    + string.Concat(differing.Select(name => $"; {Short(name)} {run.Main.Settings.GetValueOrDefault(name, "–")}"));
            }
        }
    }

    // "optimizer.learningRate" of "recipe.optimizer.learningRate"
    private static string Short(string name) => name.StartsWith("recipe.", StringComparison.Ordinal) ? name["recipe.".Length..] : name;
}
