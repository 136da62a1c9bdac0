using NativeNN.Analysis;
using NativeNN.Experiments.Plotting;

namespace NativeNN.Experiments.Lectures;

/// <summary>What the figures of several lectures draw alike.</summary>
internal static class LectureFigures
{
    /// <summary>How every figure names and colours weights that are not yet trained.</summary>
    public const string Before = "before training", BeforeColor = "grey";

    /// <summary>Where a logarithmic axis draws a count of 0.</summary>
    public const double EmptyBin = 0.5;

    /// <summary>Shares of 1 in percent.</summary>
    public static double[] Percent(this IEnumerable<double> shares) => [.. shares.Select(share => 100 * share)];

    /// <summary>The outline of the values' density over equal bins.</summary>
    public static Axes Density(this Axes axes, float[] values, int bins, (double Low, double High) range, string label, Color? color = null)
    {
        var histogram = Histogram.Of(values, bins, range);
        return axes.Steps(histogram.Edges, histogram.Density(), color, label: label);
    }

    /// <summary>A line for each epoch; its colour runs through the part [from, to] of the map as the training goes on.</summary>
    public static Axes PlotEpochs(this Axes axes, double[] x, IReadOnlyList<double[]> epochs, Colormap colormap,
        double from = 0, double to = 1, double alpha = 1, double width = 1.5)
    {
        for (int epoch = 0; epoch < epochs.Count; epoch++)
            axes.Plot(x, epochs[epoch], color: colormap.Sample(epoch, epochs.Count, from, to), alpha: alpha, width: width);
        return axes;
    }

    /// <summary>Series of one length as the rows of a matrix.</summary>
    public static double[,] Matrix(IReadOnlyList<double[]> rows)
    {
        var matrix = new double[rows.Count, rows[0].Length];
        for (int row = 0; row < rows.Count; row++)
            for (int column = 0; column < rows[row].Length; column++)
                matrix[row, column] = rows[row][column];
        return matrix;
    }

    /// <summary>The same with rows as columns, as NumPy's <c>.T</c>.</summary>
    public static double[,] Transposed(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int row = 0; row < transposed.GetLength(0); row++)
            for (int column = 0; column < transposed.GetLength(1); column++)
                transposed[row, column] = matrix[column, row];
        return transposed;
    }
}
