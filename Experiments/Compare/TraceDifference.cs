using System.Globalization;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Compare;

/// <summary>Two traces of the same training beside each other: PyTorch's and ours.</summary>
public sealed class TraceDifference
{
    private const int MostLines = 1000;

    public TraceDifference(TrainingTrace torch, TrainingTrace ours)
    {
        (Torch, Ours) = (torch, ours);
        Loss = [.. torch.Losses.Zip(ours.Losses, (a, b) => Math.Abs((double)a - b))];
    }

    public TrainingTrace Torch { get; }

    public TrainingTrace Ours { get; }

    /// <summary>|PyTorch's loss − ours|, step by step; NaN where one of them is.</summary>
    public IReadOnlyList<double> Loss { get; }

    /// <summary>How many parameters start with the same bits.</summary>
    public int EqualParameters => Torch.Initial.Zip(Ours.Initial).Count(p => p.First.Sha256 == p.Second.Sha256);

    /// <summary>All start with the same bits.</summary>
    public bool StartsEqual => Torch.Initial.Count == Ours.Initial.Count && EqualParameters == Ours.Initial.Count;

    /// <summary>How many losses have the same bits.</summary>
    public int EqualLosses => Torch.Losses.Zip(Ours.Losses)
        .Count(l => BitConverter.SingleToInt32Bits(l.First) == BitConverter.SingleToInt32Bits(l.Second));

    /// <summary>As many steps on both sides, each with the same bits.</summary>
    public bool LossesEqual => Torch.Losses.Count == Ours.Losses.Count && EqualLosses == Loss.Count;

    /// <summary>The text of the comparison: initial weights, a line for each step, epochs, and the sum of it.</summary>
    public IEnumerable<string> Lines()
    {
        foreach (var (torch, ours) in Torch.Initial.Zip(Ours.Initial))
            yield return torch.Sha256 == ours.Sha256
                ? $"initial {torch.Name} [{string.Join(", ", torch.Shape)}]: equal bit for bit (SHA-256 {torch.Sha256[..12]}…)"
                : $"initial {torch.Name} [{string.Join(", ", torch.Shape)}]: DIFFERENT, "
                    + $"PyTorch starts {Values(torch)}, NativeNN {Values(ours)}";
        yield return "";
        yield return "   step        PyTorch       NativeNN  difference";
        int stride = (Loss.Count + MostLines - 1) / MostLines;
        for (int step = 0; step < Loss.Count; step++)
            if (stride < 2 || step % stride == 0 || step == Loss.Count - 1)
                yield return $"{step + 1,7} {Torch.Losses[step],14:G9} {Ours.Losses[step],14:G9}  {Loss[step],10:0.0E+0}";
        foreach (var (epoch, torch, ours) in Torch.Epochs.Zip(Ours.Epochs).Select((pair, i) => (i + 1, pair.First, pair.Second)))
        {
            yield return "";
            yield return $"epoch {epoch}: mean loss {torch.TrainLoss:G9}, {ours.TrainLoss:G9}, difference "
                + $"{Math.Abs(torch.TrainLoss - ours.TrainLoss):0.0E+0}";
            yield return Accuracy("train", torch.TrainAccuracy, ours.TrainAccuracy);
            if (torch.TestAccuracy is { } a && ours.TestAccuracy is { } b)
                yield return Accuracy("test", a, b);
        }
        yield return "";
        yield return $"initial weights: {EqualParameters} of {Ours.Initial.Count} parameters equal bit for bit";
        if (LossesEqual)
        {
            yield return $"all {Loss.Count} losses equal bit for bit";
            yield break;
        }
        yield return $"losses of {Loss.Count} steps: largest difference {Loss.Max():0.0E+0} (step "
            + $"{Loss.ToList().IndexOf(Loss.Max()) + 1}), "
            + $"first 50 {Loss.Take(50).Max():0.0E+0}, mean {Loss.Average():0.0E+0}; {EqualLosses} equal bit for bit";
    }

    /// <summary>Both loss curves, and their difference on a log axis.</summary>
    public Figure Draw(string title)
    {
        double[] steps = [.. Enumerable.Range(1, Loss.Count).Select(i => (double)i)];
        var figure = new Figure(rows: 1, columns: 2, width: 12, height: 5) { Title = title };
        figure[0, 0].Plot(steps, Torch.Losses.Select(l => (double)l).ToArray(), width: 4, alpha: 0.4, label: "PyTorch");
        figure[0, 0].Plot(steps, Ours.Losses.Select(l => (double)l).ToArray(), width: 1, label: "NativeNN").Legend();
        (figure[0, 0].Title, figure[0, 0].XLabel, figure[0, 0].YLabel) = ("Loss", "Step", "Loss");
        // On a log axis 0 has no place: the steps whose losses are equal are left out.
        double[] different = [.. steps.Where(step => Loss[(int)step - 1] != 0)];
        figure[0, 1].Plot(different, different.Select(step => Loss[(int)step - 1]).ToArray(), line: LineStyle.None, marker: Marker.Circle,
            markerSize: 3, label: "|PyTorch − NativeNN|");
        figure[0, 1].HorizontalLine(Math.Pow(2, -22), label: "one unit in the last place of a loss from 2 to 4").Legend();
        figure[0, 1].YScale = AxisScale.Log;
        figure[0, 1].XLimits = (0, Loss.Count + 1);
        string equal = $"{Loss.Count(d => d == 0)} of {Loss.Count} steps equal to the last bit, not drawn";
        (figure[0, 1].Title, figure[0, 1].XLabel, figure[0, 1].YLabel) = ($"Difference ({equal})", "Step",
            "Absolute difference of the losses");
        figure[0, 0].Grid = figure[0, 1].Grid = true;
        return figure;
    }

    /// <summary>All steps for other programs: step, PyTorch's loss, ours.</summary>
    public string Csv() => "step,pytorch,nativenn\n"
        + string.Concat(Torch.Losses.Zip(Ours.Losses).Select((l, i) => $"{i + 1},{l.First:R},{l.Second:R}\n"));

    private static string Accuracy(string part, double torch, double ours) =>
        $"         {part} accuracy {torch:0.00%}, {ours:0.00%}, difference {Math.Abs(torch - ours):0.000%}";

    private static string Values(InitialParameter p) =>
        string.Join(", ", p.First.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));
}
