using System.CommandLine;
using System.Text;
using NativeNN.Data;
using NativeNN.Experiments.Plotting;
using NativeNN.Experiments.Reports;
using NativeNN.Experiments.Running;
using NativeNN.Experiments.Study;

namespace NativeNN.Experiments.Cli;

// runs and compare-runs: what lies in out folders, side by side.
public static partial class CommandLineProgram
{
    private static readonly Argument<string> RunA = new("a") { Description = "a run's folder, as out/weight-changes" };
    private static readonly Argument<string> RunB = new("b") { Description = "the other one's" };

    private static Command RunsCommand()
    {
        var command = new Command("runs", "the runs below --out: settings in which they differ, and how they ended") { Out };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(Out)!;
            var (runs, faults) = SavedRun.Below(folder);
            if (runs.Count + faults.Count == 0)
                throw new BadInputException($"--out {folder}: holds no run; run a lecture first");
            foreach (string line in RunTable.Lines(runs).Concat(faults))
                Terminal.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static Command CompareRunsCommand()
    {
        var command = new Command("compare-runs", "curves and learned weights of two runs over each other: figures and a page")
        {
            RunA, RunB, Format, Out,
        };
        command.SetAction(parsed =>
        {
            var formats = FormatsOf(parsed);
            var comparison = new RunComparison(SavedRun.Read(parsed.GetValue(RunA)!), SavedRun.Read(parsed.GetValue(RunB)!));
            string folder = Path.Combine(parsed.GetValue(Out)!, "compare-runs");
            var lines = comparison.Lines();
            var items = new List<FigureItem>();
            if (formats.Length > 0)
            {
                SkiaLibrary.Load();
                var (curves, weights) = (comparison.DrawCurves(), comparison.DrawWeights());
                ResultFile.MakeFolder(folder);
                items.Add(curves.Save(folder, "curves", "Loss and accuracies of both runs", formats));
                items.Add(weights.Save(folder, "weights", "The learned weights of both runs, layer by layer", formats));
            }
            foreach (string line in lines)
                Terminal.WriteLine(line);
            ResultFile.MakeFolder(folder);
            string page = Path.Combine(folder, "index.html");
            ResultFile.Write(page, Encoding.UTF8.GetBytes(HtmlReport.Page(comparison.Title, lines, comparison.Charts(), items)));
            Terminal.WriteLine($"both runs on one page: {page}");
            return 0;
        });
        return command;
    }
}
